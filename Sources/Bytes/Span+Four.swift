extension Span where Element == Double {
  /// The elements at `index` and the three after it, in one load with one check of the bounds.
  @inlinable
  @inline(__always)
  public func four(at index: Int) -> SIMD4<Double> {
    // Every pattern of bits is four numbers, and the bounds are checked: the load is unsafe in name only.
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index &* 8, as: SIMD4<Double>.self)
  }
}

extension Span where Element == Int64 {
  /// The elements at `index` and the three after it, in one load with one check of the bounds.
  @inlinable
  @inline(__always)
  public func four(at index: Int) -> SIMD4<Int64> {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index &* 8, as: SIMD4<Int64>.self)
  }
}
