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
