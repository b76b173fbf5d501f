/// Small grammar.
enum Words {
  /// `1 file`, `1,234 files`.
  static func count(_ number: Int, _ noun: String) -> String {
    let digits = String(number)
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += "," }
      grouped.append(digit)
    }
    return "\(grouped) \(noun)\(number == 1 ? "" : "s")"
  }
}
