@testable import Checkpoint

/// The header of a safetensors file.
func fuzzSafetensors(_ bytes: RawSpan) {
  _ = try? SafetensorsHeader(parsing: bytes, path: "")
}
