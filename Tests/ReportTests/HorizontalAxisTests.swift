import Analysis
import EventFile
import RunFolder
import Testing

@testable import Report

@Suite struct HorizontalMappingTests {
  private let run = RunAnalysis(of: Runs.learning())

  @Test func `each axis places the points by its own quantity`() throws {
    let series = try #require(run.loss?.series)
    #expect(HorizontalMapping(.step, for: run).places(of: series).last == 1000)
    #expect(HorizontalMapping(.epoch, for: run).places(of: series).last == 3)
    let relative = HorizontalMapping(.relative, for: run)
    #expect(abs((relative.places(of: series).last ?? 0) - 594) < 0.01)
    #expect(abs(relative.place(of: 505) - 297) < 0.01)
  }

  @Test func `a run that lacks the quantity falls back to steps`() {
    var bare = Runs.learning()
    bare.metrics = [bare.metrics[0]]
    bare.metrics[0].series.wallTimes = bare.metrics[0].series.wallTimes.map { _ in .nan }
    let analysis = RunAnalysis(of: bare)
    for axis in HorizontalAxis.allCases {
      #expect(HorizontalMapping(HorizontalScale(axis: axis), for: analysis).axis == .step)
    }
  }

  @Test func `epochs stand under their steps`() throws {
    let mapping = HorizontalMapping(.step, for: run)
    let second = try #require(mapping.secondTicks(on: .linear(0...1000, from: 0, to: 100), count: 3))
    #expect(second.name == "epoch" && second.ticks.map(\.label) == ["0", "1", "2", "3"])
    #expect(second.ticks.map { $0.value.rounded() } == [0, 333, 667, 1000])
  }

  @Test func `equal ratios are equally far apart on a logarithmic axis, and 0 is nowhere`() throws {
    let mapping = HorizontalMapping(HorizontalScale(axis: .step, isLogarithmic: true), for: run)
    #expect([1, 10, 100].map { mapping.place(of: $0) } == [0, 1, 2])
    let places = mapping.places(
      of: Series(tag: "loss", steps: [0, 10, 1000], wallTimes: [0, 1, 2], values: [1, 2, 3]))
    #expect(Array(places) == [-.infinity, 1, 3])
    let scale = Scale.linear(0...3, from: 0, to: 300)
    #expect(mapping.ticks(on: scale, count: 4).map(\.label) == ["1", "10", "100", "1,000"])
    #expect(mapping.ticks(on: scale, count: 4).map(\.value) == [0, 1, 2, 3])
    // 3 epochs in 1,000 steps: the first ends at 333⅓.
    let second = try #require(mapping.secondTicks(on: .linear(2...3, from: 0, to: 100), count: 3))
    let first = try #require(second.ticks.first { $0.label == "1" })
    #expect(second.name == "epoch" && abs(first.value - 2.5229) < 1e-3)
  }

  @Test func `times have no logarithmic axis`() {
    let mapping = HorizontalMapping(HorizontalScale(axis: .relative, isLogarithmic: true), for: run)
    #expect(
      !mapping.isLogarithmic
        && mapping.place(of: 505) == HorizontalMapping(.relative, for: run).place(of: 505))
  }

  @Test func `an axis begins at 0 where the first point is near it`() {
    #expect(HorizontalMapping.domain(of: [Places([10, 1000])]) == 0...1000)
    #expect(HorizontalMapping.domain(of: [Places([500, 1000])]) == 500...1000)
    #expect(HorizontalMapping.domain(of: [Places.steps([7])]) == 6...8)
    #expect(HorizontalMapping.domain(of: [Places]()) == 0...1)
  }
}

@Suite struct TimeTicksTests {
  @Test func `durations use the units of clocks`() {
    #expect(
      TimeTicks.elapsed(0...600, count: 5).map(\.label) == [
        "0", "2 min", "4 min", "6 min", "8 min", "10 min",
      ])
    #expect(
      TimeTicks.elapsed(0...10_000, count: 5).map(\.label) == ["0", "0.5 h", "1 h", "1.5 h", "2 h", "2.5 h"])
    #expect(TimeTicks.elapsed(0...400_000, count: 5).map(\.label) == ["0", "1 d", "2 d", "3 d", "4 d"])
    #expect(TimeTicks.elapsed(0...0.5, count: 5).map(\.label).last == "0.5 s")
  }

  @Test func `moments show the date once a day`() {
    let ticks = TimeTicks.clock(0...90_000, from: 1_795_462_781, count: 4)
    #expect(ticks.map(\.label) == ["11-24 00:00", "06:00", "12:00", "18:00"])
  }
}
