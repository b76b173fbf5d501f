import EventFile
import JSON
import RunFolder
import Testing

@testable import Analysis

@Suite struct GoldenCurveTests {
  private func golden(_ runs: [TrainingRun]) throws -> GoldenBaseline {
    try GoldenBaseline(calibrating: runs, window: 0.1, confidence: 0.95)
  }

  private func loss(_ name: String, _ values: [Double], every: Int64 = 10) -> TrainingRun {
    testRun(name, [("train/loss", every, values)])
  }

  /// Where `run` leaves the training loss of `golden`, to either side.
  private func divergence(
    _ golden: GoldenBaseline, _ run: TrainingRun, tag: String = "train/loss"
  ) throws -> GoldenCurve.Divergence? {
    let above = try divergence(golden, run, tag: tag, side: .above)
    let below = try divergence(golden, run, tag: tag, side: .below)
    #expect(above == nil || below == nil)
    return above ?? below
  }

  private func divergence(
    _ golden: GoldenBaseline, _ run: TrainingRun, tag: String = "train/loss", side: GoldenCurve.Side
  ) throws -> GoldenCurve.Divergence? {
    let metric = try #require(golden.metric(named: tag))
    let series = try #require(run.metric(tagged: tag)?.series)
    return try #require(metric.curve).divergence(
      of: series, try #require(GoldenAlignment(golden, run, axis: .automatic)), side: side,
      runCount: golden.runs.count,
      lastStep: metric.lastStep, isNoisy: MetricAligner.isNoisy(tag), confidence: 0.95)
  }

  @Test func `curves and the places where runs leave them are numpy's`() throws {
    for truth in try #require(try Truth.load("cases", from: "golden-curves.json").array) {
      let runs = try #require(truth["runs"]?.array).enumerated().map { index, values in
        loss("run\(index)", try #require(values.array).compactMap(\.double))
      }
      let golden = try golden(runs)
      let places = try #require(golden.metric(named: "train/loss")?.curve?.places)
      let wanted = try #require(truth["curve"]?.array)
      #expect(places.map(\.firstStep) == wanted.compactMap { $0["first_step"]?.int64 })
      for (place, truth) in zip(places, wanted) {
        #expect(agree(place.level, try truth.number("level"), 1e-9))
        #expect(agree(place.noise, try truth.number("noise"), 1e-9))
        #expect(place.spread.map { agree($0, truth["spread"]?.double ?? .nan, 1e-9) } ?? (runs.count == 1))
      }
      let new = loss("new", try truth.numbers("new"))
      #expect(try divergence(golden, new, side: .above)?.step == truth["above"]?.int64)
      #expect(try divergence(golden, new, side: .below)?.step == truth["below"]?.int64)
    }
  }

  @Test func `a curve of few points keeps them all`() throws {
    let golden = try golden([loss("a", [4, 3, 2.5, 2.25, 2, 2])])
    let places = try #require(golden.metrics.first?.curve?.places)
    #expect(places.map(\.firstStep) == [10, 20, 30, 40, 50, 60])
    #expect(places.map(\.level) == [4, 3, 2.5, 2.25, 2, 2])
    #expect(places.allSatisfy { $0.spread == nil })
  }

  @Test func `the run that a curve was made from does not leave it`() throws {
    for count in [5, 30, 64, 65, 200, 5000] {
      let run = loss("a", lossCurve(count, level: 2, noise: 0.05, seed: UInt64(count)))
      #expect(try divergence(try golden([run]), run) == nil)
    }
  }

  @Test(arguments: [1, 3]) func `a run that leaves the curve is told within one place`(runs: Int) throws {
    for (number, share) in [0.1, 0.3, 0.5, 0.77, 0.9].enumerated() {
      for count in [100, 200, 1000] {
        let base = (0..<runs).map { index in
          loss("r\(index)", lossCurve(count, level: 2, noise: 0.02, seed: UInt64(100 * number + index)))
        }
        var values = lossCurve(count, level: 2, noise: 0.02, seed: UInt64(7000 + number))
        let start = Int(share * Double(count))
        for index in start..<count { values[index] += number.isMultiple(of: 2) ? 0.2 : -0.2 }
        let found = try #require(try divergence(try golden(base), loss("new", values)))
        let step = Int64(start + 1) * 10
        #expect(abs(found.step - step) <= max(10, found.width), "\(found) for \(step)")
        #expect(found.width <= Int64(10 * ((count + 63) / 64)))
      }
    }
  }

  @Test(arguments: [0.0, 0.5]) func `noise alone leaves a curve in few of a hundred cases`(rho: Double) throws
  {
    for runs in [1, 3] {
      var alarms = 0
      let trials = 200
      for trial in 0..<trials {
        let all = (0...runs).map { index in
          correlatedNoise(300, memory: rho, seed: UInt64(trial * 10 + index) + UInt64(rho * 1e6)).enumerated()
            .map { 2 + 2 / (1 + 0.1 * Double($0)) + 0.05 * $1 }
        }
        let golden = try golden(all.dropLast().map { loss("r", $0) })
        if try divergence(golden, loss("new", all[runs])) != nil { alarms += 1 }
      }
      #expect(alarms <= trials / 50, "\(alarms) of \(trials) with \(runs)")
    }
  }

  @Test func `a spike that is gone again is no divergence`() throws {
    let golden = try golden([loss("a", lossCurve(200, level: 2, noise: 0.02, seed: 1))])
    var values = lossCurve(200, level: 2, noise: 0.02, seed: 2)
    values[100] = 40
    #expect(try divergence(golden, loss("new", values)) == nil)
    for index in 150..<200 { values[index] += 0.1 }
    let found = try #require(try divergence(golden, loss("new", values)))
    #expect((1470...1550).contains(found.step), "\(found)")
  }

  @Test func `a run among the seeds of a baseline does not leave it, and one far from them does`() throws {
    func run(_ offset: Double, _ seed: UInt64) -> TrainingRun {
      loss("r", lossCurve(300, level: 2 + offset, noise: 0.02, seed: seed))
    }
    let seeds = try golden([run(0.05, 1), run(-0.05, 2), run(0, 3)])
    #expect(try divergence(seeds, run(0.06, 4)) == nil)
    #expect(try divergence(seeds, run(0.5, 4))?.step == 10)
    #expect(try divergence(try golden([run(0, 3)]), run(0.06, 4)) != nil)
  }

  @Test func `evaluations differ from the point on from which all do`() throws {
    let base = testRun("a", [("eval/loss", 100, [3, 2.5, 2.4, 2.3, 2.2])])
    let golden = try golden([base])
    func left(_ values: [Double]) throws -> Int64? {
      try divergence(golden, testRun("b", [("eval/loss", 100, values)]), tag: "eval/loss")?.step
    }
    #expect(try left([3, 2.5, 2.4, 2.3, 2.2]) == nil)
    #expect(try left([3, 2.5, 2.4, 2.3000001, 2.2000001]) == nil)
    #expect(try left([3, 2.5, 2.5, 2.4, 2.3]) == 300)
    #expect(try left([3, 2.6, 2.4, 2.4, 2.3]) == 400)
    #expect(try left([3, 2.6, 2.3, 2.4, 2.3]) == 400)
    #expect(try left([3, 2.6, 2.5, 2.4, 2.2]) == nil)
    let other = testRun("c", [("eval/loss", 100, [3, 2.5, 2.4, 2.4, 2.25])])
    let both = try self.golden([base, other])
    let near = testRun("b", [("eval/loss", 100, [3, 2.5, 2.4, 2.32, 2.28])])
    let far = testRun("b", [("eval/loss", 100, [3, 2.5, 2.5, 2.6, 2.5])])
    #expect(try divergence(both, near, tag: "eval/loss") == nil)
    #expect(try divergence(both, far, tag: "eval/loss")?.step == 300)
  }

  @Test func `values that are not finite, and a lonely stretch, leave a curve whole`() throws {
    var values = lossCurve(200, level: 2, noise: 0.02, seed: 1)
    for index in 40..<60 { values[index] = .nan }
    let gap = loss("gap", values)
    let whole = loss("whole", lossCurve(200, level: 2, noise: 0.02, seed: 2))
    for runs in [[gap, whole], [whole, gap]] {
      let places = try #require(try golden(runs).metrics.first?.curve?.places)
      #expect(places.count < 64 && places.count > 50)
      #expect(places.allSatisfy { $0.level.isFinite && $0.noise.isFinite })
      #expect(zip(places, places.dropFirst()).allSatisfy { $0.firstStep < $1.firstStep })
    }
    var empty = whole
    for index in empty.metrics[0].series.values.indices { empty.metrics[0].series.values[index] = .nan }
    #expect(GoldenCurve(of: [empty.metrics[0].series], lastStep: 2000, isNoisy: true) == nil)
    #expect(GoldenCurve(of: [], lastStep: 2000, isNoisy: true) == nil)
  }

  @Test func `a run of another batch size is held against the same tokens`() throws {
    // Twice the batch: half the steps, each with twice the tokens.
    func run(_ name: String, _ values: [Double], tokensPerPoint: Double) -> TrainingRun {
      let tokens = values.indices.map { Double($0 + 1) * tokensPerPoint }
      return testRun(name, [("train/loss", 10, values), ("train/num_input_tokens_seen", 10, tokens)])
    }
    let curve = lossCurve(400, level: 2, noise: 0.01, seed: 1)
    let golden = try golden([run("a", curve, tokensPerPoint: 1000)])
    #expect(golden.clocks.map(\.axis) == [.tokens])
    let half = stride(from: 1, to: 400, by: 2).map {
      curve[$0] + 0.01 * correlatedNoise(1, seed: UInt64($0))[0]
    }
    var late = half
    for index in 120..<200 { late[index] += 0.2 }
    #expect(try divergence(golden, run("b", half, tokensPerPoint: 2000)) == nil)
    let found = try #require(try divergence(golden, run("b", late, tokensPerPoint: 2000)))
    #expect((2370...2460).contains(found.step), "\(found)")
    func status(_ run: TrainingRun, _ axis: AlignmentAxis) -> GateCheck {
      let gate = Gate(
        id: "g", subject: .metric(Glob("train/loss")), statistic: .final,
        bounds: [.increase(.relative(0.01))],
        settings: .init(axis: axis))
      return GateEvaluation(run: run, baseline: .golden(golden), weights: .unavailable("")).result(gate)
        .checks[0]
    }
    #expect(status(run("b", half, tokensPerPoint: 2000), .automatic).status == .pass)
    #expect(status(run("b", half, tokensPerPoint: 2000), .tokens).status == .pass)
    #expect(status(run("b", late, tokensPerPoint: 2000), .tokens).status == .fail)
    #expect(
      status(run("b", half, tokensPerPoint: 2000), .step).reason == .endsEarly(reached: 2000, wanted: 4000))
    #expect(status(run("b", half, tokensPerPoint: 2000), .epoch).reason == .noOverlap)
    #expect(status(run("b", half, tokensPerPoint: 2000), .time).reason == .noOverlap)
  }

  @Test func `a failure against a golden file tells where the run left it`() throws {
    let base = loss("a", lossCurve(200, level: 2, noise: 0.02, seed: 1))
    var late = loss("b", lossCurve(200, level: 2, noise: 0.02, seed: 2))
    for index in 100..<200 { late.metrics[0].series.values[index] += 0.3 }
    let gate = Gate(
      id: "g", subject: .metric(Glob("train/loss")), statistic: .final, bounds: [.increase(.relative(0.01))])
    func check(_ run: TrainingRun) throws -> GateCheck {
      GateEvaluation(run: run, baseline: .golden(try golden([base])), weights: .unavailable("")).result(gate)
        .checks[0]
    }
    let failed = try check(late)
    #expect(failed.status == .fail)
    #expect((980...1040).contains(try #require(failed.divergingStep)))
    #expect(try #require(failed.divergingWidth) <= 40)
    let passed = try check(base)
    #expect(passed.status == .pass && passed.divergingStep == nil && passed.divergingWidth == nil)
  }
}
