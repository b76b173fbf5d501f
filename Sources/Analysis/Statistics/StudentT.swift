/// Student's t distribution with any positive number of degrees of freedom, whole or not.
///
/// The tail is the regularized incomplete beta function I_x(ν/2, ½)/2 with x = ν/(ν + t²) (Abramowitz and Stegun
/// 26.7.1), by the continued fraction 26.5.8; relative errors stay near 10⁻¹³.
public struct StudentT: Equatable, Sendable {
  /// The degrees of freedom, ν.
  public let degreesOfFreedom: Double
  /// ln B(ν/2, ½).
  private let logBeta: Double

  /// The distribution with `degreesOfFreedom`; nil unless that is finite and positive.
  public init?(degreesOfFreedom: Double) {
    guard degreesOfFreedom > 0, degreesOfFreedom.isFinite else { return nil }
    self.degreesOfFreedom = degreesOfFreedom
    logBeta = 0.5 * Elementary.log(Double.pi) - Elementary.log(Self.gammaRatio(degreesOfFreedom / 2))
  }

  /// The probability of a value of at most `t`.
  public func cumulative(_ t: Double) -> Double {
    if t.isNaN { return .nan }
    return t > 0 ? 1 - upperTail(t) : upperTail(-t)
  }

  /// The probability of a value above `t`, exact to many digits also far out, for `t` of at least 0.
  public func upperTail(_ t: Double) -> Double {
    guard t >= 0 else { return t.isNaN ? .nan : 1 - upperTail(-t) }
    if t.isInfinite { return 0 }
    let square = t * t
    if square.isInfinite { return 0 }
    let a = degreesOfFreedom / 2
    let x = degreesOfFreedom / (degreesOfFreedom + square)
    let y = square / (degreesOfFreedom + square)
    guard y > 0 else { return 0.5 }
    // x^a (1 − x)^½ / B(a, ½), with ln x from y where x is near 1.
    let logX = y < 0.5 ? Elementary.log1p(-y) : Elementary.log(x)
    let front = Elementary.exp(a * logX + 0.5 * Elementary.log(y) - logBeta)
    if x < (a + 1) / (a + 2.5) {
      return 0.5 * front * Self.fraction(a, 0.5, x) / a
    }
    return 0.5 - front * Self.fraction(0.5, a, y)
  }

  /// The density at `t`.
  public func density(_ t: Double) -> Double {
    Elementary.exp(-0.5 * (degreesOfFreedom + 1) * Elementary.log1p(t * t / degreesOfFreedom) - logBeta)
      / degreesOfFreedom.squareRoot()
  }

  /// The value that is not exceeded with `probability`; infinite at 0 and 1, NaN outside of them.
  public func quantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    if probability < 0.5 { return -point(above: probability) }
    return point(above: 1 - probability)
  }

  /// The half-width, in standard errors, of a two-sided interval at `confidence`.
  public func halfWidth(confidence: Double) -> Double { point(above: (1 - confidence) / 2) }

  /// The `t ≥ 0` with `upperTail(t) == tail`, by Newton's method kept within a bracket.
  private func point(above tail: Double) -> Double {
    guard tail < 0.5 else { return 0 }
    guard tail > 0 else { return .infinity }
    var low = 0.0
    var high = 1.0
    while upperTail(high) > tail {
      low = high
      high *= 2
      if high.isInfinite { return .infinity }
    }
    var t = 0.5 * (low + high)
    for _ in 0..<200 {
      let excess = upperTail(t) - tail
      if excess > 0 { low = t } else { high = t }
      var next = t + excess / density(t)
      if !(next > low && next < high) { next = 0.5 * (low + high) }
      let change = abs(next - t)
      t = next
      if change <= 1e-15 * t || low.nextUp >= high { break }
    }
    return t
  }

  /// Γ(a + ½)/Γ(a), by its asymptotic series after raising `a` to at least 40.
  private static func gammaRatio(_ a: Double) -> Double {
    var a = a
    var factor = 1.0
    while a < 40 {
      factor *= a / (a + 0.5)
      a += 1
    }
    let r = 1 / a
    let coefficients = [
      -1.0 / 8, 1.0 / 128, 5.0 / 1024, -21.0 / 32768, -399.0 / 262144, 869.0 / 4_194_304,
    ]
    let series = coefficients.reversed().reduce(0) { $0 * r + $1 }
    return factor * a.squareRoot() * (1 + r * series)
  }

  /// The continued fraction of the incomplete beta function, by Lentz's method.
  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var result = d
    for index in 1..<20_000 {
      let m = Double(index)
      for coefficient in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        d = 1 + coefficient * d
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = 1 + coefficient / c
        if abs(c) < tiny { c = tiny }
        result *= c * d
      }
      if abs(c * d - 1) < 1e-16 { break }
    }
    return result
  }
}
