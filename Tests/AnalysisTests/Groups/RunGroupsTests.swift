import EventFile
import JSON
import RunFolder
import Testing

@testable import Analysis

@Suite struct RunGroupsTests {
  /// Runs of each learning rate and seed, with the given figures.
  private func runs(_ figures: [(rate: String, figures: [Double])]) -> [TrainingRun] {
    figures.flatMap { rate, figures in
      figures.enumerated().map { seed, figure in
        GroupRuns.run(
          "lr\(rate)/\(seed)", settings: [("learning_rate", rate), ("seed", "\(seed)")], figure: figure)
      }
    }
  }

  @Test func `seeds of one setting are one group, and means decide`() throws {
    let groups = try #require(
      try RunGroups(of: GroupRuns.analyses(runs([("1e-4", [1.2, 1.0, 1.1]), ("2e-4", [0.9, 1.05, 1.0])]))))
    #expect(groups.groups.map(\.members) == [[3, 4, 5], [0, 1, 2]])
    #expect(groups.groups.map(\.values) == [["2e-4"], ["1e-4"]])
    #expect(groups.seedNames == ["seed"])
    #expect(groups.metric?.tag == "eval/loss" && groups.metric?.isBest == true)
    #expect(groups.groups[0].statistics?.median == 1.0)
    #expect(groups.baseline == 0 && groups.groups[0].verdict == nil)
    #expect(groups.groups[1].verdict == .inconclusive)
  }

  @Test func `copies of a run count once, and an unfinished one not at all`() throws {
    func run(_ name: String, _ rate: String, _ seed: Int, _ figure: Double, planned: Int = 120) -> TrainingRun
    {
      GroupRuns.run(
        name, settings: [("learning_rate", rate), ("seed", "\(seed)"), ("max_steps", "\(planned)")],
        figure: figure)
    }
    var cut = run("cut", "1e-4", 2, 3)
    for index in cut.metrics.indices {
      let series = cut.metrics[index].series
      let kept = series.steps.count { $0 <= 40 }
      cut.metrics[index].series = Series(
        tag: series.tag, steps: Array(series.steps.prefix(kept)),
        wallTimes: Array(series.wallTimes.prefix(kept)), values: Array(series.values.prefix(kept)))
    }
    let all = [
      run("a", "1e-4", 1, 1), run("b", "1e-4", 1, 1), run("c", "1e-4", 1, 1), cut, run("d", "5e-4", 1, 2),
      run("e", "5e-4", 2, 2),
    ]
    let groups = try #require(try RunGroups(of: GroupRuns.analyses(all)))
    let group = groups.groups[0]
    #expect(group.members == [0, 1, 2, 3] && group.figures == [1, nil, nil, nil])
    #expect(group.copyCount == 2 && group.unfinishedCount == 1 && group.lostCount == 0)
    // Equal points of other seeds are chance, or a loss of one value: they count.
    #expect(groups.groups[1].statistics?.count == 2)
    // Where none came to its end, all are compared as they are.
    let open =
      (0..<2).map { run("x\($0)", "\($0 + 1)e-4", 1, 1 + Double($0), planned: 1000) }
      + [run("x2", "1e-4", 2, 1.1, planned: 1000)]
    let early = try #require(try RunGroups(of: GroupRuns.analyses(open)))
    #expect(early.groups.allSatisfy { $0.unfinishedCount == 0 && $0.statistics != nil })
  }

  @Test func `twelve seeds of one setting are one group, and none is better`() throws {
    let one = runs([("1e-4", (0..<12).map { 1 + Double($0) / 1000 })])
    let groups = try #require(
      try RunGroups(of: GroupRuns.analyses(one), options: .init(isHeldAgainstFirst: true)))
    #expect(groups.groups.count == 1)
    #expect(groups.groups[0].members.count == 12 && groups.groups[0].verdict == nil)
  }

  @Test func `groups differ as Welch's test says`() throws {
    for row in try #require(try Truth.load("welch", from: "sweep.json").array) {
      let (left, right) = (try row.numbers("left"), try row.numbers("right"))
      let base = try #require(SeedStatistics(of: left))
      let new = try #require(SeedStatistics(of: right))
      #expect(agree(base.mean, try row.number("mean")))
      #expect(agree(base.median, try row.number("median")))
      #expect(agree(try #require(base.deviation), try row.number("std"), 1e-10))
      // scipy's two-sided interval at 90 % has the bounds of two one-sided ones at 95 %.
      let effect = try #require(Effect(base: base, new: new, pooled: nil, confidence: 0.95))
      #expect(agree(effect.difference, try row.number("difference"), 1e-10))
      #expect(agree(effect.degreesOfFreedom, try row.number("df"), 1e-9))
      #expect(agree(effect.lowerBound, try row.number("low"), 1e-8))
      #expect(agree(effect.upperBound, try row.number("high"), 1e-8))
    }
  }

  @Test func `a group of one seed is held by the spread of the others`() throws {
    let seeds = (0..<6).map { 1 + 0.002 * Double($0 % 3 - 1) }
    let analyses = GroupRuns.analyses(runs([("1e-4", seeds), ("2e-4", [1.1]), ("3e-4", [1.0005])]))
    let groups = try #require(try RunGroups(of: analyses))
    #expect(groups.pooledFreedom == 5)
    #expect(groups.groups.map(\.verdict) == [nil, .same, .worse])
    #expect(groups.groups[2].effect?.degreesOfFreedom == 5)
    // With no two seeds anywhere there is no spread, and no verdict.
    let single = GroupRuns.analyses(runs([("1e-4", [1]), ("2e-4", [1.1])]))
    let unknown = try #require(try RunGroups(of: single))
    #expect(unknown.groups.map(\.verdict) == [nil, .spreadUnknown])
  }

  @Test func `higher is better where the objective says so`() throws {
    let runs = [("a", 0.5), ("a", 0.52), ("a", 0.51), ("b", 0.9), ("b", 0.91), ("b", 0.92)].enumerated().map {
      GroupRuns.run(
        "\($1.0)\($0)",
        settings: [
          ("optim", $1.0), ("seed", "\($0)"), ("metric_for_best_model", "accuracy"),
          ("greater_is_better", "true"),
        ], figure: $1.1, evaluationTag: "eval/accuracy")
    }
    let groups = try #require(try RunGroups(of: GroupRuns.analyses(runs)))
    #expect(groups.metric?.direction == .higher)
    #expect(groups.groups.map(\.values) == [["b"], ["a"]])
    #expect(groups.groups[1].verdict == .worse)
  }

  @Test func `runs without a word on their settings are not taken for repeats`() throws {
    #expect(try RunGroups(of: GroupRuns.analyses([GroupRuns.run("run1"), GroupRuns.run("run2")])) == nil)
    let told = (1...2).map { GroupRuns.run("run\($0)", settings: [("learning_rate", "1e-4")]) }
    #expect(try RunGroups(of: GroupRuns.analyses(told))?.groups.count == 1)
  }

  @Test func `a rule names its settings, and one that nothing differs in is an error`() throws {
    let analyses = GroupRuns.analyses(
      [("1", "8"), ("1", "16"), ("2", "8"), ("2", "16")].enumerated().map {
        GroupRuns.run("x\($0)", settings: [("learning_rate", $1.0), ("r", $1.1), ("seed", "\($0)")])
      })
    let groups = try #require(try RunGroups(of: analyses, options: .init(rule: .by(["r"]))))
    #expect(groups.groups.map(\.members) == [[0, 2], [1, 3]])
    #expect(
      try RunGroups(of: analyses, options: .init(rule: .by(["lr"])))?.settings.map(\.name) == [
        "learning_rate"
      ])
    #expect(throws: RunGroups.UnknownSetting.self) {
      try RunGroups(of: analyses, options: .init(rule: .by(["optim"])))
    }
    #expect(try RunGroups(of: analyses, options: .init(rule: .none)) == nil)
  }

  @Test func `a run that failed is counted and does not count`() throws {
    var all = runs([("1e-4", [1.0, 1.1, 1.2]), ("2e-4", [1.3, 1.4])])
    all[0].metrics[0].series.values[11] = .nan
    let groups = try #require(try RunGroups(of: GroupRuns.analyses(all)))
    #expect(groups.groups[0].lostCount == 1)
    #expect(groups.groups[0].statistics?.count == 2)
  }

  @Test func `steps are reduced as pandas reduces them`() throws {
    let truth = try Truth.load("reduced", from: "sweep.json")
    let all = try #require(truth["series"]?.array).map { one in
      let steps = try one.numbers("steps").map { Int64($0) }
      return Series(
        tag: "loss", steps: steps, wallTimes: steps.map { _ in 0 }, values: try one.numbers("values"))
    }
    let curve = ReducedCurve(tag: "loss", reducing: all)
    #expect(curve.steps.map(Double.init) == (try truth.numbers("steps")))
    #expect(curve.counts.map(Double.init) == (try truth.numbers("count")))
    for (name, column) in [
      ("mean", curve.means), ("median", curve.medians), ("min", curve.least), ("max", curve.greatest),
      ("std", curve.deviations),
    ] {
      let wanted = try #require(truth[name]?.array).map { $0.double ?? .nan }
      #expect(zip(column, wanted).allSatisfy { agree($0, $1, 1e-10) }, "\(name)")
    }
  }

  /// A grid of learning rates and ranks, twelve seeds each, whose best is known: Kendall's τ of the groups' order.
  @Test func `groups are ranked as they were made, under names that cut no number`() throws {
    var random = Noise(seed: 5)
    var runs: [TrainingRun] = []
    var made: [String: Double] = [:]
    for (place, rate) in ["1e-05", "2e-05", "5e-05", "0.0001", "0.0002"].enumerated() {
      for (rank, distance) in [(8, 1.0), (16, 0), (32, 1), (64, 2)] {
        let figure = 1 + 0.1 * [0.7, 0.4, 0, 0.3, 0.6][place] + 0.02 * distance
        made["\(rate) \(rank)"] = figure
        for seed in 0..<12 {
          runs.append(
            GroupRuns.run(
              "qwen3-4b-instruct-2507_lora_lr\(rate)_r\(rank)_alpha\(2 * rank)_seed\(seed)_alpaca-zh-en-mix",
              figure: figure + 0.01 * random.normal()))
        }
      }
    }
    let groups = try #require(try RunGroups(of: GroupRuns.analyses(runs)))
    #expect(groups.groups.count == 20 && groups.groups.allSatisfy { $0.members.count == 12 })
    let names = groups.settings.map(\.name)
    let (rate, rank) = (try #require(names.firstIndex(of: "lr")), try #require(names.firstIndex(of: "r")))
    let wanted = try groups.groups.map { group -> Double in
      let key = "\(group.values[rate] ?? "") \(group.values[rank] ?? "")"
      return try #require(made[key], "\(key)")
    }
    var (agreeing, differing) = (0, 0)
    for (left, value) in wanted.enumerated() {
      for other in wanted[(left + 1)...] {
        if value < other - 1e-9 { agreeing += 1 }
        if value > other + 1e-9 { differing += 1 }
      }
    }
    #expect(Double(agreeing - differing) >= 0.9 * Double(agreeing + differing))
  }
}
