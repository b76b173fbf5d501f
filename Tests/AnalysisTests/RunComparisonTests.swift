import EventFile
import RunFolder
import Testing

@testable import Analysis

@Suite struct RunComparisonTests {
  @Test func `a run equals itself`() throws {
    let run = testRun(
      "a",
      [
        ("train/loss", 10, lossCurve(200, level: 2, noise: 0.05, seed: 1)),
        ("eval/loss", 500, [3, 2.5, 2.4, 2.45]),
      ])
    let pair = try #require(RunComparison(base: run, new: [run]).pairs.first)
    #expect(pair.pairing.isIdentical)
    #expect(pair.pairing.isPaired)
    #expect(pair.metrics.map(\.verdict) == [.same, .same, .same])
    #expect(pair.metrics.map(\.statistic) == [.final, .best, .last])
    #expect(pair.metrics.allSatisfy { $0.effect?.difference == 0 })
    #expect(pair.loss?.firstDifferentStep == nil)
    #expect(pair.loss?.firstDivergingStep == nil)
    #expect(pair.alignment?.axis == .step)
    #expect(pair.alignment?.baseCoverage == 1)
    #expect(pair.evaluation?.baseBest?.step == 1500)
  }

  @Test func `the same data order is found and narrows the interval`() throws {
    let base = testRun("a", [("train/loss", 1, lossCurve(400, level: 2, noise: 0.1, seed: 1, order: 9))])
    let same = testRun("b", [("train/loss", 1, lossCurve(400, level: 2.05, noise: 0.1, seed: 2, order: 9))])
    let other = testRun("c", [("train/loss", 1, lossCurve(400, level: 2.05, noise: 0.1, seed: 3))])
    let pairs = RunComparison(base: base, new: [same, other]).pairs
    #expect((pairs[0].pairing.correlation ?? 0) > 0.95)
    #expect(pairs[0].pairing.isPaired)
    #expect(pairs[0].metrics[0].effect?.method == .paired)
    #expect(pairs[0].metrics[0].verdict == .worse)
    #expect(abs(pairs[1].pairing.correlation ?? 1) < 0.3)
    #expect(!pairs[1].pairing.isPaired)
    let paired = try #require(pairs[0].metrics[0].effect)
    let welch = try #require(pairs[1].metrics[0].effect)
    #expect(welch.method == .welch)
    #expect(paired.standardError < welch.standardError / 4)
  }

  @Test func `a common trend is no common order`() {
    // Without noise of its own a curve says nothing about data order: here both have the same steep fall.
    for seed in 1...20 as ClosedRange<UInt64> {
      let base = testRun("a", [("train/loss", 1, lossCurve(120, level: 2, noise: 0.05, seed: seed))])
      let new = testRun("b", [("train/loss", 1, lossCurve(120, level: 2, noise: 0.05, seed: seed + 100))])
      #expect(RunComparison(base: base, new: [new]).pairs[0].pairing.isPaired == false)
    }
  }

  @Test func `only the overlap is compared`() throws {
    let long = testRun("long", [("train/loss", 1, lossCurve(1000, level: 2, noise: 0.01, seed: 4))])
    var short = long
    short.name = "short"
    short.metrics[0].series = Series(long.metrics[0].series.prefix(500), tag: "train/loss")
    let pair = RunComparison(base: long, new: [short]).pairs[0]
    let alignment = try #require(pair.alignment)
    #expect(alignment.overlap == 1...500)
    #expect(abs(alignment.baseCoverage - 0.4995) < 0.001)
    #expect(alignment.newCoverage == 1)
    #expect(pair.metrics[0].verdict == .same)
    #expect(pair.metrics[0].baseCount == 500)
  }

  @Test func `runs with other batches are aligned by epoch`() throws {
    let values = lossCurve(400, level: 2, noise: 0.01, seed: 5)
    let epochs = (1...400).map { Double($0) / 100 }
    let base = testRun("a", [("train/loss", 1, values), ("train/epoch", 1, epochs)])
    // Twice the batch: half the steps for each epoch.
    let half = stride(from: 1, to: 400, by: 2).map { values[$0] }
    let halfEpochs = stride(from: 1, to: 400, by: 2).map { epochs[$0] }
    let new = testRun("b", [("train/loss", 1, half), ("train/epoch", 1, halfEpochs)])
    let pair = RunComparison(base: base, new: [new]).pairs[0]
    let alignment = try #require(pair.alignment)
    #expect(alignment.axis == .epoch)
    #expect(!alignment.sharesSteps)
    #expect(alignment.overlap == 0.02...4)
    #expect(pair.metrics[0].verdict == .same)
    let bySteps = RunComparison(base: base, new: [new], options: .init(axis: .step)).pairs[0]
    #expect(bySteps.alignment?.overlap == 1...200)
    #expect(bySteps.metrics[0].verdict != .same)
  }

