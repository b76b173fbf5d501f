import Analysis
import EventFile
import FileSystem
import JSON
import RunFolder
import TestSupport
import Testing

/// Charts that writers laid out.
struct ChartGroupTests {
  private static let folder = Path.join(Fixture.package, "Tests/Fixtures/layouts")

  private func groups(_ name: String) throws -> [ChartGroup] {
    let run = try OpenedFolder(opening: Path.join(Self.folder, name)).runs[0]
    var layouts: [ScalarLayout] = []
    for track in run.values(of: .layouts) {
      var all = track
      all.places += track.duplicates
      run.visitValues(of: all) { if case .layout(let layout) = $1 { layouts.append(layout) } }
    }
    return ChartGroup.groups(of: layouts, metrics: run.metrics)
  }

  private func truth(_ name: String) throws -> [JSONValue] {
    let bytes = try Files.read(Path.join(Self.folder, "truths.json"))
    let truth = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
    return try #require(truth[name]?.array)
  }

  @Test(arguments: ["torch", "proto", "calls"])
  func `a chart has the tags that TensorBoard's plugin finds for it`(name: String) throws {
    let groups = try groups(name)
    for wanted in try truth(name) {
      let group = try #require(groups.first { $0.title == wanted["category"]?.string })
      let chart = try #require(group.charts.first { $0.title == wanted["title"]?.string })
      // Looks ahead and references, which take a search with backtracking, are told and not followed.
      if chart.title == "unsupported" {
        #expect(chart.lines == [])
        continue
      }
      #expect(chart.lines.sorted() == (wanted["tags"]?.array ?? []).compactMap(\.string), "\(chart.title)")
      let margins = (wanted["margins"]?.array ?? []).map { ($0.array ?? []).compactMap(\.string) }
      let known = margins.filter { !$0.contains("margin.mean") }
      #expect(chart.margins.map { [$0.value, $0.lower, $0.upper] } == known, "\(chart.title)")
    }
  }

  @Test func `what cannot be drawn is told`() throws {
    let groups = try groups("torch")
    func chart(_ title: String) throws -> ChartGroup.Chart {
      try #require(groups.flatMap(\.charts).first { $0.title == title })
    }
    #expect(try chart("not the beginning").obstacles == [.noTag(pattern: "train")])
    #expect(try chart("dots are dots").obstacles == [.unknownTag("margin.mean")])
    #expect(
      try chart("broken").obstacles.map {
        if case .badPattern(_, .invalid) = $0 { true } else { false }
      } == [true, true, true])
    #expect(
      try chart("unsupported").obstacles.map {
        if case .badPattern(_, .unsupported) = $0 { true } else { false }
      } == [true, true])
  }

  @Test func `each call of a writer's adds its charts, and lays one out anew`() throws {
    #expect(try groups("calls").map(\.title) == ["losses", "bands"])
    func layout(_ title: String, _ tags: [String]) -> ScalarLayout {
      var layout = ScalarLayout(categories: [])
      layout.categories.append(
        .init(title: "one", charts: [.init(title: title, content: .lines(tags))], isClosed: false))
      return layout
    }
    let metrics = ["a", "b"].map { Metric(series: Series(tag: $0, steps: [1], wallTimes: [1], values: [1])) }
    let groups = ChartGroup.groups(
      of: [layout("x", ["a"]), layout("y", ["b"]), layout("x", ["b"])], metrics: metrics)
    #expect(groups.map { $0.charts.map(\.title) } == [["x", "y"]])
    #expect(groups[0].charts.map(\.lines) == [["b"], ["b"]])
  }

  @Test func `a layout of very many charts and lines is bounded, and says what it leaves out`() {
    let metrics = (0..<200).map {
      Metric(series: Series(tag: "loss/\($0)", steps: [1], wallTimes: [1], values: [1]))
    }
    let charts = (0..<100).map { ScalarLayout.Chart(title: "\($0)", content: .lines(["loss/"])) }
    let layout = ScalarLayout(categories: [.init(title: "one", charts: charts, isClosed: false)])
    let groups = ChartGroup.groups(of: [layout], metrics: metrics)
    #expect(groups[0].charts.count == 24 && groups[0].omittedCount == 76)
    #expect(groups[0].charts[0].lines.count == 64 && groups[0].charts[0].omittedCount == 136)
  }
}
