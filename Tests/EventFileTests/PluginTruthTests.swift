import EventFile
import FileSystem
import JSON
import TestSupport
import Testing

/// The values that are no numbers, held against what TensorBoard's own readers find; `scripts/make-plugin-truths.py`
/// makes the truths.
struct PluginTruthTests {
  static let fixtures = Path.join(Fixture.package, "Tests/EventFileTests/Fixtures")

  @Test(arguments: [
    "plugins.tfevents", "writers/torch.tfevents", "writers/torch-hparams.tfevents",
    "writers/torch-new-style.tfevents", "writers/tensorboardx.tfevents",
    "writers/tensorboardx-hparams.tfevents", "writers/tensorflow2-style.tfevents",
  ])
  func `every value equals TensorBoard's`(name: String) throws {
    let path = Path.join(Self.fixtures, name)
    let contents = try EventFileContents(reading: path)
    let truth = try JSONValue(parsing: Files.read(path + ".json"))
    let tags = try #require(truth["tags"]?.members)
    for (tag, want) in tags.map({ ($0.key, $0.value) }) {
      let series = try #require(contents.values.first { $0.tag == tag }, "\(tag)")
      #expect(series.plugin == want["plugin"]?.string, "\(tag)")
      // TensorBoard gives old messages their tag for a name.
      let display = want["display"]?.string
      #expect(series.metadata?.displayName ?? "" == (display == tag ? "" : display), "\(tag)")
      #expect(series.metadata?.summaryDescription ?? "" == want["description"]?.string, "\(tag)")
      let rows = try #require(want["values"]?.array).compactMap(\.array)
      try #require(series.places.count == rows.count, "\(tag)")
      var visited = 0
      try EventFileContents.visitValues(
        of: path, at: series.places, plugin: series.plugin, metadata: series.metadata
      ) { index, value in
        visited += 1
        if let step = rows[index][0].int64 { #expect(series.places[index].step == step, "\(tag)") }
        if let time = rows[index][1].double { #expect(series.places[index].wallTime == time, "\(tag)") }
        expect(value, rows[index][2], tag)
      }
      #expect(visited == rows.count)
    }
    // Beside these only graphs, profiles and tensors of no plugin's.
    for series in contents.values where !tags.contains(where: { $0.key == series.tag }) {
      #expect(["graphs", "run_metadata", "tensor", "tensors", ""].contains(series.plugin), "\(series)")
    }
  }

  private func expect(_ value: EventValue, _ want: JSONValue, _ tag: String) {
    switch value {
    case .histogram(let histogram):
      #expect(want["shape"]?.array?.first?.int64 == Int64(histogram.bucketCount), "\(tag)")
      let numbers = zip(zip(histogram.lefts, histogram.rights), histogram.counts).flatMap {
        [$0.0, $0.1, $1]
      }
      expectSame(numbers, want["numbers"], tag, isRounded: true)
    case .precisionRecall(let curve):
      let rows = [
        curve.truePositives, curve.falsePositives, curve.trueNegatives, curve.falseNegatives, curve.precision,
        curve.recall,
      ]
      expectSame(rows.flatMap { $0 }, want["numbers"], tag)
    case .images(let images):
      let words = want.array?.compactMap(\.string) ?? []
      #expect(images.allSatisfy { $0.width == Int(words[0]) && $0.height == Int(words[1]) }, "\(tag)")
      #expect(images.map { fnv($0.bytes) } == Array(words.dropFirst(2)), "\(tag)")
    case .sounds(let sounds):
      let rows = want.array?.compactMap(\.array) ?? []
      #expect(sounds.map { fnv($0.bytes) } == rows.map { $0[0].string }, "\(tag)")
      // TensorBoard drops the labels before it hands sounds out.
      if tag == "tensor/audio" { #expect(sounds.map(\.label) == ["*label*", ""]) }
    case .text(let text):
      #expect(text.dimensions.map(Int64.init) == want["shape"]?.array?.compactMap(\.int64), "\(tag)")
      #expect(text.strings == want["strings"]?.array?.compactMap(\.string), "\(tag)")
    case .mesh(let mesh):
      #expect(mesh.name == want["name"]?.string)
      #expect(Int64(mesh.content.rawValue) == want["type"]?.int64)
      #expect(mesh.dimensions.map(Int64.init) == want["shape"]?.array?.compactMap(\.int64))
    case .layout(let layout): expect(layout, want)
    case .hyperparameters(let record): expect(record, want)
    default: Issue.record("\(tag): \(value)")
    }
  }

  private func expect(_ layout: ScalarLayout, _ want: JSONValue) {
    let categories = want["category"]?.array ?? []
    #expect(layout.categories.map(\.title) == categories.map { $0["title"]?.string ?? "" })
    #expect(layout.categories.map(\.isClosed) == categories.map { $0["closed"]?.bool ?? false })
    for (category, want) in zip(layout.categories, categories) {
      let charts = want["chart"]?.array ?? []
      #expect(category.charts.map(\.title) == charts.map { $0["title"]?.string ?? "" })
      for (chart, want) in zip(category.charts, charts) {
        switch chart.content {
        case .lines(let tags): #expect(tags == want["multiline"]?["tag"]?.array?.compactMap(\.string))
        case .margins(let margins):
          let series = want["margin"]?["series"]?.array ?? []
          #expect(margins.map(\.value) == series.map { $0["value"]?.string })
          #expect(margins.map(\.lower) == series.map { $0["lower"]?.string })
          #expect(margins.map(\.upper) == series.map { $0["upper"]?.string })
        case .none: Issue.record("a chart without content")
        }
      }
    }
  }

  private func expect(_ record: HyperparameterRecord, _ want: JSONValue) {
    switch record {
    case .experiment(let experiment):
      let want = want["experiment"]
      #expect(experiment.name == want?["name"]?.string ?? "")
      #expect(experiment.description == want?["description"]?.string ?? "")
      let infos = want?["hparam_infos"]?.array ?? []
      #expect(experiment.parameters.map(\.name) == infos.map { $0["name"]?.string })
      for (parameter, info) in zip(experiment.parameters, infos) {
        #expect(parameter.values.count == info["domain_discrete"]?.array?.count ?? 0)
        #expect(parameter.least == info["domain_interval"]?["min_value"]?.double)
        #expect(parameter.greatest == info["domain_interval"]?["max_value"]?.double)
      }
      let metrics = want?["metric_infos"]?.array ?? []
      #expect(experiment.metrics.map(\.tag) == metrics.map { $0["name"]?["tag"]?.string })
      #expect(experiment.metrics.map(\.group) == metrics.map { $0["name"]?["group"]?.string ?? "" })
      #expect(experiment.metrics.map(\.displayName) == metrics.map { $0["display_name"]?.string ?? "" })
    case .start(let start):
      let want = want["session_start_info"]
      #expect(start.group == want?["group_name"]?.string ?? "")
      #expect(start.time == want?["start_time_secs"]?.double ?? 0)
      let parameters = want?["hparams"]?.members ?? []
      #expect(Set(start.hyperparameters.map(\.name)) == Set(parameters.map(\.key)))
      for parameter in start.hyperparameters {
        let value = want?["hparams"]?[parameter.name]
        switch parameter.value {
        case .number(let number): #expect(value?.double == number)
        case .text(let text): #expect(value?.string == text)
        case .bool(let bool): #expect(value?.bool == bool)
        case .none: Issue.record("\(parameter.name) has no value")
        }
      }
    case .end(let status, let time):
      #expect(want["session_end_info"]?["status"]?.string == (status == .success ? "STATUS_SUCCESS" : nil))
      #expect(want["session_end_info"]?["end_time_secs"]?.double ?? 0 == time)
    }
  }

  /// - Parameter isRounded: whether the truth was rounded to 32 bits, as TensorBoard brings old histograms into tensors.
  private func expectSame(_ got: [Double], _ want: JSONValue?, _ tag: String, isRounded: Bool = false) {
    let want = want?.array?.map { $0.double ?? $0.string.flatMap(Double.init) ?? .nan } ?? []
    #expect(got.count == want.count, "\(tag)")
    for (got, want) in zip(got, want) {
      let isSame = got == want || isRounded && Double(Float(got)) == want || got.isNaN && want.isNaN
      #expect(isSame, "\(tag): \(got) for \(want)")
    }
  }

  private func fnv(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  @Test(arguments: ["plugins.tfevents", "writers/torch.tfevents"])
  func `a graph has the nodes that TensorBoard finds`(name: String) throws {
    let path = Path.join(Self.fixtures, name)
    let truth = try #require(JSONValue(parsing: Files.read(path + ".json"))["graph"])
    let series = try #require(
      EventFileContents(reading: path).values.first { $0.tag == "__run_graph__" })
    try EventFileContents.visitValues(of: path, at: series.places, plugin: series.plugin) { _, value in
      guard case .graph(let graph) = value else {
        Issue.record("\(value)")
        return
      }
      #expect(Int64(graph.nodeCount) == truth["nodes"]?.int64)
      #expect(Int64(graph.functionCount) == truth["functions"]?.int64)
      for operation in graph.operations {
        #expect(truth["operations"]?[operation.name]?.int64 == Int64(operation.count))
      }
      #expect(graph.operations.count == truth["operations"]?.members?.count)
      if name == "plugins.tfevents" { #expect(graph.parameterCount == 16 * 8 + 8) }
    }
  }

  @Test func `a compressed file gives the same values`() throws {
    let plain = Path.join(Self.fixtures, "plugins.tfevents")
    let contents = try EventFileContents(reading: plain)
    let packed = try EventFileContents(reading: plain + ".gz")
    #expect(packed.values == contents.values)
    for series in contents.values {
      var values: [EventValue] = []
      try EventFileContents.visitValues(
        of: plain, at: series.places, plugin: series.plugin, metadata: series.metadata
      ) { values.append($1) }
      var others: [EventValue] = []
      try EventFileContents.visitValues(
        of: plain + ".gz", at: series.places, plugin: series.plugin, metadata: series.metadata
      ) { others.append($1) }
      #expect(values == others, "\(series.tag)")
    }
  }

  @Test func `a restart replaces values like points`() throws {
    let path = Path.join(Self.fixtures, "plugins.tfevents")
    let run = EventRun(reading: EventFolder(name: "run", path: "", files: [path]))
    let text = try #require(run.values.first { $0.tag == "text/scalar" })
    #expect(text.places.map(\.step) == [0, 10, 20, 30])
    #expect(text.superseded.map(\.step) == [30, 40])
    var last: EventValue?
    try EventFileContents.visitValues(of: path, at: [text.places[3]], plugin: "text") { last = $1 }
    #expect(last == .text(TextGrid(dimensions: [], strings: ["after the restart"])))
    let histogram = try #require(run.values.first { $0.tag == "legacy/histogram" })
    #expect(histogram.places.map(\.step) == [0, 10, 20])
  }

  @Test func `a place that holds no record any more is unreadable, and nothing else`() throws {
    let path = Path.join(Self.fixtures, "plugins.tfevents")
    let size = try Files.status(of: path).size
    for offset in [0, 1, 17, size - 3, size, size + 100] {
      let place = ValuePlace(step: 0, wallTime: 0, offset: offset)
      try EventFileContents.visitValues(of: path, at: [place], plugin: "images") { _, value in
        guard case .unreadable = value else {
          Issue.record("\(offset): \(value)")
          return
        }
      }
    }
  }
}
