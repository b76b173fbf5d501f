extension [UInt8] {
  /// Appends `value` in decimal.
  public mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDigits(of: value.magnitude, count: Self.digitCount(value.magnitude))
  }

  /// Appends the shortest decimal that reads back as `value`, as Swift's `description` writes it, but whole numbers
  /// below 10^15 without a fraction.
  public mutating func append(shortest value: Double) {
    if value == value.rounded(.towardZero), value.magnitude < 1e15, value != 0 || value.sign == .plus {
      return append(decimal: Int64(clamping: value))
    }
    guard let decimal = ShortestDecimal(value) else {
      return append(contentsOf: value.description.utf8)
    }
    if value < 0 { append(UInt8(ascii: "-")) }
    let count = Self.digitCount(decimal.digits)
    // The power of ten of the first digit.
    let decade = decimal.exponent + count - 1
    if decade < -4 || value.magnitude > 0x1p53 {
      appendDigits(of: decimal.digits, count: count, pointAfter: 1)
      append(UInt8(ascii: "e"))
      append(UInt8(ascii: decade < 0 ? "-" : "+"))
      appendDigits(of: UInt64(abs(decade)), count: 2)
    } else if decade < 0 {
      append(UInt8(ascii: "0"))
      append(UInt8(ascii: "."))
      for _ in 1..<(-decade) { append(UInt8(ascii: "0")) }
      appendDigits(of: decimal.digits, count: count)
    } else if decimal.exponent < 0 {
      appendDigits(of: decimal.digits, count: count, pointAfter: decade + 1)
    } else {
      appendDigits(of: decimal.digits, count: count)
      for _ in 0..<decimal.exponent { append(UInt8(ascii: "0")) }
      append(UInt8(ascii: "."))
      append(UInt8(ascii: "0"))
    }
  }

  /// Appends the last `count` digits of `value`, with a point behind the first `point` of them where there are more.
  private mutating func appendDigits(of value: UInt64, count: Int, pointAfter point: Int? = nil) {
    let (upper, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
    let (high, middle) = upper.quotientAndRemainder(dividingBy: 100_000_000)
    // One byte behind the first: what stands before a point moves there. It is appended at once.
    var text = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    unsafe Swift.withUnsafeMutableBytes(of: &text) { text in
      unsafe text.storeBytes(of: Self.eightDigits(high), toByteOffset: 1, as: UInt64.self)
      unsafe text.storeBytes(of: Self.eightDigits(middle), toByteOffset: 9, as: UInt64.self)
      unsafe text.storeBytes(of: Self.eightDigits(low), toByteOffset: 17, as: UInt64.self)
      var start = 25 - count
      if let point, point < count {
        start -= 1
        for place in start..<start + point { unsafe text[place] = text[place + 1] }
        unsafe text[start + point] = UInt8(ascii: ".")
      }
      unsafe append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<25]))
    }
  }

  /// The eight digits of `value`, which is below 10^8, as their characters in memory.
  ///
  /// All are taken apart at once, each half of a number in a lane of its own: four digits, then two, then one.
  private static func eightDigits(_ value: UInt64) -> UInt64 {
    let fours = value / 10_000 | (value % 10_000) << 32
    let hundreds = (fours &* 10_486) >> 20 & 0x0000_007f_0000_007f
    let twos = hundreds | (fours &- 100 &* hundreds) << 16
    let tens = (twos &* 103) >> 10 & 0x000f_000f_000f_000f
    let ones = tens | (twos &- 10 &* tens) << 8
    return (ones | 0x3030_3030_3030_3030).littleEndian
  }

  /// The number of decimal digits of `value`; 1 for 0.
  private static func digitCount(_ value: UInt64) -> Int {
    // ⌊bits · log₁₀ 2⌋ is the count, or one less.
    let count = ((64 - value.leadingZeroBitCount) * 1233) >> 12
    return count + (value < PowersOfTen.table[count] ? 0 : 1) + (value == 0 ? 1 : 0)
  }
}

/// They stand in the program: as a value of a function they would be written down anew for each number.
private enum PowersOfTen {
  /// 10^0 to 10^19.
  static let table: [20 of UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]
}
