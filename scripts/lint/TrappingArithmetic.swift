// Not part of any product: `scripts/check-conversions.sh` compiles this file into one room after another. Its
// declarations stand before those of the standard library there, so that the compiler names every use of an operation
// that traps on numbers which a file may hold: the conversion of a Double that is NaN or too large, and arithmetic on
// steps, which may be anywhere in 64 bits.

extension FixedWidthInteger {
  fileprivate static func refuse() -> Self { 0 }
}

extension Int {
  @available(*, deprecated, message: "traps on NaN and large numbers: Int(clamping:) or Int(exactly:)")
  init(_ value: Double) { self = .refuse() }
  @available(*, deprecated, message: "traps on NaN and large numbers: Int(clamping:) or Int(exactly:)")
  init(_ value: Float) { self = .refuse() }
}

extension Int64 {
  @available(*, deprecated, message: "traps on NaN and large numbers: Int64(clamping:) or Int64(exactly:)")
  init(_ value: Double) { self = .refuse() }
  @available(*, deprecated, message: "traps where it does not fit: clampedAdd, clampedSubtract or Double")
  static func + (left: Int64, right: Int64) -> Int64 { .refuse() }
  @available(*, deprecated, message: "traps where it does not fit: clampedAdd, clampedSubtract or Double")
  static func - (left: Int64, right: Int64) -> Int64 { .refuse() }
  @available(*, deprecated, message: "traps where it does not fit: checkedMultiply or Double")
  static func * (left: Int64, right: Int64) -> Int64 { .refuse() }
  @available(*, deprecated, message: "traps where it does not fit: clampedAdd")
  static func += (left: inout Int64, right: Int64) { left = .refuse() }
  @available(*, deprecated, message: "traps where it does not fit: clampedSubtract")
  static func -= (left: inout Int64, right: Int64) { left = .refuse() }
  @available(*, deprecated, message: "traps on the least number")
  prefix static func - (value: Int64) -> Int64 { .refuse() }
  @available(*, deprecated, message: "traps on 0: Double, or a divisor that is a literal and a comment")
  static func % (left: Int64, right: Int64) -> Int64 { .refuse() }
}

extension UInt64 {
  @available(*, deprecated, message: "traps on NaN, negative and large numbers: clamping: or exactly:")
  init(_ value: Double) { self = .refuse() }
}

extension UInt32 {
  @available(*, deprecated, message: "traps on NaN, negative and large numbers: clamping: or exactly:")
  init(_ value: Double) { self = .refuse() }
}

extension UInt16 {
  @available(*, deprecated, message: "traps on NaN, negative and large numbers: clamping: or exactly:")
  init(_ value: Double) { self = .refuse() }
  @available(*, deprecated, message: "traps on NaN, negative and large numbers: clamping: or exactly:")
  init(_ value: Float) { self = .refuse() }
}

extension UInt8 {
  @available(*, deprecated, message: "traps on NaN, negative and large numbers: clamping: or exactly:")
  init(_ value: Double) { self = .refuse() }
}

extension Int32 {
  @available(*, deprecated, message: "traps on NaN and large numbers: clamping: or exactly:")
  init(_ value: Double) { self = .refuse() }
}
