import Bytes

@testable import Checkpoint

/// The metadata of a distributed checkpoint.
func fuzzDistributedMetadata(_ bytes: RawSpan) {
  var reader = ByteReader(bytes)
  guard let graph = try? PickleReader.read(&reader),
    let metadata = try? DistributedMetadata(PickleValue(root: graph), path: "")
  else { return }
  for tensor in metadata.tensors {
    for chunk in tensor.chunks { _ = metadata.place(of: tensor.name, origin: chunk.origin) }
  }
}
