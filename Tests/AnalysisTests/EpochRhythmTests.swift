import EventFile
import RunFolder
import Testing

@testable import Analysis

/// Runs that take one data set after the other in each epoch.
@Suite struct EpochRhythmTests {
  /// Three epochs of a hundred points: the half of each whose number is `high` has a loss that is 10 % higher.
  private func run(high: Int, factor: Double = 1, epochs: Bool = true, seed: UInt64) -> TrainingRun {
    let noise = correlatedNoise(300, seed: seed)
    let values = noise.enumerated().map { index, own -> Double in
      factor * 2 * ((index / 50 % 2 == high ? 1.1 : 1) + 0.01 * own)
    }
    var run = testRun("run", [("train/loss", 1, values)])
    if epochs {
      run.metrics += testRun("run", [("train/epoch", 1, (1...300).map { Double($0) / 100 })]).metrics
    }
    return run
  }

  private func rhythm(_ run: TrainingRun) -> EpochRhythm? {
    EpochBoundaries(run).rhythm(of: run.metrics[0].series, in: 0..<run.metrics[0].series.count)?.rhythm
  }

  private func status(_ new: TrainingRun, _ base: TrainingRun) -> GateCheck? {
    let gate = Gate(
      id: "g", subject: .metric(Glob("train/loss")), statistic: .final,
      bounds: [.increase(.relative(0.01))])
    return GateEvaluation(run: new, baseline: .runs([base]), weights: .unavailable("")).result(gate).checks
      .first
  }

  @Test func `each part of an epoch has its distance from the mean`() throws {
    let found = try #require(rhythm(run(high: 0, seed: 1)))
    #expect(found.parts.count == 16)
    #expect(abs(found.parts.reduce(0, +)) < 1e-9)
    // 2.2 and 2, each half of the epoch: 0.1 to either side.
    for place in [0.1, 1.2, 2.4] { #expect(abs(found.deviation(at: place) - 0.1) < 0.02) }
    for place in [0.6, 1.8, 3.0] { #expect(abs(found.deviation(at: place) + 0.1) < 0.02) }
  }

  @Test func `runs in the other order are held against each other by the mean of their epochs`() throws {
    let base = run(high: 0, seed: 1)
    let same = try #require(status(run(high: 1, seed: 2), base))
    #expect(same.status == .pass)
    #expect(same.effect?.model == .rhythm)
    #expect(status(run(high: 1, factor: 1.02, seed: 3), base)?.status == .fail)
    // Where nothing tells the epochs, the windows are of unlike data: 10 % that are no worse training.
    #expect(
      status(run(high: 1, epochs: false, seed: 2), run(high: 0, epochs: false, seed: 1))?.status == .fail)
  }

  @Test func `what only falls, steps or is noise has no rhythm`() {
    for seed in 1...40 {
      let noise = correlatedNoise(300, memory: seed % 2 == 0 ? 0.6 : 0, seed: UInt64(seed))
      let courses: [(Int) -> Double] = [
        { _ in 2 }, { 2 + 2 / (1 + 0.1 * Double($0)) }, { 2 - 0.2 * Double($0 / 100) },
        { 2 - 0.002 * Double($0) },
      ]
      for course in courses {
        var own = run(high: 0, seed: 1)
        own.metrics[0].series.values = noise.enumerated().map { course($0) + 0.03 * $1 }
        #expect(rhythm(own) == nil)
      }
    }
  }

  @Test func `less than two epochs, few points, and what is not finite tell none`() {
    #expect(EpochRhythm(of: [], at: []) == nil)
    let whole = run(high: 0, seed: 1)
    let boundaries = EpochBoundaries(whole)
    #expect(boundaries.rhythm(of: whole.metrics[0].series, in: 0..<190) == nil)
    let places = (1...60).map { Double($0) / 20 }
    #expect(EpochRhythm(of: ArraySlice(places.map { $0 < 1.5 ? 1 : 2 }), at: places) == nil)
    #expect(EpochRhythm(of: [1, 2, 1, 2, 1, 2, 1, 2], at: (1...8).map { Double($0) / 2 }) == nil)
    var broken = whole
    broken.metrics[0].series.values[250] = .nan
    #expect(rhythm(broken) == nil)
  }
}
