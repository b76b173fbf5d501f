@testable import Checkpoint

/// The header of a safetensors file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count).bytes
  _ = try? SafetensorsHeader(parsing: bytes, path: "")
  return 0
}
