import EventFile
import RunFolder
import Testing

@testable import Analysis

@Suite struct GateSelfTestTests {
  let base = testRun(
    "base",
    [
      ("train/loss", 10, lossCurve(200, level: 2, noise: 0.02, seed: 1)),
      ("eval/loss", 250, [3, 2.7, 2.5, 2.45, 2.4, 2.41, 2.4, 2.39]),
      ("train/grad_norm", 10, correlatedNoise(200, seed: 5).map { 1 + abs($0) }),
    ])

  private func plan(_ gates: Gate...) -> GatePlan { GatePlan(path: "c.yml", gates: gates) }

  private func metric(_ tag: String, _ statistic: GateStatistic, _ bound: Gate.Bound) -> Gate {
    Gate(id: tag + statistic.rawValue, subject: .metric(Glob(tag)), statistic: statistic, bounds: [bound])
  }

  private func finding(_ kind: Finding.Kind, _ most: Double) -> Gate {
    Gate(id: kind.rawValue, subject: .finding(kind, metric: nil), statistic: .count, bounds: [.atMost(most)])
  }

  @Test func `every gate that should fail does`() {
    let test = GateSelfTest(
      plan: plan(
        metric("eval/loss", .best, .increase(.relative(0.01))),
        metric("train/loss", .final, .increase(.relative(0.01))),
        metric("train/loss", .area, .increase(.absolute(0.1))),
        metric("train/loss", .final, .decrease(.absolute(0.1))),
        metric("train/grad_norm", .max, .atMost(50)), finding(.nonFinite, 0), finding(.spike, 2),
        finding(.filteredNaN, 0), finding(.diverged, 0), finding(.overfitting, 0), finding(.deadRun, 0),
        finding(.stoppedEarly, 0)),
      run: base, baseline: .runs([base]), weights: .unavailable(""))
    for trial in test.trials where !trial.isProven {
      Issue.record("\(trial.gate.id) \(trial.injection) \(trial.status) \(trial.amount ?? 0)")
    }
    #expect(test.isProven)
    #expect(test.unproven == ["stopped_early"])
    let spike = test.trials.filter { $0.injection == .spike }.map(\.gate.id)
    #expect(spike == ["train/grad_normmax", "spike"])
    #expect(test.trials.count { $0.injection == .missing } == 12)
    #expect(test.trials.count { $0.injection == .nan } == 7)
  }

  @Test func `a gate that can never fire is told`() {
    let blind = metric("train/loss", .final, .increase(.relative(0.01)))
    var deaf = blind
    // As if the pass bar stood upside down: a decrease is watched, an increase is put in.
    deaf.bounds = [.decrease(.absolute(1e9))]
    let test = GateSelfTest(
      plan: plan(Gate(id: "x", subject: .metric(Glob("nothing")), statistic: .final, bounds: [.atMost(1)])),
      run: base,
      baseline: .runs([base]), weights: .unavailable(""))
    #expect(!test.isProven)
    #expect(test.trials.first { $0.injection == .control }?.isProven == false)
  }

  @Test func `weights gates are tried through their evidence`() {
    let gate = Gate(id: "w", subject: .weights(Glob("*")), statistic: .cosine, bounds: [.atLeast(0.5)])
    let test = GateSelfTest(
      plan: plan(gate), run: base, baseline: .runs([base]),
      weights: .changes([WeightChange(name: "a", relativeChange: 0.1, differenceNorm: 1, cosine: 0.9)]))
    #expect(test.isProven)
    #expect(test.trials.map(\.injection) == [.control, .missing, .regression])
  }
}
