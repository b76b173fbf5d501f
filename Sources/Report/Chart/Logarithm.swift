internal import Libc

/// The logarithm of the C library.
enum Logarithm {
  /// The logarithm to base 10.
  static func decimal(_ value: Double) -> Double { log10(value) }

  /// 10 to the power `exponent`: what `decimal` undoes.
  static func power(_ exponent: Double) -> Double { pow(10, exponent) }
}
