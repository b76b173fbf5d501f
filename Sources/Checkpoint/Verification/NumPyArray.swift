internal import Bytes

/// The header of an array that `numpy.save` wrote: format 1.0 to 3.0 of `numpy.lib.format`.
///
/// The magic bytes and the version are followed by the length of a Python dictionary as text, with `descr`,
/// `fortran_order` and `shape`, and by the values: bytes of a plain type, or a pickle where the type holds objects.
struct NumPyArray: Equatable {
  /// The offset of the values.
  let start: Int
  /// Whether the values are pickled objects.
  let hasObjects: Bool
  /// The bytes of the values by type and shape; nil for types of several fields.
  let byteCount: Int?

  private static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

  /// Whether `bytes` begin as such a file does.
  static func recognises(_ bytes: RawSpan) -> Bool {
    var reader = ByteReader(bytes)
    return magic.allSatisfy { reader.byte() == $0 }
  }

  /// Reads the header; nil where it is none.
  init?(_ bytes: RawSpan) {
    var reader = ByteReader(bytes)
    guard Self.recognises(bytes), reader.skip(Self.magic.count), let version = reader.byte(), reader.skip(1)
    else { return nil }
    let length: Int
    switch version {
    case 1: length = Int(reader.littleEndian(UInt16.self) ?? 0)
    case 2, 3: length = Int(reader.littleEndian(UInt32.self) ?? 0)
    default: return nil
    }
    guard length > 0, let header = reader.take(length)?.repairedText(), header.first == "{" else {
      return nil
    }
    start = reader.position
    let strings = Self.strings(in: header)
    guard let place = strings.firstIndex(of: "descr") else { return nil }
    // A name of a field can look like a type too; taking it for one only means to look closer.
    hasObjects = strings.contains { text in
      text.split(separator: ",").contains { Self.isObject($0.drop { " |<>=".contains($0) }) }
    }
    // The three keys and a type: no fields.
    guard strings.count == 4, place + 1 < strings.count, let width = Self.width(of: strings[place + 1]),
      let count = Self.elementCount(header)
    else {
      byteCount = nil
      return
    }
    let (product, overflow) = count.multipliedReportingOverflow(by: width)
    byteCount = overflow ? nil : product
  }

  /// The texts between quotes, in order.
  private static func strings(in text: String) -> [Substring] {
    text.split(omittingEmptySubsequences: false) { $0 == "'" || $0 == "\"" }.enumerated()
      .compactMap { $0.offset.isMultiple(of: 2) ? nil : $0.element }
  }

  /// Whether a type is numpy's for objects: `O`, `O8`, `object`, `object_`.
  private static func isObject(_ type: Substring) -> Bool {
    type.hasPrefix("object") || type.first == "O" && type.dropFirst().allSatisfy(\.isNumber)
  }

  /// The bytes of an element of a plain type: `<f4`, `|b1`, `<U12`.
  private static func width(of type: Substring) -> Int? {
    let kind = type.drop { "|<>=".contains($0) }
    guard let letter = kind.first, "biufcSUV".contains(letter), let number = Int(kind.dropFirst()),
      number >= 0
    else { return nil }
    return letter == "U" ? 4 * number : number
  }

  /// The product of the numbers in `'shape': (…)`.
  private static func elementCount(_ header: String) -> Int? {
    guard let shape = header.split(separator: "shape", maxSplits: 1).last,
      let open = shape.firstIndex(of: "("), let close = shape[open...].firstIndex(of: ")")
    else { return nil }
    var count = 1
    for part in shape[shape.index(after: open)..<close].split(separator: ",") {
      let digits = part.filter { $0 != " " }
      if digits.isEmpty { continue }
      guard let extent = Int(digits), extent >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }
}
