import EventFile
import JSON
import RunFolder
import Testing

@testable import Analysis

/// Where an unfinished run is heading.
@Suite struct ForecastTests {
  /// A run that falls to 1.2 and was cut after `seen` of `planned` steps, a point each; `jump` is taken off at each epoch.
  private func run(
    seen: Int, planned: Int, noise: Double = 0.02, epochs: Double? = nil, jump: Double = 0, seed: UInt64 = 1
  ) -> TrainingRun {
    var random = Noise(seed: seed)
    let steps = (1...seen).map { Int64($0) }
    let values = steps.map { step -> Double in
      let epoch = epochs.map { Double(step - 1) / Double(planned) * $0 } ?? 0
      return 1.2 + 2 / Double(step).squareRoot() - jump * epoch.rounded(.down) + noise * random.normal()
    }
    func metric(_ tag: String, _ values: [Double]) -> Metric {
      Metric(series: Series(tag: tag, steps: steps, wallTimes: steps.map { Double($0) }, values: values))
    }
    var run = TrainingRun(name: "run", path: "run", metrics: [metric("train/loss", values)])
    if let epochs {
      run.metrics.append(metric("train/epoch", steps.map { Double($0) / Double(planned) * epochs }))
    }
    return run
  }

  private func forecast(_ run: TrainingRun, planned: Int64) throws(Forecast.Abstention) -> Forecast {
    try Forecast(run.metrics[0].series, of: run, planned: planned)
  }

  @Test func `the continuations are those of numpy's fits`() throws {
    for truth in try #require(try Truth.load("curves", from: "forecasts.json").array) {
      let steps = try truth.numbers("steps").map { Int64($0) }
      let series = Series(
        tag: "train/loss", steps: steps, wallTimes: steps.map { _ in 0 }, values: try truth.numbers("values"))
      let curve = ForecastCurve(series, epochs: EpochBoundaries(TrainingRun(name: "", path: "")))
      let found = curve.continuations(
        to: Int64(try truth.number("planned")), jumps: try truth.numbers("jumps").map { Int($0) })
      for (value, wanted) in zip(found, try truth.numbers("continuations")) {
        #expect(abs(value - wanted) < 1e-9 * abs(wanted))
      }
      #expect(found.count == 4)
    }
  }

  @Test func `of twenty curves nine in ten end where it was foretold`() throws {
    var hits = 0
    for seed in 1...20 {
      let whole = run(seen: 200, planned: 200, seed: UInt64(seed))
      let truth = whole.metrics[0].series.values.suffix(20).reduce(0, +) / 20
      let forecast = try forecast(run(seen: 120, planned: 200, seed: UInt64(seed)), planned: 200)
      #expect(forecast.step == 200 && forecast.seen == 0.6)
      if forecast.interval.contains(truth) { hits += 1 }
      #expect(abs(forecast.level / truth - 1) < 0.05)
    }
    #expect(hits >= 18)
  }

  @Test func `a level is reached, missed, or nobody can tell`() throws {
    let forecast = try forecast(run(seen: 150, planned: 200), planned: 200)
    // What is to be missed for sure is twice as far off as the end of the interval.
    let far = forecast.interval.lowerBound * forecast.interval.lowerBound / forecast.level
    #expect(forecast.reaching(far * 0.99) == .missed)
    #expect(forecast.reaching(forecast.interval.lowerBound * 0.99) == .open)
    #expect(forecast.reaching(forecast.level) == .open)
    #expect(forecast.reaching(forecast.interval.upperBound) == .reached)
  }

  @Test func `the last point before the half is the half`() throws {
    // Every fourth step of 200: the last one up to the half is 98.
    let whole = run(seen: 200, planned: 200)
    var series = whole.metrics[0].series
    let kept = series.steps.indices.filter { series.steps[$0] % 4 == 2 && series.steps[$0] <= 98 }
    series = Series(
      tag: series.tag, steps: kept.map { series.steps[$0] }, wallTimes: kept.map { series.wallTimes[$0] },
      values: kept.map { series.values[$0] })
    #expect(try Forecast(series, of: whole, planned: 200).seen == 0.49)
    #expect(throws: Forecast.Abstention.beforeHalf) { try Forecast(series, of: whole, planned: 220) }
  }

  @Test func `it abstains, and says why`() {
    func reason(_ run: TrainingRun, _ planned: Int64 = 200) -> Forecast.Abstention? {
      do throws(Forecast.Abstention) {
        _ = try forecast(run, planned: planned)
        return nil
      } catch {
        return error
      }
    }
    #expect(reason(run(seen: 98, planned: 200)) == .beforeHalf)
    #expect(reason(run(seen: 15, planned: 20), 20) == .fewPoints)
    #expect(reason(run(seen: 120, planned: 200, epochs: 3, jump: 0.3)) == .epochAhead)
    #expect(reason(run(seen: 120, planned: 200, epochs: 1.5)) == .epochAhead)
    #expect(reason(run(seen: 120, planned: 200, epochs: 3)) == nil)
    #expect(reason(run(seen: 190, planned: 200, epochs: 3, jump: 0.3)) == nil)
    #expect(reason(run(seen: 120, planned: 200, noise: 0.9)) == .notPositive)
    #expect(reason(run(seen: 120, planned: 200, noise: 0.38)) == .wide)
    var rising = run(seen: 150, planned: 200)
    for index in 100..<150 { rising.metrics[0].series.values[index] *= 1 + 0.003 * Double(index - 100) }
    #expect(reason(rising) == .rising)
    var stable = run(seen: 150, planned: 200)
    stable.configuration = [
      ConfigurationSection(
        source: "args", settings: [Setting(name: "lr_scheduler_type", value: "warmup_stable_decay")])
    ]
    #expect(reason(stable) == .decayAhead)
  }

  @Test func `a run that came to its end has none, one that was cut has`() {
    #expect(RunAnalysis(of: run(seen: 200, planned: 200)).forecast == nil)
    var cut = run(seen: 150, planned: 200)
    cut.configuration = [
      ConfigurationSection(source: "args", settings: [Setting(name: "max_steps", value: "200")])
    ]
    guard case .success(let forecast) = RunAnalysis(of: cut).forecast else {
      Issue.record("no forecast")
      return
    }
    #expect(forecast.step == 200)
  }

  @Test(arguments: [Int64.max, 1 << 62, 2]) func `no plan traps`(planned: Int64) {
    let extreme = Series(
      tag: "train/loss", steps: [Int64.min + 1, -1, 0, 1], wallTimes: [0, 0, 0, 0],
      values: [1, 2, 1e300, 1e-300])
    _ = try? Forecast(extreme, of: TrainingRun(name: "", path: ""), planned: planned)
    let steps = (0..<30).map { Int64.max - 60 + $0 }
    let late = Series(
      tag: "train/loss", steps: steps, wallTimes: steps.map { _ in 0 }, values: steps.map { _ in 1e300 })
    _ = try? Forecast(late, of: TrainingRun(name: "", path: ""), planned: .max)
  }
}
