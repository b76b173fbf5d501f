import Checkpoint
import TestSupport

extension SafetensorsBytes {
  /// Reads `bytes` as a whole file.
  static func parse(_ bytes: [UInt8]) throws(CheckpointError) -> SafetensorsHeader {
    try unsafe SafetensorsHeader(parsing: bytes.span.bytes, path: "x.safetensors")
  }

  /// The fault and the offset of `bytes`; nil for a valid file.
  static func fault(_ bytes: [UInt8]) -> (fault: SafetensorsFault, offset: Int?)? {
    do {
      _ = try parse(bytes)
      return nil
    } catch {
      guard case .safetensors(let fault) = error.fault else { return nil }
      return (fault, error.offset)
    }
  }
}
