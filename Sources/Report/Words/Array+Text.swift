internal import Bytes

// Text under construction as bytes: appending to them is a copy, where appending to a string examines both.

extension [UInt8] {
  /// Appends a scalar in UTF-8.
  mutating func append(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      append(UInt8(truncatingIfNeeded: scalar.value))
    } else {
      append(contentsOf: String(scalar).utf8)
    }
  }

  /// Appends `value` in decimal, with `point` zeros or digits at its end behind a point; no zeros before it otherwise.
  mutating func append(digits value: UInt32, behindPoint point: Int = 0) {
    var digits: [10 of UInt8] = .init(repeating: 0)
    var start = digits.count
    var rest = value
    repeat {
      start -= 1
      digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0 || digits.count - start <= point
    for index in start..<digits.count {
      if digits.count - index == point { append(UInt8(ascii: ".")) }
      append(digits[index])
    }
  }
}
