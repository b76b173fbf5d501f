internal import Libc

/// The few functions of the C library that the analysis needs, so that one file only names the library of a platform.
enum Elementary {
  /// The natural logarithm.
  static func log(_ value: Double) -> Double { naturalLogarithm(value) }
  /// The natural logarithm of 1 + `value`, exact where that is near 1.
  static func log1p(_ value: Double) -> Double { logarithmOfSuccessor(value) }
  /// The logarithm to base 10.
  static func log10(_ value: Double) -> Double { decimalLogarithm(value) }
  /// The exponential function.
  static func exp(_ value: Double) -> Double { exponential(value) }
  /// `base` to the power of `exponent`.
  static func pow(_ base: Double, _ exponent: Double) -> Double { power(base, exponent) }

  /// How far the least of `count` values of standard normal noise lies below their mean, about: √(2 ln n).
  static func extreme(of count: Int) -> Double {
    count > 1 ? (2 * log(Double(count))).squareRoot() : 0
  }
}

// Within the type its own functions stand before those of the library, which go by other names here.
private func naturalLogarithm(_ value: Double) -> Double { log(value) }
private func logarithmOfSuccessor(_ value: Double) -> Double { log1p(value) }
private func decimalLogarithm(_ value: Double) -> Double { log10(value) }
private func exponential(_ value: Double) -> Double { exp(value) }
private func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
