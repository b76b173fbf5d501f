/// Whole numbers at places of a file that may not reach that far.
struct HeaderReader {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The number of bytes.
  var count: Int { bytes.count }

  func byte(_ position: Int) -> UInt8? { bytes.indices.contains(position) ? bytes[position] : nil }

  func little16(_ position: Int) -> Int? { number(position, 2, isBig: false) }
  func little24(_ position: Int) -> Int? { number(position, 3, isBig: false) }
  func little32(_ position: Int) -> Int? { number(position, 4, isBig: false) }
  func big16(_ position: Int) -> Int? { number(position, 2, isBig: true) }
  func big32(_ position: Int) -> Int? { number(position, 4, isBig: true) }

  /// The `length` bytes at `position` as text.
  func ascii(_ position: Int, _ length: Int) -> String? {
    guard let range = range(position, length) else { return nil }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// The position of the last byte that `predicate` holds for.
  func lastIndex(where predicate: (UInt8) -> Bool) -> Int? { bytes.lastIndex(where: predicate) }

  private func number(_ position: Int, _ length: Int, isBig: Bool) -> Int? {
    guard let range = range(position, length) else { return nil }
    let part = bytes[range]
    return isBig ? part.reduce(0) { $0 << 8 | Int($1) } : part.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private func range(_ position: Int, _ length: Int) -> Range<Int>? {
    guard position >= 0, position <= bytes.count, length <= bytes.count - position else { return nil }
    return position..<position + length
  }
}
