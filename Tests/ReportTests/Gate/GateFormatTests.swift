import Analysis
import EventFile
import JSON
import Report
import RunFolder
import Testing

@testable import Report

@Suite struct GateFormatTests {
  /// A report with one gate for each outcome.
  static func report(extraFailures: Int = 0) -> GateReport {
    func gate(
      _ id: String, _ bound: Gate.Bound, level: Gate.Level = .error, line: Int, message: String? = nil
    ) -> Gate {
      Gate(
        id: id, subject: .metric(Glob("eval/loss")), statistic: .best, bounds: [bound], level: level,
        message: message,
        line: line)
    }
    var failed = GateCheck(
      subject: "eval/loss", bound: .increase(.relative(0.01)), status: .fail, reason: .beyond)
    failed.found = 5.675
    failed.foundStep = 1000
    failed.baseline = [4.753409385681152]
    failed.margin = 0.04753409385681152
    failed.limit = 4.800943479537964
    failed.effect = Effect(base: 4.753409385681152, new: 5.675, confidence: 0.95)
    failed.points = [
      Point(step: 900, wallTime: 0, value: 5.6757), Point(step: 1000, wallTime: 0, value: 5.675),
    ]
    failed.divergingStep = 100
    var open = GateCheck(
      subject: "train/loss", bound: .increase(.absolute(0.1)), status: .inconclusive,
      reason: .undecided(.noise))
    open.found = 2.1
    open.baseline = [2]
    open.limit = 2.1
    open.effect = Effect(
      base: 2, new: 2.1, standardError: 0.1, degreesOfFreedom: 20, confidence: 0.95, method: .welch)
    let missing = GateCheck(subject: "eval/acc|uracy", status: .missing, reason: .nothingMatches)
    var good = GateCheck(subject: "train/grad_norm", bound: .atMost(50), status: .pass, reason: .within)
    good.found = 3.0784
    good.limit = 50
    var results = [
      GateResult(gate: gate("grad", .atMost(50), line: 7), checks: [good]),
      GateResult(
        gate: gate("eval", .increase(.relative(0.01)), line: 5, message: "see <the> runbook"),
        checks: [failed]),
      GateResult(gate: gate("final", .increase(.absolute(0.1)), line: 6), checks: [open]),
      GateResult(gate: gate("gone", .atMost(1), line: 8), checks: [missing]),
      GateResult(gate: gate("soft", .increase(.relative(0.01)), level: .warn, line: 9), checks: [failed]),
    ]
    for number in 0..<extraFailures {
      results.append(
        GateResult(
          gate: gate("extra\(number)", .increase(.relative(0.01)), line: 10 + number), checks: [failed]))
    }
    return GateReport(
      configuration: "ci/ftreport.yml", runName: "new", runPath: "saves/new", baselines: ["good"],
      results: results,
      disabled: ["dpo"])
  }

