import Analysis
import Testing

@testable import Report

@Suite struct BrailleCanvasTests {
  @Test func `dots land in their characters`() {
    var canvas = BrailleCanvas(columns: 2, rows: 1)
    canvas.set(0, 0)
    canvas.set(1, 3)
    canvas.set(9, 9)
    canvas.set(-1, 0)
    #expect(canvas.character(0, 0) == "⢁" && canvas.character(1, 0) == " ")
  }

  @Test func `a line joins its ends`() {
    var canvas = BrailleCanvas(columns: 2, rows: 1)
    canvas.line(from: (0, 3), to: (3, 0))
    #expect(canvas.character(0, 0) == "⡠" && canvas.character(1, 0) == "⠊")
  }
}

@Suite struct TextChartTests {
  @Test(arguments: [40, 80, 133]) func `no line is wider than the terminal`(width: Int) throws {
    for run in [
      Analyses.complete, Analyses.filtered, Analyses.fixed(Runs.learning(count: 1, evaluations: 1)),
    ] {
      for axis in HorizontalAxis.allCases {
        for line in try #require(TextChart(run, axis: HorizontalScale(axis: axis))).lines(width: width) {
          #expect(line.plain.count <= width, "\(line.plain)")
        }
      }
    }
  }

  @Test func `a run without a finite loss has no chart`() {
    #expect(
      TextChart(RunAnalysis(of: Runs.changing(Runs.learning(evaluations: 0)) { _, _ in .nan }), axis: .step)
        == nil)
  }
}

@Suite struct RunSummaryTests {
  @Test(arguments: [40, 80, 120]) func `the summary fits the terminal`(width: Int) {
    let text = RunReport(Analyses.complete).terminalText(TerminalStyle(width: width))
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
  }

  @Test func `colour only when told so, and foreign text brings none`() {
    let run = Analyses.fixed(Runs.learning("a\u{1b}[31mb\u{9b}2J"))
    let plain = RunReport(run).terminalText(TerminalStyle(), location: "x\u{1b}c")
    #expect(!plain.contains("\u{1b}") && !plain.contains("\u{9b}"))
    #expect(plain.hasPrefix(#"a\x1b[31mb\x9b2J"#))
    let coloured = RunReport(run).terminalText(TerminalStyle(isColoured: true))
    #expect(coloured.hasPrefix("\u{1b}[1m"))
    #expect(coloured.count { $0 == "\u{1b}" } % 2 == 0)
  }
}
