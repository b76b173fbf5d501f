internal import Bytes

/// Durations, sizes and times of day as text.
enum QuantityText {
  /// Seconds in the two greatest units: `0.42 s`, `42 s`, `2 min 05 s`, `3 h 20 min`, `2 d 4 h`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return NumberText.nonFinite(seconds) }
    if seconds < 0 { return "-" + duration(-seconds) }
    if seconds < 9.95 { return NumberText.significant(seconds, digits: 2) + " s" }
    guard let whole = Int64(exactly: seconds.rounded()), whole < 1 << 50 else {
      return NumberText.significant(seconds) + " s"
    }
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(twoDigits(whole % 60)) s"
    case ..<86400:
      let minutes = (whole + 30) / 60
      return "\(minutes / 60) h \(twoDigits(minutes % 60)) min"
    default:
      let hours = (whole + 1800) / 3600
      return "\(NumberText.count(hours / 24)) d \(hours % 24) h"
    }
  }

  /// Bytes in decimal units: `812 B`, `12.3 kB`, `1.2 GB`.
  static func bytes(_ count: Int) -> String {
    if count.magnitude < 1000 { return "\(count) B" }
    var value = Double(count)
    for unit in ["kB", "MB", "GB", "TB"] {
      value /= 1000
      if value.magnitude < 999.5 { return NumberText.significant(value, digits: 3) + " " + unit }
    }
    return NumberText.significant(value / 1000, digits: 3) + " PB"
  }

  /// A moment as `2026-11-23 19:39:41 UTC`, or nil where it is no date of the years 1 to 9999.
  ///
  /// The date follows Howard Hinnant's `civil_from_days`.
  static func moment(_ secondsSince1970: Double) -> String? {
    guard secondsSince1970 > -62_135_596_800, secondsSince1970 < 253_402_300_800,
      let seconds = Int(exactly: secondsSince1970.rounded(.down))
    else { return nil }
    let days = Int(clamping: (Double(seconds) / 86400).rounded(.down))
    let time = seconds - days * 86400
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let yearText = String(repeating: "0", count: max(0, 4 - year.description.utf8.count)) + year.description
    return "\(yearText)-\(twoDigits(month))-\(twoDigits(day)) "
      + "\(twoDigits(time / 3600)):\(twoDigits(time / 60 % 60)):\(twoDigits(time % 60)) UTC"
  }

  private static func twoDigits(_ value: some FixedWidthInteger) -> String {
    value < 10 ? "0\(value)" : "\(value)"
  }
}
