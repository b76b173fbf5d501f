@testable import Checkpoint

/// A whole file of torch's, every tensor read.
func fuzzArchive(_ bytes: RawSpan) {
  guard let path = FuzzFolder.write("fuzz.pt", bytes) else { return }
  readAll(path)
}

/// Opens a checkpoint and reads its tensors; the sizes have to be those that were told.
func readAll(_ path: String) {
  guard let checkpoint = try? Checkpoint(opening: path) else { return }
  for index in checkpoint.tensors.indices {
    guard checkpoint.tensors[index].byteCount < 1 << 20 else { continue }
    let count = try? checkpoint.withBytes(ofTensorAt: index) { $0.byteCount }
    precondition(count == nil || count == checkpoint.tensors[index].byteCount)
  }
}
