internal import Bytes

/// Numbers as text: fixed, locale-free, the same on every machine.
enum NumberText {
  /// `value` with `digits` significant digits: `4.786`, `0.01234`, `12,346`, `3.000e-5`.
  ///
  /// Whole parts are never cut: 12345.6 reads `12,346`. From a million up and below 0.0001 the notation is
  /// scientific. `trimmed` drops zeros at the end of the fraction: `5e-4`, `0.25`.
  static func significant(_ value: Double, digits: Int = 4, trimmed: Bool = false) -> String {
    guard value.isFinite else { return nonFinite(value) }
    guard value != 0 else { return "0" }
    let count = max(digits, 1)
    var rounded = DecimalDigits(value)
    let wholeDigits = rounded.exponent
    rounded.round(significant: wholeDigits <= 6 ? max(count, wholeDigits) : count)
    let text: String
    if rounded.decade >= 6 || rounded.decade < -4 {
      text = rounded.scientific(significant: trimmed ? max(rounded.digits.count, 1) : count)
    } else {
      let places = max(0, (trimmed ? rounded.digits.count : count) - rounded.exponent)
      text = Thousands.text(decimal: rounded.plain(places: places))
    }
    return (value < 0 ? "-" : "") + text
  }

  /// `value` with `places` digits after the point, thousands set apart: `1,234.50`.
  static func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return nonFinite(value) }
    var rounded = DecimalDigits(value)
    rounded.round(places: places)
    if rounded.exponent > 21 { return significant(value) }
    let sign = value < 0 && !rounded.digits.isEmpty ? "-" : ""
    return sign + Thousands.text(decimal: rounded.plain(places: max(places, 0)))
  }

  /// `value` with its sign always shown.
  static func signed(_ value: Double, digits: Int = 4) -> String {
    (value > 0 ? "+" : "") + significant(value, digits: digits)
  }

  /// A share as percent with its sign always shown: `+12.3 %`.
  static func signedPercent(_ share: Double) -> String { (share > 0 ? "+" : "") + percent(share) }

  /// A share as percent with one place, two below 1 %: `12.3 %`.
  static func percent(_ share: Double) -> String {
    let value = share * 100
    let places = value.magnitude < 0.995 && value != 0 ? 2 : 1
    return fixed(value, places: places) + " %"
  }

  /// A whole number with its thousands set apart: `1,000,000`.
  static func count(_ value: some FixedWidthInteger) -> String { Thousands.text(value) }

  /// A count with its noun, `1 record`, `2 records`.
  static func count(_ value: some FixedWidthInteger, _ singular: String, _ plural: String? = nil) -> String {
    count(value) + " " + (value == 1 ? singular : plural ?? singular + "s")
  }

  /// A mean with the half width of its interval, to two digits of the half width: `4.786 ± 0.021`.
  static func interval(_ mean: Double, halfWidth: Double) -> String {
    // What rounding alone leaves is no interval.
    guard mean.isFinite, halfWidth.isFinite, halfWidth > 1e-9 * mean.magnitude else {
      return significant(mean)
    }
    var half = DecimalDigits(halfWidth)
    half.round(significant: 2)
    let places = 1 - half.decade
    let magnitude = DecimalDigits(max(mean.magnitude, halfWidth)).decade
    guard magnitude < 6, half.decade > -5, places <= 8 else {
      return "\(significant(mean)) ± \(significant(halfWidth, digits: 2))"
    }
    return "\(fixed(mean, places: max(places, 0))) ± \(fixed(halfWidth, places: max(places, 0)))"
  }

  /// The text of what is not finite.
  static func nonFinite(_ value: Double) -> String {
    value.isNaN ? "NaN" : value > 0 ? "inf" : "-inf"
  }
}
