public import Analysis
internal import JSON

/// A gate report as SARIF 2.1.0 (OASIS), which code scanning of GitHub, GitLab and editors shows beside the lines of the
/// configuration.
///
/// Each gate is a rule, each gate that did not pass a result at its own line: an error, a warning, or a note where the
/// noise lets nobody tell.
public enum GateSARIF {
  /// The document.
  ///
  /// - Parameters:
  ///   - file: the path of the configuration within the repository.
  ///   - version: the version of the program.
  public static func text(_ report: GateReport, strict: Bool, file: String, version: String) -> String {
    let words = GateWords(report: report, strict: strict)
    let rules = report.results.map { result in
      JSONValue.object([
        "id": .string(result.gate.id),
        "shortDescription": message(shortDescription(result)),
        "defaultConfiguration": .object(["level": .string(result.gate.level == .error ? "error" : "warning")]
        ),
      ])
    }
    let results = report.results.enumerated().filter { $0.element.status != .pass }.map { index, result in
      JSONValue.object([
        "ruleId": .string(result.gate.id), "ruleIndex": .number(index),
        "level": .string(level(result, strict: strict)), "message": message(words.line(result)),
        "locations": .array([
          .object([
            "physicalLocation": .object([
              "artifactLocation": .object(["uri": .string(MarkdownText.link(file))]),
              "region": .object(["startLine": .number(max(1, result.gate.line))]),
            ])
          ])
        ]),
        // What makes it the same finding in the next run of CI: the gate, not its figures.
        "partialFingerprints": .object(["gate/v1": .string("\(report.runName)/\(result.gate.id)")]),
      ])
    }
    return JSONValue.object([
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
      "runs": .array([
        .object([
          "tool": .object([
            "driver": .object([
              "name": .string("ftreport"), "version": .string(version), "rules": .array(rules),
            ])
          ]),
          "invocations": .array([
            .object([
              "executionSuccessful": .bool(true), "exitCode": .number(words.verdict.exitCode),
            ])
          ]),
          "results": .array(results), "columnKind": .string("unicodeCodePoints"),
        ])
      ]),
    ]).indentedText
  }

  private static func message(_ text: String) -> JSONValue {
    .object(["text": .string(ForeignText.line(text))])
  }

  private static func shortDescription(_ result: GateResult) -> String {
    let subject = result.checks.first.map { GateWords.subject($0, result.gate) } ?? result.gate.id
    let bounds = result.checks.prefix(1).map(GateWords.expected).joined(separator: ", ")
    return "\(subject): \(bounds)"
  }

  private static func level(_ result: GateResult, strict: Bool) -> String {
    if result.isError(strict: strict) { return "error" }
    return result.status == .inconclusive ? "note" : "warning"
  }
}
