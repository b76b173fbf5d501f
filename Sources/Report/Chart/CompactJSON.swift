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
    for scalar in ForeignText.visible(text).unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "<": bytes += "\\u003c".utf8
      case "\u{0}"..."\u{1f}", "\u{2028}", "\u{2029}": bytes.append(UInt8(ascii: " "))
      default: bytes += String(scalar).utf8
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Numbers.
  mutating func numbers(_ values: [Double]) { list(values) { $0.number($1) } }

  /// The number to six significant digits; null where it is not finite. Whole numbers are written whole.
  mutating func number(_ value: Double) {
    guard value.isFinite else { return bytes += "null".utf8 }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return bytes += "\(whole)".utf8 }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let magnitude = value.magnitude
    var power = Int(clamping: Logarithm.decimal(magnitude).rounded(.down))
    var scaled = Self.scaled(magnitude, by: 5 - power)
    if scaled >= 999_999.5 {
      power += 1
      scaled = Self.scaled(magnitude, by: 5 - power)
    }
    append(digits: Int(clamping: scaled.rounded()), power: power - 5)
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
  private mutating func append(digits: Int, power: Int) {
    var (digits, power) = (digits, power)
    while digits != 0, digits % 10 == 0 {
      digits /= 10
      power += 1
    }
    let text = "\(digits)"
    let point = text.utf8.count + power
    if power >= 0 || point < -3 {
      bytes += text.utf8
      if power != 0 { bytes += "e\(power)".utf8 }
    } else if point > 0 {
      bytes += text.utf8.prefix(point)
      bytes.append(UInt8(ascii: "."))
      bytes += text.utf8.dropFirst(point)
    } else {
      bytes += "0.".utf8
      bytes += repeatElement(UInt8(ascii: "0"), count: -point)
      bytes += text.utf8
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
    let isWhole = Int64(exactly: difference) != nil
    sum.value += isWhole || difference == 0 ? difference : Self.read(difference)
  }

  /// `value` as six digits tell it.
  private static func read(_ value: Double) -> Double {
    var json = CompactJSON()
    json.number(value)
    return Double(json.text) ?? value
  }
}
