internal import Bytes

/// A labelled place on an axis.
struct Tick: Equatable {
  /// Where it stands.
  var value: Double
  /// What it reads.
  var label: String
}

/// Round values for axes.
///
/// Linear ticks follow d3-array's `ticks`: the step is a power of ten times 1, 2, 5 or 10, switched at √2, √10 and
/// √50, so that their number is as near to the wanted one as it can be. Powers of ten come from decimal digits, so
/// that no rounding of a logarithm moves a tick.
enum NiceTicks {
  /// Round values within `domain`.
  static func linear(_ domain: ClosedRange<Double>, count: Int) -> [Tick] {
    guard let step = Step(domain, count: count) else {
      return TickLabels.plain([domain.lowerBound, domain.upperBound], places: nil)
    }
    return TickLabels.distinct(TickLabels.plain(step.values(in: domain), places: step.places))
  }

  /// Round whole values within `domain`.
  static func whole(_ domain: ClosedRange<Double>, count: Int) -> [Tick] {
    let most = domain.upperBound - domain.lowerBound
    guard most.isFinite, most > 0 else { return linear(domain, count: count) }
    guard let step = Step(domain, count: count), step.size < 1 else { return linear(domain, count: count) }
    let first = domain.lowerBound.rounded(.up)
    let values = (0...max(1, count * 2)).map { first + Double($0) }.filter { $0 <= domain.upperBound }
    return TickLabels.plain(values, places: 0)
  }

  /// Powers of ten within `domain`, with 2 and 5 between them where there is room; linear ticks where that leaves
  /// fewer than two.
  static func logarithmic(_ domain: ClosedRange<Double>, count: Int) -> [Tick] {
    let first = DecimalDigits(domain.lowerBound).decade
    let last = DecimalDigits(domain.upperBound).decade + 1
    let decades = last - first
    guard decades <= 700 else { return [] }
    for factors in [[1.0, 2, 5], [1.0, 3], [1.0]] {
      let values = (first...last).flatMap { power in
        // Division keeps 0.2 what it is, where a product with 10^-1 would not.
        factors.map {
          power < 0 ? $0 / DecimalDigits.powerOfTen(-power) : $0 * DecimalDigits.powerOfTen(power)
        }
      }.filter(domain.contains)
      if values.count < 3, factors.count == 3 { return linear(domain, count: count) }
      if values.count <= max(2, count + count / 2) { return TickLabels.each(values) }
    }
    let stride = (decades + count) / max(1, count)
    let powers = Swift.stride(from: first, through: last, by: max(1, stride))
    return TickLabels.each(powers.map(DecimalDigits.powerOfTen).filter(domain.contains))
  }

  /// The distance between linear ticks.
  struct Step {
    /// The factor before the power of ten: 1, 2, 5 or 10.
    let factor: Double
    /// The power of ten.
    let power: Int
    /// The digits after the point that every multiple needs.
    var places: Int { max(0, -(factor == 10 ? power + 1 : power)) }
    /// The distance.
    var size: Double {
      power < 0 ? factor / DecimalDigits.powerOfTen(-power) : factor * DecimalDigits.powerOfTen(power)
    }

    /// The step for about `count` ticks; nil where the domain is too wide or too narrow for numbers.
    init?(_ domain: ClosedRange<Double>, count: Int) {
      let raw = (domain.upperBound - domain.lowerBound) / Double(max(count, 1))
      guard raw.isFinite, raw > 1e-300, raw < 1e300 else { return nil }
      power = DecimalDigits(raw).decade
      let error =
        power < 0 ? raw * DecimalDigits.powerOfTen(-power) : raw / DecimalDigits.powerOfTen(power)
      factor =
        error >= 50.0.squareRoot() ? 10 : error >= 10.0.squareRoot() ? 5 : error >= 2.0.squareRoot() ? 2 : 1
    }

    /// The multiples of the step within `domain`.
    func values(in domain: ClosedRange<Double>) -> [Double] {
      // Below one, the inverse of the step is a whole number, and dividing by it gives the nearest number to 0.3.
      let inverse = DecimalDigits.powerOfTen(max(0, -power)) / factor
      let toValue: (Double) -> Double = { power < 0 ? $0 / inverse : $0 * size }
      var first = (power < 0 ? domain.lowerBound * inverse : domain.lowerBound / size).rounded()
      var last = (power < 0 ? domain.upperBound * inverse : domain.upperBound / size).rounded()
      if toValue(first) < domain.lowerBound { first += 1 }
      if toValue(last) > domain.upperBound { last -= 1 }
      guard first <= last, last - first < 1000, last.magnitude < 9e15, first.magnitude < 9e15 else {
        return []
      }
      return (0...Int(clamping: last - first)).map { toValue(first + Double($0)) }
    }
  }
}

/// One form for all labels of an axis.
enum TickLabels {
  /// Labels with `places` digits after the point each; scientific where that would be long; nil for four digits.
  static func plain(_ values: [Double], places: Int?) -> [Tick] {
    let greatest = values.reduce(0) { max($0, $1.magnitude) }
    if greatest > 0, greatest < 0.01 {
      // One power of ten for all: 5e−5, 2.5e−5, 0.
      let power = DecimalDigits(greatest).decade
      return values.map { value in
        var digits = DecimalDigits(value)
        digits.round(significant: 9)
        let places = max(0, digits.digits.count - digits.exponent + power)
        let mantissa = digits.shifted(by: -power).plain(places: places)
        return Tick(value: value, label: value == 0 ? "0" : (value < 0 ? "−" : "") + mantissa + "e−\(-power)")
      }
    }
    guard let places, places <= 5, greatest < 1e12 else { return each(values, digits: 6) }
    if places == 0, greatest >= 100_000 {
      let (unit, suffix) =
        greatest >= 1e12
        ? (1e12, "T") : greatest >= 1e9 ? (1e9, "G") : greatest >= 1e6 ? (1e6, "M") : (1e3, "k")
      return values.map {
        Tick(
          value: $0,
          label: $0 == 0 ? "0" : minus(NumberText.significant($0 / unit, digits: 12, trimmed: true)) + suffix)
      }
    }
    return values.map { Tick(value: $0, label: minus(NumberText.fixed($0, places: places))) }
  }

  /// Those of `ticks` that read otherwise than the one before: an axis too narrow for its digits says each once.
  static func distinct(_ ticks: [Tick]) -> [Tick] {
    ticks.enumerated().filter { $0.offset == 0 || ticks[$0.offset - 1].label != $0.element.label }.map(
      \.element)
  }

  /// Labels of the shortest form each.
  static func each(_ values: [Double], digits: Int = 12) -> [Tick] {
    values.map { Tick(value: $0, label: minus(NumberText.significant($0, digits: digits, trimmed: true))) }
  }

  /// The typographic minus sign, as pictures set it.
  static func minus(_ text: String) -> String { String(text.map { $0 == "-" ? "−" : $0 }) }
}
