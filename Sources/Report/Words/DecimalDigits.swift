internal import Bytes

/// The decimal digits of a finite number, to be rounded and laid out without any locale.
///
/// The digits are those of the shortest decimal that reads back as the number. Rounding them rounds the number itself correctly:
/// where they fall exactly between two results, the exact product of the number with a power of ten decides
/// (a fused multiply-add; beyond 10^22 half to even), as C's `printf` would. A subnormal number has only the digits of
/// its shortest description.
struct DecimalDigits: Equatable {
  /// The digits 0…9; the first is not 0. Empty for zero.
  private(set) var digits: [UInt8] = []
  /// The place of the decimal point: the magnitude is 0.d₁d₂d₃… · 10^exponent.
  private(set) var exponent = 0
  /// The number itself, without its sign.
  private let magnitude: Double

  /// The digits of the magnitude of `value`; none for what is not finite.
  init(_ value: Double) {
    magnitude = value.isFinite ? value.magnitude : 0
    guard magnitude > 0 else { return }
    if let decimal = ShortestDecimal(magnitude) {
      var rest = decimal.digits
      while rest > 0 {
        digits.append(UInt8(truncatingIfNeeded: rest % 10))
        rest /= 10
      }
      digits.reverse()
      exponent = digits.count + decimal.exponent
      return
    }
    var point: Int?
    var power = 0
    var powerIsNegative = false
    var inPower = false
    for byte in magnitude.description.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if inPower { power = power * 10 + Int(digit) } else { digits.append(digit) }
      case UInt8(ascii: "."): point = digits.count
      case UInt8(ascii: "e"): inPower = true
      case UInt8(ascii: "-"): powerIsNegative = true
      default: break
      }
    }
    exponent = (point ?? digits.count) + (powerIsNegative ? -power : power)
    let leadingZeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leadingZeros)
    exponent -= leadingZeros
    dropTrailingZeros()
  }

  /// The power of ten of the first digit: `floor(log10(magnitude))`. 0 for zero.
  var decade: Int { digits.isEmpty ? 0 : exponent - 1 }

  /// Rounds to `count` significant digits.
  mutating func round(significant count: Int) { round(keeping: count) }

  /// Rounds to `places` digits after the point.
  mutating func round(places: Int) { round(keeping: exponent + places) }

  /// The digits of the number times 10^`power`.
  func shifted(by power: Int) -> DecimalDigits {
    var shifted = self
    if !digits.isEmpty { shifted.exponent += power }
    return shifted
  }

  private mutating func round(keeping count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      exponent = 0
      return
    }
    let goesUp: Bool
    switch digits[count] {
    case 6...: goesUp = true
    case ..<5: goesUp = false
    default: goesUp = digits.count > count + 1 || tieGoesUp(at: count)
    }
    digits.removeLast(digits.count - count)
    if goesUp { increment() }
    dropTrailingZeros()
  }

  /// Whether the number is above the half that its digits end with, or exactly on it after an odd digit.
  private func tieGoesUp(at count: Int) -> Bool {
    let half = digits.reduce(0) { $0 * 10 + Double($1) }
    let places = digits.count - exponent
    let excess: Double
    switch places {
    case 0...22: excess = (-half).addingProduct(magnitude, Self.powerOfTen(places))
    case -22..<0: excess = magnitude.addingProduct(-half, Self.powerOfTen(-places))
    default: excess = 0
    }
    if excess != 0 { return excess > 0 }
    return count > 0 && digits[count - 1] % 2 == 1
  }

  private mutating func increment() {
    var index = digits.count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      exponent += 1
    }
  }

  private mutating func dropTrailingZeros() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }

  /// 10^`power`, correctly rounded; exact up to 22.
  static func powerOfTen(_ power: Int) -> Double {
    powersOfTen.indices.contains(power) ? powersOfTen[power] : Double("1e\(power)") ?? 0
  }

  private static let powersOfTen = (0...308).map { Double("1e\($0)") ?? 0 }
}

extension DecimalDigits {
  /// The digits in plain notation with `places` digits after the point, zeros filled in.
  func plain(places: Int) -> String {
    var text = ""
    if exponent <= 0 { text += "0" } else { appendDigits(0..<exponent, to: &text) }
    if places > 0 {
      text += "."
      appendDigits(exponent..<(exponent + places), to: &text)
    }
    return text
  }

  /// The digits as `d.ddde±x` with `count` significant digits, zeros filled in.
  func scientific(significant count: Int) -> String {
    var text = ""
    appendDigits(0..<1, to: &text)
    if count > 1 {
      text += "."
      appendDigits(1..<count, to: &text)
    }
    return text + "e\(decade)"
  }

  private func appendDigits(_ range: Range<Int>, to text: inout String) {
    for index in range {
      let digit = digits.indices.contains(index) ? digits[index] : 0
      text.unicodeScalars.append(Unicode.Scalar(digit + UInt8(ascii: "0")))
    }
  }
}
