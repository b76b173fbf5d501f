/// The shortest decimal that reads back as the same 64-bit number, and of those the closest.
///
/// The method is Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles", 2020): scale the number and the
/// ends of its rounding interval by a power of ten, and take the shortest of four candidates. Swift's own `description`
/// gives the same digits, but as a string of its own for each number, which takes most of the time of a long export.
package struct ShortestDecimal: Equatable {
  /// The digits, as a whole number of at most 17 digits.
  package var digits: UInt64
  /// The power of ten that they are multiplied by.
  package var exponent: Int

  /// The shortest decimal of the magnitude of `value`; nil for 0, what is not finite, and magnitudes so small or large
  /// (below about 1e-38, above about 1e42) that they lie outside the table of powers.
  package init?(_ value: Double) {
    let fraction = value.significandBitPattern
    guard value.isNormal else { return nil }
    // |value| = significand · 2^power
    let significand = fraction | 1 << 52
    let power = Int(value.exponentBitPattern) - 1075
    // The gap below a power of two is half of the one above.
    let isLowerCloser = fraction == 0

    let scale = isLowerCloser ? Self.floorLog10ThreeQuarters(power) : Self.floorLog10(powerOfTwo: power)
    guard let factor = Self.powers[-scale] else { return nil }
    let shift = UInt64(power + Self.floorLog2(powerOfTen: -scale) + 1)
    let middle = Self.scaled(4 * significand << shift, by: factor)
    var lower = Self.scaled((4 * significand - (isLowerCloser ? 1 : 2)) << shift, by: factor)
    var upper = Self.scaled((4 * significand + 2) << shift, by: factor)
    // Ties go to even significands, whose intervals therefore include their ends.
    if significand % 2 != 0 {
      lower += 1
      upper -= 1
    }

    let whole = middle / 4
    let tens = whole / 10
    if tens > 0 {
      let below = lower <= 40 * tens
      let above = 40 * tens + 40 <= upper
      if below != above {
        self.init(digits: above ? tens + 1 : tens, exponent: scale + 1)
        return
      }
    }
    let below = lower <= 4 * whole
    let above = 4 * whole + 4 <= upper
    if below != above {
      self.init(digits: above ? whole + 1 : whole, exponent: scale)
      return
    }
    let half = 4 * whole + 2
    let isUp = middle > half || (middle == half && whole % 2 != 0)
    self.init(digits: isUp ? whole + 1 : whole, exponent: scale)
  }

  private init(digits: UInt64, exponent: Int) {
    self.digits = digits
    self.exponent = exponent
    while self.digits % 10 == 0 {
      self.digits /= 10
      self.exponent += 1
    }
  }

  /// ⌊log₁₀ 2^`power`⌋, exact for all exponents of 64-bit numbers.
  private static func floorLog10(powerOfTwo power: Int) -> Int { (power * 1_262_611) >> 22 }

  /// ⌊log₁₀ (¾ · 2^`power`)⌋, likewise.
  private static func floorLog10ThreeQuarters(_ power: Int) -> Int { (power * 1_262_611 - 524_031) >> 22 }

  /// ⌊log₂ 10^`power`⌋, likewise.
  private static func floorLog2(powerOfTen power: Int) -> Int { (power * 1_741_647) >> 19 }

  /// `factor` · `value` / 2^128, its last bit set where anything was cut off.
  private static func scaled(_ value: UInt64, by factor: PowersOfTen.Entry) -> UInt64 {
    let low = factor.low.multipliedFullWidth(by: value)
    var (high, middle) = factor.high.multipliedFullWidth(by: value)
    let (sum, overflow) = middle.addingReportingOverflow(low.high)
    middle = sum
    if overflow { high += 1 }
    return high | (middle > 1 ? 1 : 0)
  }

  private static let powers = PowersOfTen()
}

/// 10^n as 128 bits, the highest of them set, times a power of two; rounded up.
private struct PowersOfTen {
  typealias Entry = (high: UInt64, low: UInt64)

  /// What 5^n allows: 5^27 fits 64 bits, 5^55 fits 128.
  private static let range = -27...55
  private let entries: [Entry]

  init() {
    entries = Self.range.map { power in
      let five = (0..<abs(power)).reduce(UInt128(1)) { product, _ in product * 5 }
      // 10^n and 5^n have the same leading bits.
      if power >= 0 { return Self.entry(five << UInt128(five.leadingZeroBitCount)) }
      // ⌈2^(127 + bits) / 5^|n|⌉ by two steps of long division; it is never whole.
      let divisor = UInt64(five)
      let bits = UInt64.bitWidth - divisor.leadingZeroBitCount
      let (high, rest) = divisor.dividingFullWidth((1 << UInt64(bits - 1), 0))
      let (low, _) = divisor.dividingFullWidth((rest, 0))
      return Self.entry((UInt128(high) << 64 | UInt128(low)) + 1)
    }
  }

  private static func entry(_ value: UInt128) -> Entry {
    (UInt64(value >> 64), UInt64(truncatingIfNeeded: value))
  }

  subscript(power: Int) -> Entry? {
    Self.range.contains(power) ? entries[power - Self.range.lowerBound] : nil
  }
}
