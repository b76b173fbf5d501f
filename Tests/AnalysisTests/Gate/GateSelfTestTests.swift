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
        finding(.stoppedEarly, 0), finding(.plateau, 0), finding(.sourcesDisagree, 0),
        finding(.interleaved, 0), finding(.damagedFile, 0)),
      run: base, baseline: .runs([base]), weights: .unavailable(""))
    for trial in test.trials where !trial.isProven {
      Issue.record("\(trial.gate.id) \(trial.injection) \(trial.status) \(trial.amount ?? 0)")
    }
    #expect(test.isProven)
    #expect(test.unproven.isEmpty)
    let spike = test.trials.filter { $0.injection == .spike }.map(\.gate.id)
    #expect(spike == ["train/grad_normmax", "spike"])
    #expect(test.trials.count { $0.injection == .missing } == 16)
    #expect(test.trials.count { $0.injection == .nan } == 6)
    #expect(test.trials.count { $0.injection == .finding } == 9)
  }

  @Test func `a gate that can never fire, for the run has no such metric, is not proven`() {
    let deaf = Gate(id: "x", subject: .metric(Glob("nothing")), statistic: .final, bounds: [.atMost(1)])
    let test = GateSelfTest(
      plan: plan(deaf), run: base,
      baseline: .runs([base]), weights: .unavailable(""))
    #expect(!test.isProven)
    #expect(test.trials.first { $0.injection == .control }?.isProven == false)
  }

  @Test(arguments: [
    (Finding.Kind.nonFinite, 5.0), (.filteredNaN, 60), (.spike, 5), (.spike, 12), (.diverged, 3),
    (.sourcesDisagree, 2), (.interleaved, 2), (.damagedFile, 4),
  ])
  func `a fault is put in as often as the bound needs`(kind: Finding.Kind, most: Double) {
    let test = GateSelfTest(
      plan: plan(finding(kind, most)), run: base, baseline: .runs([base]), weights: .unavailable(""))
    #expect(test.isProven && test.unproven.isEmpty, "\(test.trials.map { ($0.injection, $0.status) })")
    #expect(test.trials.count == 3)
  }

  @Test(arguments: [Finding.Kind.overfitting, .plateau, .deadRun, .stoppedEarly])
  func `a bound that no run can pass beyond is told`(kind: Finding.Kind) {
    let test = GateSelfTest(
      plan: plan(finding(kind, 1)), run: base, baseline: .runs([base]), weights: .unavailable(""))
    #expect(!test.isProven)
    #expect(test.trials.last?.status == .pass)
  }

  @Test func `every metric of a pattern is tried`() {
    let test = GateSelfTest(
      plan: plan(metric("*/loss", .last, .increase(.relative(0.01)))), run: base, baseline: .runs([base]),
      weights: .unavailable(""))
    #expect(test.isProven)
    #expect(test.runName == "base")
    #expect(
      test.trials.map { $0.metric ?? "" } == [
        "", "", "train/loss", "train/loss", "eval/loss", "eval/loss",
      ])
    #expect(test.trials.map(\.injection) == [.control, .missing, .nan, .regression, .nan, .regression])
  }

  @Test func `what cannot be put into a copy is named with its reason`() {
    let short = testRun("short", [("train/loss", 10, lossCurve(30, level: 2, noise: 0.02, seed: 1))])
    let least = Gate(
      id: "least", subject: .finding(.plateau, metric: nil), statistic: .count, bounds: [.atLeast(1)])
    let test = GateSelfTest(
      plan: plan(
        finding(.plateau, 0), finding(.overfitting, 0), finding(.spike, 2), finding(.nonFinite, 90), least),
      run: short, baseline: .runs([short]), weights: .unavailable(""))
    #expect(
      test.unproven == [
        .init(id: "plateau", reason: "the baseline's train/loss has less than 40 points"),
        .init(id: "overfitting", reason: "the baseline has less than four evaluations"),
        .init(id: "spike", reason: "the baseline's train/loss has too few points for so many spikes"),
        .init(id: "non_finite", reason: "the baseline's train/loss has less than 91 points"),
        .init(id: "least", reason: "it asks for findings, and none can be taken out of a copy"),
      ])
  }

  @Test func `weights gates are tried through copies of the weights`() {
    func weights(_ statistic: GateStatistic, _ bounds: Gate.Bound...) -> Gate {
      Gate(id: statistic.rawValue, subject: .weights(Glob("*")), statistic: statistic, bounds: bounds)
    }
    func changes(_ factor: Double) -> WeightsEvidence {
      .changes([
        WeightChange(
          name: "a", relativeChange: abs(factor - 1), differenceNorm: 0.125 * abs(factor - 1),
          cosine: factor < 0 ? -1 : factor.isNaN ? .nan : 1)
      ])
    }
    let evidence = WeightsEvidence.changes([
      WeightChange(name: "a", relativeChange: 0.1, differenceNorm: 1, cosine: 0.9)
    ])
    let gates = plan(
      weights(.cosine, .atLeast(0.5)), weights(.relativeChange, .atMost(0.5), .atLeast(0.01)),
      weights(.differenceNorm, .atMost(20)))
    let test = GateSelfTest(
      plan: gates, run: base, baseline: .runs([base]), weights: evidence, weightsCopy: { changes($1) })
    for trial in test.trials where !trial.isProven {
      Issue.record("\(trial.gate.id) \(trial.injection) \(trial.status) \(trial.amount ?? 0)")
    }
    #expect(test.trials.filter { $0.injection == .weights }.map(\.amount) == [-1, 2, 1, 256])
    #expect(test.trials.count { $0.injection == .nan } == 3)
    #expect(test.unproven.isEmpty)
    let alone = GateSelfTest(plan: gates, run: base, baseline: .runs([base]), weights: evidence)
    #expect(
      alone.unproven.map(\.reason) == Array(repeating: "the baseline's weights cannot be copied", count: 3))
    let none = GateSelfTest(
      plan: gates, run: base, baseline: .runs([base]), weights: .unavailable("x"),
      weightsCopy: { changes($1) })
    #expect(!none.isProven)
    let blind = GateSelfTest(
      plan: plan(weights(.differenceNorm, .atMost(1e9))), run: base, baseline: .runs([base]),
      weights: evidence,
      weightsCopy: { changes($1) })
    #expect(!blind.isProven)
  }
}
