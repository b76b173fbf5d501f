import Analysis
import EventFile
import JSON
import RunFolder
import Testing

@testable import Report

@Suite struct ChartDataTests {
  private func numbers(_ value: JSONValue?) -> [Double] {
    (value?.array ?? []).map { $0.double ?? .nan }
  }

  private func lines(_ data: String, panel: Int = 0) throws -> [JSONValue] {
    let panels = try JSONValue(parsing: data)["panels"]?.array ?? []
    return panels[panel]["lines"]?.array ?? []
  }

  @Test func `a page has every point of a usual run`() throws {
    let analysis = RunAnalysis(of: Runs.learning())
    let line = try lines(try #require(LossChart(analysis, axis: .step)).illustration.data)[0]
    let series = try #require(analysis.loss?.series)
    var step = 0.0
    let steps = numbers(line["by"]).map { difference -> Double in
      step += difference
      return step
    }
    #expect(steps == series.steps.map { Double($0) })
    #expect(numbers(line["y"]).count == series.count)
    for (value, true_) in zip(numbers(line["y"]), series.values) { #expect(abs(value - true_) <= 1e-5) }
  }

  @Test func `a page counts in steps whatever the picture counts, and knows the other quantities`() throws {
    let analysis = RunAnalysis(of: Runs.learning())
    let bySteps = try #require(LossChart(analysis, axis: .step))
    let byEpochs = try #require(LossChart(analysis, axis: .epoch))
    let data = try JSONValue(parsing: byEpochs.illustration.data)
    #expect(data["axis"]?.string == "epoch")
    #expect(try lines(byEpochs.illustration.data) == lines(bySteps.illustration.data))
    #expect(numbers(data["x"]) == [0, 3])
    let clock = try #require(data["clocks"]?.array?.first)
    // A straight line needs its two ends alone; steps are what they are.
    #expect((clock["step"]?.array ?? []).map(numbers) == [[0, 1000], [0, 1000]])
    #expect((clock["epoch"]?.array ?? []).map(numbers) == [[10, 1000], [0.03, 3]])
    #expect((clock["time"]?.array ?? []).map(numbers) == [[10, 1000], [0, 594]])
  }

  @Test func `a page of a logarithmic picture begins on a logarithmic axis, in quantities`() throws {
    let analysis = RunAnalysis(of: Runs.learning())
    let scale = HorizontalScale(axis: .step, isLogarithmic: true)
    let drawn = try #require(LossChart(analysis, axis: scale)).illustration.data
    let data = try JSONValue(parsing: drawn)
    #expect(data["log"]?.bool == true && data["axis"]?.string == "step")
    let ends = numbers(data["x"])
    #expect(ends.count == 2 && abs(ends[0] - 10) < 1e-9 && abs(ends[1] - 1000) < 1e-9)
    #expect(try lines(drawn) == lines(try #require(LossChart(analysis, axis: .step)).illustration.data))
  }

  @Test func `a long line is reduced without losing an extreme, and carries its means`() throws {
    let run = Runs.changing(Runs.learning(count: 30_000, every: 1, evaluations: 0)) { $0 == 20_001 ? 42 : $1 }
    let line = try lines(try #require(LossChart(RunAnalysis(of: run), axis: .step)).illustration.data)[0]
    let values = numbers(line["y"])
    #expect(values.count <= 5000 && values.contains(42))
    let means = numbers(line["means"]?["y"])
    #expect(means.count == 1250 && line["means"]?["count"]?.double == 24)
    let truth = run.metrics[0].series.values[24..<48].reduce(0, +) / 24
    #expect(abs(means[1] - truth) < 1e-5)
  }

  @Test func `values that are no numbers are gaps, and no name ends the script`() throws {
    var run = Runs.changing(Runs.learning("</script><script>alert(1)")) { $0 == 50 ? .nan : $1 }
    run.metrics[0].series.values[60] = .infinity
    let data = try #require(LossChart(RunAnalysis(of: run), axis: .step)).illustration.data
    let line = try lines(data)[0]
    #expect(line["y"]?.array?[50] == .null && line["y"]?.array?[60] == .null)
    let overlay = OverlayChart([RunAnalysis(of: run)], names: ["</script>\u{2028}"], title: "t", axis: .step)
    #expect(!data.contains("<") && overlay?.illustration.data.contains("<") == false)
  }

  @Test(arguments: [
    (0.1, "0.1"), (-2.5, "-2.5"), (1.0 / 3, "0.333333"), (4.7791234, "4.77912"),
    (0.00012345678, "0.000123457"),
    (2e-5, "2e-5"), (1.5e-300, "15e-301"), (123_456.789, "123457"), (9.9999999, "1e1"), (1e20, "1e20"),
    (12, "12"),
    (-0.0, "0"), (.nan, "null"), (.infinity, "null"), (.leastNonzeroMagnitude, "494066e-329"),
    (1.7e308, "17e307"),
  ])
  func `numbers have six digits`(value: Double, text: String) {
    var json = CompactJSON()
    json.number(value)
    #expect(json.text == text)
  }

  @Test func `differences add up to the places, however many they are`() throws {
    let places = (0..<10_000).map { Double($0) / 3 }
    var json = CompactJSON()
    var sum = CompactJSON.Sum()
    json.list(places) { $0.difference($1, &sum) }
    var total = 0.0
    for (difference, place) in zip(numbers(try JSONValue(parsing: json.text)), places) {
      total += difference
      #expect(abs(total - place) < 1e-5)
    }
  }

  @Test func `corners keep a clock within a ten-thousandth, through a pause`() {
    let steps = (0..<4000).map { Int64($0) }
    let times = steps.map { Double($0) * 0.7 + ($0 >= 1500 ? 3600 : 0) + ($0 % 7 == 0 ? 0.05 : 0) }
    let (places, values) = Interpolation(sampling: steps, times).corners
    let kept = Interpolation(x: places, y: values)
    #expect(places.count < 12)
    for (step, time) in zip(steps, times) {
      #expect(abs(kept.value(at: Double(step)) - time) <= 1.0001e-4 * ((times.last ?? 0) - times[0]))
    }
  }
}
