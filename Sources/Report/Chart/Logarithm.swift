#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// The logarithm of the C library.
enum Logarithm {
  /// The logarithm to base 10.
  static func decimal(_ value: Double) -> Double { log10(value) }
}
