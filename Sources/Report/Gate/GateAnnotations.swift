public import Analysis

/// A gate report as GitHub workflow commands, which show beside the gate's own line of the configuration.
///
/// GitHub keeps ten errors and ten warnings of a step; where there are more, the tenth tells of the others.
public enum GateAnnotations {
  /// The most annotations of one kind that a step keeps.
  public static let limit = 10

  /// The commands, a line each.
  ///
  /// - Parameter file: the path of the configuration within the repository.
  public static func lines(_ report: GateReport, strict: Bool, file: String) -> [String] {
    let words = GateWords(report: report, strict: strict)
    var errors: [GateResult] = []
    var warnings: [GateResult] = []
    for result in words.ranked where result.status != .pass {
      if result.isError(strict: strict) { errors.append(result) } else { warnings.append(result) }
    }
    return commands("error", errors, words, file) + commands("warning", warnings, words, file)
  }

  private static func commands(
    _ kind: String, _ results: [GateResult], _ words: GateWords, _ file: String
  ) -> [String] {
    let shown = results.count > limit ? limit - 1 : results.count
    var lines = results.prefix(shown).map { result in
      command(kind, file: file, line: result.gate.line, title: title(result), message: words.line(result))
    }
    let rest = results.dropFirst(shown)
    if let first = rest.first {
      let ids = rest.map { "\($0.gate.id) (\($0.status.name))" }.joined(separator: ", ")
      lines.append(
        command(
          kind, file: file, line: first.gate.line, title: "\(rest.count) more gates did not pass",
          message: ids))
    }
    return lines
  }

  private static func title(_ result: GateResult) -> String {
    let what =
      switch result.status {
      case .pass: "passed"
      case .inconclusive: "is inconclusive"
      case .missing: "has no data"
      case .fail: "failed"
      }
    return "gate \(result.gate.id) \(what)"
  }

  /// `::error file=…,line=…,title=…::message`.
  static func command(_ kind: String, file: String, line: Int, title: String, message: String) -> String {
    "::\(kind) file=\(property(file)),line=\(line),title=\(property(title))::\(data(message))"
  }

  /// The text of a command: visible, its lines apart by `%0A`, and `%` escaped.
  static func data(_ text: String) -> String { escaped(text, ["%": "%25"]) }

  /// The value of a property: as the text, and `:` and `,` too.
  static func property(_ text: String) -> String {
    escaped(text, ["%": "%25", ":": "%3A", ",": "%2C"])
  }

  private static func escaped(_ text: String, _ signs: [Unicode.Scalar: String]) -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var result = String.UnicodeScalarView()
      for scalar in ForeignText.line(String(line)).unicodeScalars {
        if let sign = signs[scalar] {
          result.append(contentsOf: sign.unicodeScalars)
        } else {
          result.append(scalar)
        }
      }
      return String(result)
    }.joined(separator: "%0A")
  }
}
