internal import Bytes

/// JSON under construction for a page's script: on one line, numbers to six digits, and no `<` in it, so that it may
/// stand in a script element.
///
/// A picture has thousands of numbers: they go into the text as they come, and no value is made of them first.
struct CompactJSON {
  private var bytes: [UInt8] = []

  /// What was written.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  // MARK: Structure

  /// An object, whose members `write` adds.
  mutating func object(_ write: (inout CompactJSON) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    write(&self)
    end(UInt8(ascii: "}"))
  }

  /// A list with an element for each of `items`.
  mutating func list<Items: Sequence>(_ items: Items, _ write: (inout CompactJSON, Items.Element) -> Void) {
    bytes.append(UInt8(ascii: "["))
    for item in items {
      write(&self, item)
      bytes.append(UInt8(ascii: ","))
    }
    end(UInt8(ascii: "]"))
  }

  /// A member whose value `write` writes.
  mutating func member(_ name: String, _ write: (inout CompactJSON) -> Void) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    write(&self)
    bytes.append(UInt8(ascii: ","))
  }

  /// A member that is a list of objects.
  mutating func array<Item>(_ name: String, _ items: [Item], _ write: (inout CompactJSON, Item) -> Void) {
    member(name) { json in json.list(items) { json, item in json.object { write(&$0, item) } } }
  }

  mutating func member(_ name: String, _ value: String) { member(name) { $0.string(value) } }
  mutating func member(_ name: String, _ value: Double) { member(name) { $0.number(value) } }
  mutating func member(_ name: String, _ values: [Double]) { member(name) { $0.numbers(values) } }
  mutating func member(_ name: String, _ value: Bool) {
    member(name) { $0.bytes += value ? "true".utf8 : "false".utf8 }
  }

  /// Takes the comma behind the last element away, and closes.
  private mutating func end(_ sign: UInt8) {
    if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
    bytes.append(sign)
  }

  // MARK: Values

  /// Text that nobody's markup acts in.
  mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    // What is visible has no control characters and no separators of lines; what is left to escape is ASCII.
    for byte in ForeignText.visible(text).utf8 {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case UInt8(ascii: "\\"): bytes += "\\\\".utf8
      case UInt8(ascii: "<"): bytes += "\\u003c".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Numbers.
  mutating func numbers(_ values: [Double]) { list(values) { $0.number($1) } }

  /// The number to six significant digits; null where it is not finite. Whole numbers are written whole.
  mutating func number(_ value: Double) {
    guard value.isFinite else { return bytes += "null".utf8 }
    if value == value.rounded(.towardZero), value.magnitude < 0x1p53 {
      return bytes.append(decimal: Int64(clamping: value))
    }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let magnitude = value.magnitude
    // The power of ten of the first digit, or one less: ⌊e·log₁₀2⌋, exact for every exponent of a number.
    var power = (Int(magnitude.exponent) * 1_262_611) >> 22
    var scaled = Self.scaled(magnitude, by: 5 - power)
    if scaled >= 999_999.5 {
      power += 1
      scaled = Self.scaled(magnitude, by: 5 - power)
    }
    append(digits: UInt32(clamping: scaled.rounded()), power: power - 5)
  }

  private static func scaled(_ value: Double, by power: Int) -> Double {
    guard power.magnitude <= 300 else {
      // In two factors, neither of which overflows.
      let half = power / 2
      return scaled(scaled(value, by: half), by: power - half)
    }
    let factor = DecimalDigits.powerOfTen(abs(power))
    return power < 0 ? value / factor : value * factor
  }

  /// Appends `digits`·10^`power`, without zeros at the end of a fraction.
  private mutating func append(digits: UInt32, power: Int) {
    // Of six digits, the zeros at their end.
    var (digits, power, count) = (digits, power, 6)
    while digits != 0, digits % 10 == 0 {
      digits /= 10
      power += 1
      count -= 1
    }
    if power >= 0 || count + power < -3 {
      bytes.append(digits: digits)
      guard power != 0 else { return }
      bytes.append(UInt8(ascii: "e"))
      bytes.append(decimal: Int64(power))
    } else {
      bytes.append(digits: digits, behindPoint: -power)
    }
  }

  /// What a reader has who adds up the differences that were written.
  struct Sum {
    fileprivate var value = 0.0
    fileprivate var isFirst = true
  }

  /// The difference of `value` to the sum so far, which is kept as a reader of the text will have it, so that rounding
  /// does not add up.
  mutating func difference(_ value: Double, _ sum: inout Sum) {
    let difference = value - sum.value
    number(difference)
    let isWhole = difference == difference.rounded(.towardZero) && difference.magnitude < 0x1p63
    sum.value += isWhole || difference == 0 ? difference : Self.read(difference)
  }

  /// `value` as six digits tell it.
  private static func read(_ value: Double) -> Double {
    var json = CompactJSON()
    json.number(value)
    return Double(json.text) ?? value
  }
}
