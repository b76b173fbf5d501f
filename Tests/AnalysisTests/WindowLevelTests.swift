import Analysis
import EventFile
import JSON
import Testing

@Suite struct WindowLevelTests {
  @Test(arguments: ["white", "falling", "correlated", "alternating", "short"])
  func `level, spread and intervals are those of numpy and scipy`(name: String) throws {
    let truth = try #require(try Truth.load("windows")[name])
    let values = try truth.numbers("values")
    let steps = try #require(truth["steps"]?.array).map { try #require($0.int64) }
    let series = Series(
      tag: "loss", steps: steps, wallTimes: values.map { _ in 0 }, values: values)
    let level = try #require(WindowLevel(of: series, in: 0..<series.count))
    #expect(agree(level.mean, try truth.number("mean"), 1e-13))
    #expect(agree(level.autocorrelationTime, try truth.number("tau"), 1e-9))
    #expect(agree(level.deviation, try truth.number("deviation"), 1e-9))
    #expect(agree(level.standardError, try truth.number("error"), 1e-9))
    #expect(agree(level.interval.upperBound - level.mean, try truth.number("half"), 1e-7))
    #expect(agree(level.mean - level.interval.lowerBound, try truth.number("half"), 1e-7))
    #expect(agree(level.slope, try truth.number("slope"), 1e-8))
    #expect(agree(level.slopeInterval.upperBound - level.slope, try truth.number("slope_half"), 1e-7))
    #expect(level.count == values.count { $0.isFinite })
    #expect(level.nonFiniteCount == values.count { !$0.isFinite })
    #expect(agree(level.effectiveCount * level.autocorrelationTime, Double(level.count)))
    #expect(level.steps == steps[0]...steps[steps.count - 1])
  }

  @Test(arguments: [
    (1000, 0.1, 900..<1000), (100, 0.1, 80..<100), (12, 0.1, 6..<12), (25, 0.1, 12..<25), (4, 0.1, 1..<4),
    (2, 0.1, 0..<2), (1001, 0.1, 900..<1001),
    (50, 1.0, 0..<50), (50, 7.0, 0..<50), (50, -1.0, 30..<50), (0, 0.1, 0..<0),
  ])
  func `a window is a share of the points and at least twenty, or half of a short curve`(
    count: Int, share: Double, wanted: Range<Int>
  ) {
    #expect(WindowLevel.range(share: share, count: count) == wanted)
  }

  @Test func `too few finite points have no level`() {
    #expect(WindowLevel(ofLast: 0.1, of: series("loss", [])) == nil)
    #expect(WindowLevel(ofLast: 0.1, of: series("loss", [1, 2])) == nil)
    #expect(WindowLevel(ofLast: 0.1, of: series("loss", [1, .nan, 2, .infinity])) == nil)
  }

  @Test func `a constant window is known exactly`() throws {
    let level = try #require(WindowLevel(ofLast: 0.5, of: series("loss", .init(repeating: 0.1, count: 60))))
    #expect(level.mean == 0.1)
    #expect(level.interval == 0.1...0.1)
    #expect(level.autocorrelationTime == 1)
    #expect(level.count == 30)
  }

  @Test func `points of one step only have no slope`() throws {
    let flat = Series(
      tag: "loss", steps: [5, 5, 5, 5], wallTimes: [0, 0, 0, 0], values: [1, 2, 3, 4])
    let level = try #require(WindowLevel(ofLast: 1, of: flat))
    #expect(level.slope == 0)
    #expect(level.mean == 2.5)
  }

  @Test func `steps at both ends of the integers do not trap`() throws {
    let wide = Series(
      tag: "loss", steps: [.min, 0, .max], wallTimes: [0, 0, 0], values: [1, 2, 4])
    let level = try #require(WindowLevel(ofLast: 1, of: wide))
    #expect(level.slope > 0)
    #expect(level.slope < 1e-18)
  }

  @Test func `long correlated noise has the time of its process, by batches too`() {
    // An AR(1) process has the integrated time (1 + ρ)/(1 − ρ): 9 for ρ = .8.
    var random = Noise(seed: 3)
    for count in [4000, 40_000, 400_000] {
      var state = 0.0
      let values = (0..<count).map { _ in
        state = 0.8 * state + random.normal()
        return state
      }
      let mean = values.reduce(0, +) / Double(count)
      let time = AutocorrelationTime(ofCentred: values.map { $0 - mean }).points
      #expect(time > 7 && time < 11.5, "\(count): \(time)")
    }
  }
}
