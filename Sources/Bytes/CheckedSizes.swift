extension FixedWidthInteger {
  /// The sum, or nil where it does not fit.
  @inlinable
  public func checkedAdd(_ other: Self) -> Self? {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? nil : sum
  }

  /// The product, or nil where it does not fit.
  @inlinable
  public func checkedMultiply(_ other: Self) -> Self? {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? nil : product
  }
}

extension FixedWidthInteger {
  /// The whole part of `value`; where that does not fit, the nearest number that does; 0 for NaN.
  ///
  /// `Int(value)` ends the process for a number that does not fit, and files hold such numbers.
  @inlinable
  @inline(__always)
  public init(clamping value: Double) {
    // Both bounds are powers of two (or 0) and so exact, though the greatest number itself may not be.
    if value >= Double(sign: .plus, exponent: Self.bitWidth - (Self.isSigned ? 1 : 0), significand: 1) {
      self = .max
    } else if value > Double(Self.min) {
      // An instruction for 64 bits, where the conversion to a type that is not known here takes a hundred.
      self = value.magnitude < 0x1p63 ? Self(truncatingIfNeeded: Int64(value)) : Self(value)
    } else {
      self = value.isNaN ? 0 : .min
    }
  }

  /// The sum, or the nearest number that fits.
  @inlinable
  public func clampedAdd(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, or the nearest number that fits.
  @inlinable
  public func clampedSubtract(_ other: Self) -> Self {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (self < other ? .min : .max) : difference
  }
}

extension Sequence where Element: FixedWidthInteger {
  /// The product of all elements (1 for none), or nil where it does not fit.
  @inlinable
  public func checkedProduct() -> Element? {
    var product: Element = 1
    for element in self {
      guard let next = product.checkedMultiply(element) else { return nil }
      product = next
    }
    return product
  }
}