  @Test func `failures stand first in the page with what was expected, found and how to repeat it`() throws {
    let text = GateText(Self.report(), strict: false, command: "ftreport gate saves/new").markdown()
    #expect(
      text.hasPrefix(
        """
        ## ❌ ftreport gate: 1 of 5 gates failed, 1 without data, 1 inconclusive, 1 warning

        `saves/new` against `good` by `ci/ftreport.yml`; disabled for this run: `dpo`

        |     | gate    | what                  | expected                |               found |  change |
        | --- | ------- | --------------------- | ----------------------- | ------------------: | ------: |
        | ❌   | `eval`  | eval/loss, best       | ≤ 4.801 (4.753 + 1.0 %) | 5.675 at step 1,000 | +19.4 % |
        | 🚫   | `gone`  | eval/acc\\|uracy, best | a match                 |                   — |         |
        | ⚠️   | `soft`  |
        """))
    #expect(text.contains("### ❌ `eval` — fail, line 5\n\n> see &lt;the&gt; runbook\n"))
    #expect(text.contains("last points: 5.676 at 900, 5.675 at 1,000"))
    #expect(text.contains("differs from the baseline from step 100"))
    #expect(text.contains("this much data shows differences of"))
    #expect(text.hasSuffix("```sh\nftreport gate saves/new\n```\n"))
  }

  @Test func `the page is cut to any limit and never loses a failure`() {
    let report = Self.report(extraFailures: 30)
    let page = GateText(report, strict: false, command: "ftreport gate saves/new")
    let whole = page.markdown()
    let ids = ["eval"] + (0..<30).map { "extra\($0)" }
    for limit in [whole.utf8.count, whole.utf8.count - 1, 10_000, 6000, 4000, 2000, 1000, 600] {
      let text = page.markdown(maxBytes: limit)
      #expect(text.utf8.count <= limit)
      for id in ids { #expect(text.contains("`\(id)`"), "\(id) at \(limit)") }
    }
    #expect(page.markdown(maxBytes: whole.utf8.count) == whole)
    let tiny = page.markdown(maxBytes: 1)
    for id in ids { #expect(tiny.contains("`\(id)`")) }
  }

  @Test func `annotations stand on the gate's line with everything escaped`() {
    let lines = GateAnnotations.lines(Self.report(), strict: false, file: "ci/a,b:c%.yml")
    #expect(lines.count == 4)
    #expect(
      lines[0].hasPrefix(
        "::error file=ci/a%2Cb%3Ac%25.yml,line=5,title=gate eval failed::eval/loss, best: expected"))
    #expect(lines[0].contains("(4.753 + 1.0 %25)"))
    #expect(lines[1].hasPrefix("::error file=ci/a%2Cb%3Ac%25.yml,line=8,title=gate gone has no data::"))
    #expect(lines[2].hasPrefix("::warning file=ci/a%2Cb%3Ac%25.yml,line=9,title=gate soft failed::"))
    #expect(
      lines[3].hasPrefix("::warning file=ci/a%2Cb%3Ac%25.yml,line=6,title=gate final is inconclusive::"))
    #expect(
      GateAnnotations.lines(Self.report(), strict: true, file: "f").count { $0.hasPrefix("::error") } == 3)
    let evil = GateAnnotations.command(
      "error", file: "f", line: 1, title: "a\r\n::b", message: "x\n::set-env::%0A\u{1b}[2J")
    #expect(
      evil == #"::error file=f,line=1,title=a\r%0A\x3a%3Ab::x%0A\x3a:set-env::%250A\x1b[2J"#)
  }

  @Test func `ten errors at most, the tenth telling of the others`() {
    let lines = GateAnnotations.lines(Self.report(extraFailures: 30), strict: false, file: "f")
    let errors = lines.filter { $0.hasPrefix("::error") }
    #expect(errors.count == 10)
    #expect(errors[9].contains("title=23 more gates did not pass::"))
    #expect(errors[9].contains("extra29 (fail)"))
    let exact = GateAnnotations.lines(Self.report(extraFailures: 8), strict: false, file: "f")
    #expect(exact.count { $0.hasPrefix("::error") } == 10)
    #expect(!exact.contains { $0.contains("more gates") })
  }

  @Test func `JUnit counts failures, errors and skipped and escapes`() {
    let text = GateJUnit.text(Self.report(), strict: false)
    #expect(
      text.contains(
        "<testsuites name=\"ftreport gate\" tests=\"5\" failures=\"1\" errors=\"1\" skipped=\"1\" time=\"0\">"
      ))
    #expect(
      text.contains(
        "<testcase name=\"eval\" classname=\"ftreport.gate\" file=\"ci/ftreport.yml\" line=\"5\" time=\"0\">")
    )
    #expect(text.contains("see &lt;the&gt; runbook"))
    #expect(!text.contains("<the>"))
    let strict = GateJUnit.text(Self.report(), strict: true)
    #expect(strict.contains("failures=\"2\" errors=\"1\" skipped=\"0\""))
  }

  @Test func `OpenMetrics has one precision and ends as it must`() {
    let text = GateOpenMetrics.text(Self.report())
    #expect(text.hasSuffix("\n# EOF\n"))
    #expect(text.contains("ftreport_gate_status{gate=\"eval\",level=\"error\"} 3\n"))
    #expect(
      text.contains(
        "ftreport_gate_found{gate=\"eval\",metric=\"eval/loss\",stat=\"best\",bound=\"max_increase\"} 5.67500\n"
      ))
    #expect(
      text.contains(
        "ftreport_gate_baseline{gate=\"eval\",metric=\"eval/loss\",stat=\"best\",bound=\"max_increase\"} 4.75341\n"
      ))
    #expect(GateOpenMetrics.escaped("a\"b\\c\nd") == "a\\\"b\\\\c\\nd")
  }

  @Test(arguments: [
    (4.753409, "4.75341"), (0.0012, "0.00120000"), (123456.7, "123457"), (1_234_567, "1234570"),
    (-5, "-5.00000"),
    (0, "0.00000"), (.nan, "NaN"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (1e-9, "1.00000e-9"),
    (99999.95, "99999.9"), (9.9999996, "10.0000"),
  ])
  func `figures have six digits`(value: Double, text: String) {
    #expect(GateOpenMetrics.number(value) == text)
  }

  @Test func `JSON tells all that the page tells`() throws {
    let value = GateJSON.value(Self.report(), strict: false)
    let parsed = try JSONValue(parsing: value.indentedText)
    #expect(parsed["verdict"]?.string == "fail")
    #expect(parsed["exit_code"]?.int64 == 1)
    let gates = try #require(parsed["gates"]?.array)
    #expect(gates.count == 5)
    #expect(gates[1]["id"]?.string == "eval")
    let check = try #require(gates[1]["checks"]?.array?.first)
    #expect(check["found"]?.double == 5.675)
    #expect(check["diverging_step"]?.int64 == 100)
    #expect(check["effect"]?["method"]?.string == "exact")
  }

  @Test func `the terminal shows the worst first and colours only where asked`() {
    let plain = GateText(Self.report(), strict: false, command: "ftreport gate x").terminalText(
      TerminalStyle())
    #expect(plain.hasPrefix("FAIL  1 of 5 gates failed"))
    #expect(!plain.contains("\u{1b}"))
    let order = [
      "FAIL          eval:", "MISSING       gone:", "warning       soft:", "inconclusive  final:",
      "pass          grad:",
    ]
    let places = order.map { plain.range(of: $0)?.lowerBound }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    #expect(
      GateText(Self.report(), strict: false, command: "").terminalText(TerminalStyle(isColoured: true))
        .contains("\u{1b}[31mFAIL"))
  }

  @Test func `each check of a gate stands under its own name`() throws {
    var report = Self.report()
    var second = try #require(report.results[1].checks.first)
    second.subject = "test/loss"
    second.divergingStep = 640
    second.divergingWidth = 30
    report.results[1].checks.append(second)
    let text = GateText(report, strict: false, command: "c").terminalText(TerminalStyle(width: 120))
    let indent = String(repeating: " ", count: 14)
    #expect(text.contains("expected ≤ 4.801 (4.753 + 1.0 %) (and 1 more)\n"))
    #expect(
      text.contains("\n\(indent)test/loss, best: 5.675 at step 1,000, expected ≤ 4.801 (4.753 + 1.0 %)\n"))
    #expect(text.contains("\n\(indent)differs from the baseline from about step 640 (to within 30 steps)\n"))
    let metrics = GateOpenMetrics.text(report)
    #expect(metrics.contains("ftreport_gate_diverging_step{gate=\"eval\",metric=\"test/loss\","))
    let json = GateJSON.value(report, strict: false)["gates"]?.array?[1]["checks"]?.array?.last
    #expect(json?["diverging_step"]?.int64 == 640 && json?["diverging_within"]?.int64 == 30)
  }

  @Test func `a report without trouble is short`() {
    var report = Self.report()
    report.results = [report.results[0]]
    report.disabled = []
    let text = GateText(report, strict: true, command: "c").markdown()
    #expect(text.hasPrefix("## ✅ ftreport gate: the gate passed\n"))
    #expect(!text.contains("###"))
    #expect(GateAnnotations.lines(report, strict: true, file: "f").isEmpty)
  }
}

extension String {
  fileprivate func range(of text: String) -> Range<String.Index>? { ranges(of: text).first }
}
