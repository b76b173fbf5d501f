import Analysis
import EventFile
import RunFolder
import Testing

/// Troubles whose place or gravity noise, a short run or a second set of evaluations might hide.
@Suite struct NoisyTroubleTests {
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

  @Test func `an evaluation of rewards that decides is searched like any other`() throws {
    let rising = (0..<200).map { 0.2 + 0.002 * Double($0) }
    let run = analysis(
      series("train/reward", rising), series("train/kl", rising.map { $0 / 10 }),
      series("eval/loss", (0..<8).map { 0.001 * Double($0 * $0) }, first: 25, every: 25),
      series("eval/reward", [0.30, 0.34, 0.38, 0.42, 0.46, 0.40, 0.34, 0.28], first: 25, every: 25))
    let fall = try #require(found(.overfitting, run))
    #expect(fall.metric == "eval/reward")
    #expect(fall.step == 125)
    #expect(run.findings.count { $0.kind == .overfitting } == 1)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func `noise does not move the step of a divergence`(
    seed: UInt64
  ) throws {
    let noise = correlatedNoise(300, memory: 0.4, seed: seed)
    let clean = falling(300, noise: 0)
    let loss = clean.indices.map { index -> Double in
      let level: Double = clean[index] * (index < 150 ? 1 : 2)
      return level * (1 + 0.08 * noise[index])
    }
    let diverged = try #require(found(.diverged, analysis(series("train/loss", loss))))
    #expect((140...158).contains(diverged.step ?? 0), "\(diverged.step ?? 0)")
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func `nor that of a collapse of the reward`(seed: UInt64)
    throws
  {
    let noise = correlatedNoise(400, seed: seed)
    let values = (0..<400).map { index -> Double in
      let level: Double = index < 200 ? 0.2 + 0.0025 * Double(index) : 0.2
      return level + 0.1 * noise[index]
    }
    let run = analysis(
      series("train/reward", values), series("train/reward_std", .init(repeating: 0.3, count: 400)))
    let collapse = try #require(found(.rewardCollapse, run))
    #expect((185...215).contains(collapse.step ?? 0), "\(collapse.step ?? 0)")
  }

  @Test(arguments: [80, 150, 300]) func `a hump is a warning in the steep part of a run too`(count: Int)
    throws
  {
    var random = Noise(seed: 7)
    var loss = (0..<count).map { index -> Double in
      let level: Double = 1.1 + 1.1 / (1 + 0.2 * Double(index)).squareRoot()
      return level * (1 + 0.02 * random.normal())
    }
    for index in count / 2..<count / 2 + 10 { loss[index] *= 2.4 }
    #expect(found(.spike, analysis(series("train/loss", loss, first: 10, every: 10)))?.severity == .warning)
  }

  @Test func `the end of a hump beside the end of an epoch is no step of the epoch`() {
    var loss = falling(120)
    for index in 40..<56 { loss[index] *= 2.3 }
    let epochs = (0..<120).map { Double($0 + 1) / 54 }
    let run = analysis(
      series("train/loss", loss, first: 10, every: 10), series("train/epoch", epochs, first: 10, every: 10))
    #expect(found(.spike, run) != nil)
    #expect(found(.epochSteps, run) == nil)
  }

  @Test func `one evaluation above the noise of a set that does not decide is no overfitting`() throws {
    func run(_ code: [Double]) -> RunAnalysis {
      analysis(
        series("train/loss", falling(60)),
        series("eval/alpaca_loss", [1.5, 1.45, 1.41, 1.38, 1.36, 1.35], first: 10, every: 10),
        series("eval/alpaca_runtime", .init(repeating: 1, count: 6), first: 10, every: 10),
        series("eval/code_loss", code, first: 10, every: 10),
        series("eval/code_runtime", .init(repeating: 1, count: 6), first: 10, every: 10))
    }
    #expect(found(.overfitting, run([1.02, 0.98, 1.03, 0.99, 0.95, 1.01])) == nil)
    let risen = try #require(found(.overfitting, run([1.2, 1.1, 1.0, 1.1, 1.2, 1.3])))
    #expect(risen.metric == "eval/code_loss")
  }
}
