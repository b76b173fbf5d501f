@testable import Checkpoint

/// The directory of a zip archive, and what it unpacks.
func fuzzZip(_ bytes: RawSpan) {
  guard let directory = try? ZipDirectory(bytes) else { return }
  for entry in directory.entries {
    if entry.method == .deflated {
      _ = try? entry.inflate(from: bytes)
    } else {
      _ = entry.matchesCRC32(in: bytes)
    }
  }
}
