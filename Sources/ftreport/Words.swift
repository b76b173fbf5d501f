import Analysis
import Bytes

/// Small grammar.
enum Words {
  /// `1 file`, `1,234 files`.
  static func count(_ number: Int, _ noun: String) -> String {
    "\(Thousands.text(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// `non_finite from step 20`.
  static func finding(_ kind: Finding.Kind, _ step: Int64?) -> String {
    kind.rawValue + (step.map { " from step \($0)" } ?? "")
  }
}
