#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The few functions of the C library that statistics need, so that one file only names the library of a platform.
enum Elementary {
  /// The natural logarithm.
  static func log(_ value: Double) -> Double {
    #if canImport(Darwin)
      Darwin.log(value)
    #elseif canImport(Musl)
      Musl.log(value)
    #else
      Glibc.log(value)
    #endif
  }

  /// How far the least of `count` values of standard normal noise lies below their mean, about: √(2 ln n).
  static func extreme(of count: Int) -> Double {
    count > 1 ? (2 * log(Double(count))).squareRoot() : 0
  }
}
