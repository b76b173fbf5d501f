import Analysis
import EventFile
import RunFolder
import Testing

/// A trouble of each kind, put into a healthy run: it has to be told, and at its step.
@Suite struct TroubleTests {
  private func analysis(_ series: Series...) -> RunAnalysis {
    RunAnalysis(of: TrainingRun(name: "r", path: "r", metrics: series.map { Metric(series: $0) }))
  }

  /// A loss that falls from 2 to 1 with this noise.
  private func falling(_ count: Int, noise: Double = 0.02, seed: UInt64 = 1) -> [Double] {
    var random = Noise(seed: seed)
    return (0..<count).map { index in
      let rest = 1 - Double(index) / Double(count)
      return (1 + rest * rest) * (1 + noise * random.normal())
    }
  }

  private func found(_ kind: Finding.Kind, _ analysis: RunAnalysis) -> Finding? {
    analysis.findings.first { $0.kind == kind }
  }

  // MARK: Histograms

  /// A track of histograms at steps 1, 2, …, with such elements.
  private func track(_ tag: String, _ elements: [ValuePlace.Elements]) -> ValueTrack {
    ValueTrack(
      tag: tag, plugin: "histograms",
      places: elements.enumerated().map { index, elements in
        var place = ValuePlace(step: Int64(index + 1), wallTime: 0, offset: 0)
        place.elements = elements
        return place
      })
  }

  private func analysis(_ tracks: ValueTrack...) -> RunAnalysis {
    var run = TrainingRun(
      name: "r", path: "r", metrics: [Metric(series: series("train/loss", falling(60)))])
    run.values = tracks
    return RunAnalysis(of: run)
  }

  @Test func `weights that are NaN to the last histogram are a failure at their first step`() throws {
    let half = [ValuePlace.Elements](repeating: .finite, count: 30)
    let run = analysis(
      track("w", half + .init(repeating: .notANumber, count: 20)),
      track("b", half + .init(repeating: .finite, count: 20)))
    let finding = try #require(found(.nonFinite, run))
    #expect(finding.severity == .failure)
    #expect(finding.metric == "w")
    #expect((finding.step, finding.lastStep, finding.count) == (31, 50, 20))
    #expect(finding.value?.isNaN == true)
    #expect(finding.cause == .elements(lasts: true))
  }

  @Test(
    arguments: [
      ("layer.weight", [.finite, .notANumber, .finite], Finding.Severity.warning),
      ("layer.grad", [.finite, .infinite, .finite], .note),
      ("layer.grad", [.finite, .finite, .notANumber], .warning),
      ("scores", [.infinite, .infinite, .infinite], .note),
      ("scores", [.notANumber, .notANumber, .notANumber], .warning),
    ] as [(String, [ValuePlace.Elements], Finding.Severity)])
  func `how grave NaN in histograms is`(
    tag: String, elements: [ValuePlace.Elements], severity: Finding.Severity
  ) throws {
    #expect(try #require(found(.nonFinite, analysis(track(tag, elements)))).severity == severity)
  }

  @Test func `many tags with NaN are one finding, of the first of them`() throws {
    let run = analysis(
      track("a", [.finite, .finite, .notANumber]), track("b", [.finite, .notANumber, .infinite]),
      track("c", [.finite, .finite, .finite]))
    let findings = run.findings.filter { $0.kind == .nonFinite }
    #expect(findings.map(\.metric) == ["b"])
    #expect(findings.map(\.multiplicity) == [2])
    #expect(findings[0].value == nil)
  }

  // MARK: Loss

  @Test func `zeros from the first step on are masked labels`() throws {
    let run = analysis(
      series("train/loss", .init(repeating: 0, count: 50)),
      series("train/grad_norm", .init(repeating: 0, count: 50)))
    let zero = try #require(found(.zeroLoss, run))
    #expect(zero.severity == .failure)
    #expect(zero.cause == .maskedLabels)
    #expect(zero.step == 1)
    #expect(run.loss?.final == nil)
  }

