public import Analysis

/// A gate report as OpenMetrics text, which GitLab compares between branches.
///
/// GitLab compares values as strings, so every figure has six significant digits, whatever its size.
public enum GateOpenMetrics {
  /// The document, `# EOF` at its end.
  public static func text(_ report: GateReport) -> String {
    var text = """
      # TYPE ftreport_gate_status gauge
      # HELP ftreport_gate_status What became of each gate: 0 pass, 1 inconclusive, 2 missing, 3 fail.

      """
    for result in report.results {
      let labels = [("gate", result.gate.id), ("level", result.gate.level.rawValue)]
      text += "ftreport_gate_status\(Self.labels(labels)) \(result.status.rawValue)\n"
    }
    text += family("ftreport_gate_found", "The run's figure of each gate.", report) { $0.found }
    text += family("ftreport_gate_baseline", "The baseline's figure of each gate.", report) { check in
      check.baseline.isEmpty ? nil : check.effect?.base
    }
    text += family("ftreport_gate_limit", "The figure that each gate's may not pass.", report) { $0.limit }
    text += family(
      "ftreport_gate_diverging_step", "The step from which on the run differs from the baseline.", report
    ) { check in check.divergingStep.map { Double($0) } }
    return text + "# EOF\n"
  }

  private static func family(
    _ name: String, _ help: String, _ report: GateReport, _ value: (GateCheck) -> Double?
  ) -> String {
    var lines = ""
    var seen: Set<String> = []
    for result in report.results {
      for check in result.checks {
        guard let value = value(check) else { continue }
        let labels = labels([
          ("gate", result.gate.id), ("metric", check.subject), ("stat", result.gate.statistic.rawValue),
          ("bound", bound(check.bound)),
        ])
        guard seen.insert(labels).inserted else { continue }
        lines += "\(name)\(labels) \(number(value))\n"
      }
    }
    return lines.isEmpty ? "" : "# TYPE \(name) gauge\n# HELP \(name) \(help)\n\(lines)"
  }

  private static func bound(_ bound: Gate.Bound?) -> String {
    switch bound {
    case .atMost: "max"
    case .atLeast: "min"
    case .increase: "max_increase"
    case .decrease: "max_decrease"
    case nil: "none"
    }
  }

  /// Six significant digits: `4.753409e0` is always as long as `1.200000e-5`.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if value == 0 { return "0.00000" }
    var digits = DecimalDigits(value)
    digits.round(significant: 6)
    let sign = value < 0 ? "-" : ""
    guard digits.decade >= -5, digits.decade < 15 else { return sign + digits.scientific(significant: 6) }
    return sign + digits.plain(places: max(0, 5 - digits.decade))
  }

  private static func labels(_ labels: [(String, String)]) -> String {
    "{" + labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",") + "}"
  }

  /// A label's value: visible, and backslash, quote and line feed escaped.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var result = String.UnicodeScalarView()
      for scalar in ForeignText.line(String(line)).unicodeScalars {
        if scalar == "\\" || scalar == "\"" { result.append("\\") }
        result.append(scalar)
      }
      return String(result)
    }.joined(separator: "\\n")
  }
}
