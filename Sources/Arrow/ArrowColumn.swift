/// The values of a column in one batch.
public enum ArrowColumn: Equatable, Sendable {
  /// Places in a dictionary.
  case indices([Int32])
  case int64([Int64])
  /// Numbers; those at the places of `missing`, which rise, are null.
  case float64([Double], missing: [Int] = [])
  case utf8([String])
  /// Truth values: true at the places of `truths`, which rise, out of `count`.
  case bool(truths: [Int], count: Int)

  /// The number of values.
  var count: Int {
    switch self {
    case .indices(let values): values.count
    case .int64(let values): values.count
    case .float64(let values, _): values.count
    case .utf8(let values): values.count
    case .bool(_, let count): count
    }
  }

  /// The number of values that are null.
  var missingCount: Int {
    if case .float64(_, let missing) = self { missing.count } else { 0 }
  }

  /// Appends the column's buffers to the body of a message; each begins at a multiple of 8 of the body, which begins
  /// at `bodyStart` of `bytes`.
  ///
  /// - Returns: the place and length of each buffer within the body: validity, then offsets where there are some, then
  ///   data.
  func write(to bytes: inout [UInt8], bodyStart: Int) -> [(Int64, Int64)] {
    var buffers: [(Int64, Int64)] = []
    func buffer(_ content: (inout [UInt8]) -> Void) {
      let start = bytes.count
      content(&bytes)
      buffers.append((Int64(start - bodyStart), Int64(bytes.count - start)))
      bytes.append(contentsOf: repeatElement(0, count: (8 - (bytes.count - bodyStart) % 8) % 8))
    }
    switch self {
    case .float64(let values, let missing) where !missing.isEmpty:
      buffer { Self.appendBits(missing, of: values.count, inverted: true, to: &$0) }
    default:
      buffer { _ in }
    }
    switch self {
    case .indices(let values): buffer { $0.append(elementsOf: values) }
    case .int64(let values): buffer { $0.append(elementsOf: values) }
    case .float64(let values, _): buffer { $0.append(elementsOf: values) }
    case .bool(let truths, let count): buffer { Self.appendBits(truths, of: count, inverted: false, to: &$0) }
    case .utf8(let texts):
      var offsets: [Int32] = [0]
      for text in texts { offsets.append(offsets[offsets.count - 1] + Int32(text.utf8.count)) }
      buffer { $0.append(elementsOf: offsets) }
      buffer { for text in texts { $0.append(contentsOf: text.utf8) } }
    }
    return buffers
  }

  /// Appends `count` bits, the lowest of a byte first: those at `places` are 1, or 0 where inverted.
  private static func appendBits(_ places: [Int], of count: Int, inverted: Bool, to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(inverted ? 0xff : 0, count: (count + 7) / 8))
    for place in places { bytes[start + place / 8] ^= 1 << UInt8(place % 8) }
    if inverted, count % 8 != 0 { bytes[bytes.count - 1] &= (1 << UInt8(count % 8)) - 1 }
  }
}

extension [UInt8] {
  /// Appends the elements as they lie in memory, which Arrow wants little-endian, as every machine that Swift runs on
  /// is.
  fileprivate mutating func append<Value: BitwiseCopyable>(elementsOf values: [Value]) {
    unsafe values.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}