  @Test func `zeros after a loss of 1 with a finite gradient are a failure at their first step`() throws {
    var loss = falling(100)
    for index in 60..<100 { loss[index] = 0 }
    let zero = try #require(
      found(
        .zeroLoss,
        analysis(series("train/loss", loss), series("train/grad_norm", .init(repeating: 0.5, count: 100)))))
    #expect(zero.step == 61)
    #expect(zero.reference == loss[59])
  }

  @Test func `a divergence is told in twelve points, and after a logged zero`() throws {
    var loss = falling(12)
    for index in 7..<12 { loss[index] = 9 + 0.1 * Double(index % 2) }
    #expect(found(.diverged, analysis(series("loss", loss)))?.step == 8)
    loss[2] = 0
    let diverged = try #require(found(.diverged, analysis(series("loss", loss))))
    #expect(diverged.step == 8)
    #expect(diverged.severity == .failure)
  }

  @Test func `a divergence in the first steps is told`() throws {
    let loss = [2.4, 2.0] + (0..<58).map { 10.4 + 0.05 * Double($0 % 3) }
    let diverged = try #require(found(.diverged, analysis(series("loss", loss))))
    #expect(diverged.step == 3)
    #expect(diverged.severity == .failure)
  }

  @Test func `a step down at each epoch with a rise inside it is no divergence`() throws {
    let values = falling(300, noise: 0.01).enumerated().map { index, value in
      let epoch = index / 100
      return value * [1, 0.75, 0.55][epoch] * (1 + (epoch > 0 ? 0.0008 : 0) * Double(index % 100))
    }
    let epochs = (0..<300).map { Double($0 + 1) / 100 }
    let run = analysis(series("train/loss", values), series("train/epoch", epochs))
    #expect(found(.diverged, run) == nil)
    #expect(found(.epochSteps, run)?.step == 100)
  }

  @Test func `nothing learnt is told where the noise lets it, and the noise is named where not`() throws {
    var random = Noise(seed: 3)
    let calm = (0..<40).map { _ in 2 + 0.02 * random.normal() }
    #expect(found(.notLearning, analysis(series("train/loss", calm)))?.severity == .warning)
    let wild = (0..<12).map { _ in 2 + 0.5 * random.normal() }
    let run = analysis(series("train/loss", wild))
    #expect(found(.notLearning, run) == nil)
    guard case .noise = run.searches.first(where: { $0.kind == .notLearning })?.obstacle else {
      Issue.record("\(run.searches)")
      return
    }
  }

  @Test func `a loss at the logarithm of the classes, with that accuracy, is chance`() throws {
    let loss = (0..<20).map { 1.386 + 0.004 * Double($0 % 3) }
    let run = analysis(
      series("train/loss", loss), series("eval/loss", [1.39, 1.388, 1.389, 1.39], every: 5),
      series("eval/accuracy", [0.24, 0.25, 0.25, 0.24], every: 5))
    let chance = try #require(found(.notLearning, run))
    #expect(chance.cause == .chance(classes: 4))
    #expect(chance.severity == .failure)
  }

  @Test func `a learning rate of 0 is a failure throughout and a warning from a step on`() throws {
    var random = Noise(seed: 5)
    let flat = (0..<60).map { _ in 2 + 0.02 * random.normal() }
    let whole = analysis(
      series("train/loss", flat), series("train/learning_rate", .init(repeating: 0, count: 60)))
    #expect(found(.zeroLearningRate, whole)?.severity == .failure)
    #expect(found(.notLearning, whole) == nil)
    let ends = (0..<60).map { max(0, 1e-4 * (1 - Double($0) / 30)) }
    let part = analysis(series("train/loss", flat), series("train/learning_rate", ends))
    #expect(found(.zeroLearningRate, part)?.step == 31)
    // A cosine is small at its end, too.
    let cosine = (0..<60).map { 5e-5 * (1 + (Double($0) / 59 * .pi).cosine) }
    #expect(
      found(.zeroLearningRate, analysis(series("train/loss", falling(60)), series("lr", cosine))) == nil)
  }

  @Test func `an oscillation is told, a wide noise is not`() {
    let swings = falling(200, noise: 0.01).enumerated().map { index, value in
      index < 80 ? value : value * (1.3 + 0.35 * [0, 0.7, 1, 0.7, 0, -0.7, -1, -0.7][index % 8])
    }
    #expect(found(.oscillation, analysis(series("loss", swings)))?.severity == .warning)
    #expect(found(.oscillation, analysis(series("loss", falling(200, noise: 0.2)))) == nil)
  }

  @Test func `swings that come down to the lowest level are no divergence, in a hundred points as well`() {
    let swings = falling(100, noise: 0.01).enumerated().map { index, value in
      index < 55 ? value : value * (1.4 - 0.4 * (Double(index % 13 * 2) / 13 * .pi - .pi).cosine)
    }
    let run = analysis(series("train/loss", swings))
    #expect(found(.oscillation, run)?.severity == .warning)
    #expect(found(.diverged, run) == nil)
    #expect(found(.notLearning, run) == nil)
  }

  @Test func `of ten points four that doubled are a divergence`() {
    let loss = [2.61, 2.29, 2.27, 2.08, 0, 2.08, 4.79, 4.55, 4.62, 4.71]
    #expect(found(.diverged, analysis(series("train/loss", loss)))?.step == 7)
  }

  @Test func `a level that stands on a slope is no plateau`() {
    var slopes = 0
    for seed in 1...30 {
      // A fall that the last two fifths show, and the last fifth does not.
      var random = Noise(seed: UInt64(seed))
      let run = analysis(
        series("train/loss", (0..<100).map { 3 - 0.0006 * Double($0) + 0.01 * random.normal() }))
      guard run.loss?.final?.hasTrend == true else { continue }
      slopes += 1
      #expect(found(.plateau, run) == nil)
    }
    #expect(slopes > 10, "\(slopes) of 30")
  }

  @Test func `a gradient norm that grows four hundredfold is told at its step`() throws {
    let norm = (0..<120).map { (index: Int) -> Double in index < 80 ? 1 + 0.1 * Double(index % 5) : 400 }
    let explosion = try #require(
      found(.gradientExplosion, analysis(series("train/loss", falling(120)), series("train/grad_norm", norm)))
    )
    #expect(explosion.step == 81)
  }

  @Test func `a jump where the schedule begins anew is a resume gap, not a divergence`() throws {
    let loss = falling(200, noise: 0.01).enumerated().map { $0 < 120 ? $1 : $1 + 0.45 }
    let rate = (0..<200).map { (index: Int) -> Double in
      let place = Double(index)
      return place < 120 ? 1e-4 * (1 - place / 120) : 1e-4 * min(1, (place - 119) / 10)
    }
    let run = analysis(series("train/loss", loss), series("train/learning_rate", rate))
    #expect(found(.resumeGap, run)?.step == 121)
    #expect(found(.resumeGap, run)?.cause == .scheduleRestarted)
    #expect(found(.diverged, run) == nil)
  }

  @Test func `an epoch that evaluations count otherwise makes no second writer`() {
    var run = TrainingRun(
      name: "", path: "", source: .trainerState,
      metrics: [
        Metric(series: series("train/loss", falling(40))), Metric(series: series("train/epoch", falling(40))),
      ])
    run.interleavedTags = ["train/epoch"]
    #expect(found(.interleaved, RunAnalysis(of: run)) == nil)
    run.interleavedTags = ["train/epoch", "train/loss"]
    #expect(found(.interleaved, RunAnalysis(of: run))?.metric == "train/loss")
  }

  // MARK: Evaluations

  @Test func `evaluations that are NaN beside a healthy training are not about the weights`() throws {
    let run = analysis(series("train/loss", falling(60)), series("eval/loss", [.nan, .nan, .nan], every: 20))
    let finding = try #require(found(.nonFinite, run))
    #expect(finding.severity == .failure)
    #expect(finding.cause == .evaluationOnly)
  }

  @Test(arguments: [[1.0, 1.6], [1.2, 1.1, 1.2, 1.25], [1.5, 1.4, 1.36, 1.34, 1.345, 1.48, 1.48, 1.478]])
  func `overfitting in few evaluations, or in one jump, is told`(values: [Double]) {
    let run = analysis(series("train/loss", falling(80)), series("eval/loss", values, first: 10, every: 10))
    #expect(found(.overfitting, run)?.severity == .warning)
  }

  @Test func `of two evaluation sets the one that gets worse is named`() {
    let run = analysis(
      series("train/loss", falling(80)), series("eval/chat_loss", [1.5, 1.4, 1.3, 1.25], every: 20),
      series("eval/code_loss", [1.2, 1.1, 1.3, 1.5], every: 20))
    #expect(found(.overfitting, run)?.metric == "eval/code_loss")
  }

  @Test func `a loss that rises while accuracy does is a note with both steps`() throws {
    let run = analysis(
      series("train/loss", falling(80)), series("eval/loss", [0.4, 0.35, 0.4, 0.42], first: 20, every: 20),
      series("eval/accuracy", [0.8, 0.84, 0.86, 0.88], first: 20, every: 20))
    #expect(found(.overfitting, run) == nil)
    let note = try #require(found(.metricsDisagree, run))
    #expect(note.severity == .note)
    #expect((note.step, note.lastStep, note.other) == (40, 80, "eval/accuracy"))
  }

  @Test func `a deciding loss that rises by a quarter is overfitting though accuracy gets better`() throws {
    let run = analysis(
      series("train/loss", falling(80)), series("eval/loss", [1.6, 1.3, 1.5, 1.8], first: 20, every: 20),
      series("eval/accuracy", [0.5, 0.54, 0.56, 0.58], first: 20, every: 20))
    let finding = try #require(found(.overfitting, run))
    #expect(finding.severity == .warning)
    #expect((finding.cause, finding.other) == (.betterOtherwise(step: 80), "eval/accuracy"))
  }

  @Test func `the accuracy of another set does not speak for a loss`() {
    let run = analysis(
      series("train/loss", falling(80)), series("eval/a_loss", [1.2, 1.1, 1.2, 1.25], every: 20),
      series("eval/b_loss", [1.2, 1.1, 1.05, 1.0], every: 20),
      series("eval/b_accuracy", [0.5, 0.6, 0.65, 0.7], every: 20))
    #expect(found(.overfitting, run)?.metric == "eval/a_loss")
    #expect(found(.metricsDisagree, run) == nil)
  }

  @Test func `where accuracy decides and does not fall, a loss that rises is a note`() throws {
    var run = TrainingRun(
      name: "r", path: "r",
      metrics: [
        series("train/loss", falling(80)), series("eval/loss", [0.5, 0.3, 0.4, 0.6], first: 20, every: 20),
        series("eval/accuracy", [0.8, 0.9, 0.902, 0.9], first: 20, every: 20),
      ].map { Metric(series: $0) })
    run.configuration = [
      ConfigurationSection(
        source: "args", settings: [.init(name: "metric_for_best_model", value: "accuracy")])
    ]
    #expect(found(.overfitting, RunAnalysis(of: run)) == nil)
    #expect(found(.metricsDisagree, RunAnalysis(of: run))?.lastStep == 60)
    // Where the loss decides by nobody's word, the same rise is told.
    run.configuration = []
    #expect(found(.overfitting, RunAnalysis(of: run)) != nil)
  }

  @Test func `overfitting of what does not decide names what does, and a training loss that rose with it`()
    throws
  {
    let run = analysis(
      series("train/loss", falling(80)), series("eval/a_loss", [1.5, 1.4, 1.3, 1.25], every: 20),
      series("eval/b_loss", [1.2, 1.1, 1.3, 1.5], every: 20))
    let finding = try #require(found(.overfitting, run))
    #expect(finding.cause == .besides(objective: "eval/a_loss"))
    #expect(finding.other == "train/loss")
    let both = analysis(
      series("train/loss", falling(80).enumerated().map { $1 + ($0 < 40 ? 0 : 0.0085 * Double($0 - 40)) }),
      series("eval/loss", [1.5, 1.4, 1.3, 1.5], every: 20))
    #expect(try #require(found(.overfitting, both)).other == nil)
  }

  @Test func `a training loss that is eight times the evaluation's is a matter of scale`() throws {
    let loss = falling(80)
    let evaluation = [20, 40, 60, 80].map { loss[$0 - 1] * 1.02 }
    let run = analysis(
      series("train/loss", loss.map { 8 * $0 }), series("eval/loss", evaluation, first: 20, every: 20))
    #expect(abs(try #require(found(.lossScale, run)?.score) - 8) < 1)
  }

  // MARK: Rewards

  /// A training by rewards in which these change; the loss is the weight of the KL term times its growth.
  private func rewards(
    reward: (Int) -> Double = { 0.2 + 0.004 * Double($0) }, spread: (Int) -> Double = { _ in 0.25 },
    kl: (Int) -> Double = { 0.001 * Double($0) }
  ) -> RunAnalysis {
    var random = Noise(seed: 8)
    let steps = 0..<150
    return analysis(
      series("train/loss", steps.map { 0.04 * kl($0) }),
      series("train/reward", steps.map { reward($0) + 0.03 * random.normal() }),
      series("train/reward_std", steps.map(spread)), series("train/kl", steps.map(kl)))
  }

  @Test func `a loss that grows with the KL term is no divergence, and the reward decides`() {
    let run = rewards()
    #expect(run.training == .reinforcement)
    #expect(run.objective?.objective.tag == "train/reward")
    #expect(run.objective?.objective.direction == .higher)
    #expect(run.findings.allSatisfy { $0.severity == .note })
  }

  @Test func `a reward that collapses, stays flat or tells nothing is told`() throws {
    let collapse = try #require(
      found(.rewardCollapse, rewards(reward: { $0 < 100 ? 0.2 + 0.004 * Double($0) : 0.1 })))
    #expect(collapse.severity == .failure)
    #expect(collapse.step == 101)
    #expect(found(.rewardFlat, rewards(reward: { _ in 0.3 }))?.severity == .warning)
    let silent = rewards(reward: { _ in 0 }, spread: { _ in 0 })
    #expect(found(.noRewardSignal, silent)?.severity == .failure)
    #expect(found(.rewardFlat, silent) == nil)
  }

  @Test func `a policy that leaves its reference is told at its step`() throws {
    let blowUp = try #require(found(.klBlowUp, rewards(kl: { $0 < 110 ? 0.02 : 40 })))
    #expect(blowUp.step == 111)
    #expect(blowUp.severity == .failure)
  }

  // MARK: Too little

  @Test func `a run of two points is not judged`() {
    let run = analysis(series("train/loss", [2, 1.9]))
    #expect(!run.isJudged)
    #expect(run.searches.contains { $0.obstacle == .tooFew(.trainingLoss, count: 2, needed: 5) })
  }
}

extension Double {
  fileprivate var cosine: Double {
    // Enough terms for arguments up to π.
    var term = 1.0
    var sum = 1.0
    for k in 1...14 {
      term *= -self * self / Double((2 * k - 1) * (2 * k))
      sum += term
    }
    return sum
  }
}
