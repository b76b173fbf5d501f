import Bytes

/// Small grammar.
enum Words {
  /// `1 file`, `1,234 files`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(Thousands.text(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
