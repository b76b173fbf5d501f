public import Analysis

/// A gate report as JUnit XML, which CI systems show as tests.
///
/// A gate that fails is a `failure`, one without data an `error`, an inconclusive one is `skipped`; what only warns is
/// told in `system-out`.
public enum GateJUnit {
  /// The document.
  public static func text(_ report: GateReport, strict: Bool) -> String {
    let words = GateWords(report: report, strict: strict)
    var failures = 0
    var errors = 0
    var skipped = 0
    var cases = ""
    for result in report.results {
      let message = attribute(words.line(result))
      let body = content(detail(result, words))
      cases +=
        "    <testcase name=\"\(attribute(result.gate.id))\" classname=\"ftreport.gate\" "
        + "file=\"\(attribute(report.configuration))\" line=\"\(result.gate.line)\" time=\"0\">\n"
      switch result.status {
      case .fail where result.isError:
        failures += 1
        cases += "      <failure message=\"\(message)\" type=\"fail\">\(body)</failure>\n"
      case .inconclusive where result.isError(strict: strict):
        failures += 1
        cases += "      <failure message=\"\(message)\" type=\"inconclusive\">\(body)</failure>\n"
      case .missing where result.isError:
        errors += 1
        cases += "      <error message=\"\(message)\" type=\"missing\">\(body)</error>\n"
      case .inconclusive:
        skipped += 1
        cases += "      <skipped message=\"\(message)\"/>\n"
      case .pass: cases += "      <system-out>\(body)</system-out>\n"
      case .fail, .missing: cases += "      <system-out>warning: \(body)</system-out>\n"
      }
      cases += "    </testcase>\n"
    }
    let counts =
      "tests=\"\(report.results.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="ftreport gate" \(counts) time="0">
        <testsuite name="\(attribute(report.runPath))" \(counts) time="0">
      \(cases)  </testsuite>
      </testsuites>

      """
  }

  private static func detail(_ result: GateResult, _ words: GateWords) -> String {
    let checks = result.status == .pass ? result.checks : GateWords.deciding(result)
    return checks.prefix(20).map { check in
      let head =
        "\(GateWords.subject(check, result.gate)): expected \(GateWords.expected(check)), "
        + "found \(GateWords.found(check)): \(words.reason(check))"
      return ([head] + words.evidence(check)).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// `text` for an attribute's value.
  static func attribute(_ text: String) -> String { MarkupText.escaped(text) }

  /// `text` for an element's content, line feeds kept.
  static func content(_ text: String) -> String {
    MarkupText.lines(text)
  }
}
