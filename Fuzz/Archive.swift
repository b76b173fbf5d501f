@testable import Checkpoint

/// A whole file of torch's, every tensor read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count).bytes
  guard let path = FuzzFolder.write("fuzz.pt", bytes), let checkpoint = try? Checkpoint(opening: path)
  else { return 0 }
  for index in checkpoint.tensors.indices {
    guard checkpoint.tensors[index].byteCount < 1 << 20 else { continue }
    let count = try? checkpoint.withBytes(ofTensorAt: index) { $0.byteCount }
    precondition(count == nil || count == checkpoint.tensors[index].byteCount)
  }
  return 0
}