  @Test func `tokens go before epochs and steps that agree before both`() throws {
    let values = lossCurve(100, level: 2, noise: 0.01, seed: 6)
    func run(_ name: String, tokensPerStep: Double) -> TrainingRun {
      testRun(
        name,
        [
          ("train/loss", 1, values), ("train/epoch", 1, (1...100).map { Double($0) / 50 }),
          ("train/num_input_tokens_seen", 1, (1...100).map { Double($0) * tokensPerStep }),
        ])
    }
    let base = run("a", tokensPerStep: 1000)
    #expect(
      RunComparison(base: base, new: [run("b", tokensPerStep: 2000)]).pairs[0].alignment?.axis == .tokens)
    #expect(RunComparison(base: base, new: [run("b", tokensPerStep: 1000)]).pairs[0].alignment?.axis == .step)
  }

  @Test func `time leaves out the pause before a resumed segment`() throws {
    let values = lossCurve(100, level: 2, noise: 0.01, seed: 6)
    let base = testRun("a", [("train/loss", 1, values)])
    var resumed = base
    for index in 50..<100 { resumed.metrics[0].series.wallTimes[index] += 5000 }
    resumed.segments = [
      Segment(firstStep: 1, lastStep: 50, origin: "x"), Segment(firstStep: 51, lastStep: 100, origin: "y"),
    ]
    let pair = RunComparison(base: base, new: [resumed], options: .init(axis: .time)).pairs[0]
    #expect(pair.alignment?.overlap == 0...99)
  }

  @Test func `the step where two runs part is found`() throws {
    let base = lossCurve(600, level: 2, noise: 0.02, seed: 7)
    var parted = lossCurve(600, level: 2, noise: 0.02, seed: 8)
    for index in 300..<600 { parted[index] += 0.002 * Double(min(100, index - 300)) }
    let pair = RunComparison(
      base: testRun("a", [("train/loss", 1, base)]), new: [testRun("b", [("train/loss", 1, parted)])]
    ).pairs[0]
    let step = try #require(pair.loss?.firstDivergingStep)
    #expect((290...345).contains(step), "\(step)")
    #expect(pair.metrics[0].verdict == .worse)

    var late = base
    for index in 420..<600 { late[index] += 0.0001 }
    let paired = RunComparison(
      base: testRun("a", [("train/loss", 1, base)]), new: [testRun("b", [("train/loss", 1, late)])]
    ).pairs[0]
    #expect(paired.loss?.firstDifferentStep == 421)
    #expect(paired.metrics[0].verdict == .same)
  }

  @Test func `evaluations over sets of other sizes are not compared`() throws {
    func run(_ name: String, runtime: [Double], speed: [Double]) -> TrainingRun {
      testRun(
        name,
        [
          ("train/loss", 10, lossCurve(100, level: 2, noise: 0.01, seed: 1)), ("eval/loss", 500, [2.5, 2.4]),
          ("eval/runtime", 500, runtime), ("eval/samples_per_second", 500, speed),
        ])
    }
    let base = run("a", runtime: [0.4001, 0.4002], speed: [219.933, 219.89])
    let same = run("b", runtime: [0.1812, 0.1811], speed: [485.764, 485.9])
    let other = run("c", runtime: [0.1812, 0.1811], speed: [491.17, 491.44])
    let pairs = RunComparison(base: base, new: [same, other]).pairs
    #expect(pairs[0].evaluationSets.relation == .sameSize)
    #expect(pairs[0].evaluationSets.baseSamples == 88)
    #expect(pairs[1].evaluationSets.relation == .different)
    #expect(pairs[1].evaluationSets.newSamples == 89)
    #expect(pairs[1].evaluation == nil)
    let rows = pairs[1].metrics.filter { $0.tag == "eval/loss" }
    #expect(rows.map(\.verdict) == [.notComparable(.evaluationSets), .notComparable(.evaluationSets)])
    #expect(pairs[1].metrics.first { $0.tag == "train/loss" }?.verdict == .same)
  }

  @Test func `settings that differ come with the weightiest first`() {
    var base = testRun("a", [("train/loss", 1, [3, 2, 1])])
    var new = base
    let source = "args/text_summary"
    base.configuration = [
      .init(
        source: source,
        settings: [
          .init(name: "output_dir", value: "a"), .init(name: "group_by_length", value: "false"),
          .init(name: "learning_rate", value: "0.001"), .init(name: "seed", value: "42"),
        ])
    ]
    new.configuration = [
      .init(
        source: source,
        settings: [
          .init(name: "output_dir", value: "b"), .init(name: "group_by_length", value: "true"),
          .init(name: "learning_rate", value: "1e-4"), .init(name: "seed", value: "42.0"),
          .init(name: "packing", value: "true"),
        ])
    ]
    let found = RunComparison(base: base, new: [new]).pairs[0].configuration
    #expect(found.map(\.name) == ["learning_rate", "packing", "group_by_length", "output_dir"])
    #expect(found.map(\.weight) == [.decisive, .decisive, .ordinary, .incidental])
    #expect(found[0].base == "0.001")
    #expect(found[1].base == nil)
  }

  @Test func `a run that ends in NaN is worse and not the same`() {
    let values = lossCurve(100, level: 2, noise: 0.01, seed: 1)
    let base = testRun("a", [("train/loss", 1, values)])
    let new = testRun("b", [("train/loss", 1, values.prefix(80) + [Double](repeating: .nan, count: 20))])
    let pair = RunComparison(base: base, new: [new]).pairs[0]
    #expect(pair.metrics[0].verdict == .worse)
    #expect(pair.metrics[0].effect == nil)
    #expect(pair.metrics[0].newNonFinite == 20)
    #expect(pair.loss?.firstNonFiniteStep == 81)
  }

  @Test func `time to target and area are those of the curve`() throws {
    let base = testRun("a", [("train/loss", 1, [4, 3, 2, 1]), ("eval/loss", 2, [3, 2])])
    let new = testRun("b", [("train/loss", 1, [4, 2, 1, 1]), ("eval/loss", 2, [2, 1])])
    let pair = RunComparison(base: base, new: [new]).pairs[0]
    let evaluation = try #require(pair.evaluation)
    #expect(evaluation.target == 2)
    #expect(evaluation.baseReached?.step == 4)
    #expect(evaluation.newReached?.step == 2)
    #expect(evaluation.newReached?.seconds == 0)
    let loss = try #require(pair.loss)
    #expect(loss.baseArea == 2.5)
    #expect(loss.newArea == 5.5 / 3)
    #expect(pair.metrics.first { $0.tag == "eval/loss" }?.verdict == .better)
  }

  @Test func `runs without anything in common are told apart, not trapped on`() {
    let base = testRun("a", [("train/loss", 1, [4, 3, 2, 1])])
    #expect(RunComparison(base: base, new: [testRun("b", [])]).pairs[0].alignment == nil)
    #expect(RunComparison(base: testRun("b", []), new: [base]).pairs[0].metrics.isEmpty)
    var late = base
    late.metrics[0].series.steps = [100, 101, 102, 103]
    let pair = RunComparison(base: base, new: [late]).pairs[0]
    #expect(pair.alignment == nil)
    #expect(pair.metrics.isEmpty)
    var extreme = base
    extreme.metrics[0].series.steps = [.min, 0, 5, .max]
    _ = RunComparison(base: base, new: [extreme])
    _ = RunComparison(base: extreme, new: [extreme])
    let allNaN = testRun("n", [("train/loss", 1, [.nan, .nan, .nan, .infinity])])
    #expect(RunComparison(base: allNaN, new: [allNaN]).pairs[0].metrics[0].verdict != .same)
  }

  @Test(arguments: [
    ("train/loss", MetricDirection.lower), ("eval/loss", .lower), ("eval/accuracy", .higher),
    ("train/rewards/margins", .higher), ("train/grad_norm", .neutral), ("train/learning_rate", .neutral),
    ("eval/runtime", .neutral), ("eval/samples_per_second", .higher), ("train/epoch", .neutral),
    ("eval/rouge-l", .higher), ("eval/wer", .lower), ("train/total_flos", .neutral),
  ])
  func `names tell which way is better`(tag: String, direction: MetricDirection) {
    #expect(MetricDirection(ofTag: tag) == direction)
  }
}

