import Bytes

@testable import Checkpoint

/// The metadata of a distributed checkpoint.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var reader = ByteReader(unsafe UnsafeRawBufferPointer(start: start, count: count).bytes)
  guard let graph = try? PickleReader.read(&reader),
    let metadata = try? DistributedMetadata(PickleValue(root: graph), path: "")
  else { return 0 }
  for tensor in metadata.tensors {
    for chunk in tensor.chunks { _ = metadata.place(of: tensor.name, origin: chunk.origin) }
  }
  return 0
}
