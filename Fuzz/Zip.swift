@testable import Checkpoint

/// The directory of a zip archive, and what it unpacks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count).bytes
  guard let directory = try? ZipDirectory(bytes) else { return 0 }
  for entry in directory.entries {
    if entry.method == .deflated {
      _ = try? entry.inflate(from: bytes)
    } else {
      _ = entry.matchesCRC32(in: bytes)
    }
  }
  return 0
}
