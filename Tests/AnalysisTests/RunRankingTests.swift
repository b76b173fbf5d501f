import EventFile
import RunFolder
import Testing

@testable import Analysis

@Suite struct RunRankingTests {
  /// A run with these training losses and evaluation losses, 10 steps apart.
  private func run(_ losses: [Double], _ evaluations: [Double] = []) -> RunAnalysis {
    func series(_ tag: String, _ values: [Double]) -> Series {
      var series = Series(tag: tag)
      for (index, value) in values.enumerated() {
        series.append(Point(step: Int64(index + 1) * 10, wallTime: Double(index), value: value))
      }
      return series
    }
    var metrics = [Metric(series: series("train/loss", losses))]
    if !evaluations.isEmpty { metrics.append(Metric(series: series("eval/loss", evaluations))) }
    return RunAnalysis(of: TrainingRun(name: "r", path: "r", metrics: metrics))
  }

  private let falling = (0..<60).map { 2 / (1 + 0.1 * Double($0)) }

  @Test func `a run that failed stands last and is never the best, however low it once was`() {
    var lost = run(falling, [0.8, 0.9])
    lost.findings = [Finding(.diverged, .failure, metric: "train/loss", step: 300)]
    let runs = [lost, run(falling, [1.4, 1.3]), run(falling, [1.6, 1.5])]
    let ranking = RunRanking(of: runs)
    #expect(ranking.order == [1, 2, 0] && ranking.ranks == [2, 0, 1])
    #expect(ranking.bestByEvaluation == 1)
  }

  @Test func `the best is the first of those that have the figure`() {
    let runs = [run(falling), run(falling.map { $0 + 1 }, [1.4]), run(falling, [1.3]), run(falling, [1.3])]
    let ranking = RunRanking(of: runs)
    #expect(ranking.bestByEvaluation == 2)
    let evaluated = ranking.order.filter { runs[$0].evaluation != nil }
    #expect(evaluated.first == ranking.bestByEvaluation)
  }

  @Test func `few points have no level, and are ranked by their last`() {
    let ranking = RunRanking(of: [run([2, 1.5]), run([2, 1.2])])
    #expect(ranking.order == [1, 0] && ranking.bestByLoss == 1)
  }

  @Test func `a loss that ends in NaN is lost, and one run alone has no best`() {
    let lost = run([2, 1, .nan])
    #expect(lost.isLost && lost.rankingFigure == nil)
    #expect(RunRanking(of: [lost, run([3, 2])]).order == [1, 0])
    #expect(RunRanking(of: [lost, run([3, 2])]).bestByLoss == nil)
    #expect(RunRanking(of: []).order.isEmpty)
  }

  @Test func `none is the best of runs that are judged by unlike metrics`() {
    var rewarded = run(falling).run
    var reward = rewarded.metrics[0].series
    reward.tag = "train/reward"
    reward.values.reverse()
    rewarded.metrics.append(Metric(series: reward))
    let ranking = RunRanking(of: [run(falling), RunAnalysis(of: rewarded), run(falling)])
    #expect(!ranking.isAlike && ranking.bestByLoss == nil && ranking.objective == nil)
    let rewards = RunRanking(of: [RunAnalysis(of: rewarded), RunAnalysis(of: rewarded)])
    #expect(rewards.isAlike && rewards.bestByObjective == 0 && rewards.objective?.tag == "train/reward")
  }
}
