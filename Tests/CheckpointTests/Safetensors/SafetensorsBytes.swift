import Checkpoint

/// Safetensors files put together byte by byte.
enum SafetensorsBytes {
  /// Length, `header` and `data`.
  static func file(_ header: String, data: Int = 0) -> [UInt8] {
    file(Array(header.utf8), data: [UInt8](repeating: 0, count: data))
  }

  /// Length, `header` and `data`.
  static func file(_ header: [UInt8], data: [UInt8]) -> [UInt8] {
    length(UInt64(header.count)) + header + data
  }

  /// A length as it stands at the start of a file.
  static func length(_ count: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) }
  }

  /// A valid file of three tensors, 8 + 4 + 0 bytes, one of them without elements.
  static let small = file(
    Array(
      #"""
      {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},\#
      "b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},"c":{"dtype":"I64","shape":[0,3],"data_offsets":[12,12]}}
      """#.utf8), data: Array(1...12))

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
