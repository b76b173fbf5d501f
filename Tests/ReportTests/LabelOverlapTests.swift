import Analysis
import FileSystem
import RunFolder
import TestSupport
import Testing

@testable import Report

/// No word of a picture stands on a curve, a mark, another word or the picture's edge: measured in the SVG, over what
/// trainers wrote.
@Suite struct LabelOverlapTests {
  /// What is wrong in the pictures of `files`.
  private func faults(_ files: [ReportFile], of name: String) -> [String] {
    files.filter { $0.path.hasSuffix(".svg") }.flatMap { file in
      PictureGeometry(file.text).faults.map { "\(name), \(file.path): \($0)" }
    }
  }

  /// What is wrong in the pictures of each run with all its metrics, and of its comparison with the next.
  private func faults(_ runs: [TrainingRun]) -> [String] {
    var found: [String] = []
    for (index, run) in runs.enumerated() {
      let options = ReportOptions(metricPatterns: ["*"])
      found += faults(RunReport(RunAnalysis(of: run), options: options).files, of: run.name)
      let other = runs[(index + 1) % runs.count]
      guard runs.count > 1 else { continue }
      found += faults(comparing: [run, other])
    }
    return found
  }

  private func faults(comparing runs: [TrainingRun]) -> [String] {
    let options = ComparisonOptions(
      axis: .automatic, window: 0.1, margin: 0.01, target: nil, metrics: [], smoothing: nil)
    let comparison = RunComparison(base: runs[0], new: Array(runs.dropFirst()), options: options)
    let picture = ComparisonChart(comparison)?.document.text
    return faults(
      [picture].compactMap { $0 }.map { ReportFile(path: "comparison.svg", text: $0) },
      of: runs.map(\.name).joined(separator: " | "))
  }

  @Test func `in the pictures of the samples`() throws {
    let runs = try OpenedFolder(opening: Fixture.sample("saves")).runs
    // There is something to measure.
    for run in runs {
      #expect(RunReport(RunAnalysis(of: run)).files.contains { $0.path.hasSuffix(".svg") }, "\(run.name)")
    }
    #expect(faults(runs) == [])
    #expect(faults(comparing: runs) == [])
    let analyses = runs.map { RunAnalysis(of: $0) }
    #expect(faults(OverviewReport(analyses, title: "saves").files, of: "saves") == [])
  }

  @Test func `with five resumes, spikes and many sets`() throws {
    var run = Runs.changing(Runs.learning(count: 400)) { $0 % 67 == 40 ? $1 * 5 : $1 }
    let resumes: [Int64] = [1010, 1060, 1100, 1150, 1200]
    run.segments = ([10] + resumes).map { Segment(firstStep: $0, lastStep: $0 + 80, origin: "runs/\($0)") }
    for name in ["a", "b", "c"] {
      run.metrics.append(
        Metric(series: Runs.series("eval/\(name)_loss", every: 400, count: 10) { 1.3 - Double($0) / 50 }))
    }
    let picture = try #require(RunReport(RunAnalysis(of: run)).lossPicture)
    #expect(PictureGeometry(picture).faults == [])
    // They are there, not left out: each resume in words or as its step, and the values beyond the axis.
    let words = PictureGeometry(picture).texts.map(\.text)
    for step in resumes {
      #expect(words.contains { $0.hasSuffix(NumberText.count(step)) }, "\(step)")
    }
  }

  @Test func `where a curve falls steeply from beyond the axis, its value stands beside it`() throws {
    let run = Runs.changing(Runs.learning(count: 600)) { $0 < 9 ? 9 - Double($0) / 2 : $1 }
    let options = ComparisonOptions(
      axis: .automatic, window: 0.1, margin: 0.01, target: nil, metrics: [], smoothing: nil)
    let comparison = RunComparison(base: run, new: [Runs.learning("other", count: 600)], options: options)
    let picture = try #require(ComparisonChart(comparison)).document.text
    let geometry = PictureGeometry(picture)
    #expect(geometry.faults == [] && geometry.texts.contains { $0.text == "9.000" })
  }

  @Test func `the measure sees what stands on something`() {
    var document = SVGDocument(width: 200, height: 100, title: "", description: "")
    document.text("one", x: 20, y: 50)
    document.text("two", x: 25, y: 52)
    document.text("three", x: 100, y: 80)
    document.line(x1: 90, y1: 60, x2: 130, y2: 90, stroke: .series(0))
    document.line(x1: 0, y1: 47, x2: 200, y2: 47, stroke: .grid)
    document.text("beyond the edge", x: 190, y: 20)
    #expect(
      PictureGeometry(document.text).faults == [
        "'two' stands on 'one'", "a line goes through 'three' at 100, 72",
        "'beyond the edge' reaches over the edge",
      ])
  }

  // MARK: Data beside the package

  private static let groups = [
    "lab/runs", "lab/tb_writers", "public", "cases/runs", "cases/pairs", "cases/hparams",
  ]

  private static let without: Comment =
    "there is no folder of further data beside the package (FTREPORT_SHARED)"

  @Test(.enabled(if: Fixture.shared != nil, without), arguments: groups)
  func `in the pictures of the runs beside the package`(group: String) throws {
    let folder = try #require(Fixture.shared) + "/data/" + group
    let names = try Files.names(in: folder).filter { Files.kind(of: "\(folder)/\($0)") == .directory }
    var count = 0
    for name in names {
      // What cannot be read is told elsewhere.
      guard let opened = try? OpenedFolder(opening: "\(folder)/\(name)") else { continue }
      count += opened.runs.count
      #expect(faults(opened.runs) == [])
    }
    #expect(count > 0)
  }

  @Test(.enabled(if: Fixture.shared != nil, without), arguments: ["lab/runs", "cases/runs"])
  func `in the overview of the runs beside the package`(group: String) throws {
    let folder = try #require(Fixture.shared) + "/data/" + group
    let runs = try OpenedFolder(opening: folder).runs
    let report = OverviewReport(runs.map { RunAnalysis(of: $0) }, title: group)
    #expect(faults(report.files(ofPart: 0), of: group) == [])
    for start in stride(from: 0, to: runs.count - 5, by: 6) {
      #expect(faults(comparing: Array(runs[start..<start + 6])) == [])
    }
  }
}