extension Series {
  init(_ points: some Collection<Point>, tag: String) {
    self.init(
      tag: tag, steps: points.map(\.step), wallTimes: points.map(\.wallTime), values: points.map(\.value))
  }
}

@Suite struct CommonPartTests {
  private func verdict(_ base: TrainingRun, _ new: TrainingRun) -> MetricComparison.Verdict? {
    RunComparison(base: base, new: [new]).pairs[0].metrics.first { $0.tag == "train/loss" }?.verdict
  }

  @Test func `one point on each side decides nothing`() {
    let base = testRun("base", [("train/loss", 10, [2.5])])
    let new = testRun("new", [("train/loss", 10, [2.3])])
    #expect(verdict(base, new) == .notComparable(.fewPoints))
    #expect(verdict(base, base) == .same)
  }

  @Test func `less than a tenth in common decides nothing`() {
    let base = testRun("base", [("train/loss", 10, lossCurve(200, level: 2, noise: 0.01, seed: 1))])
    var late = testRun("late", [("train/loss", 10, lossCurve(200, level: 3, noise: 0.01, seed: 2))])
    for index in late.metrics[0].series.steps.indices { late.metrics[0].series.steps[index] += 1950 }
    #expect(verdict(base, late) == .notComparable(.shortOverlap))
  }
}
