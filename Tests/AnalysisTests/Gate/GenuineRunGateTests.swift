import RunFolder
import TestSupport
import Testing

@testable import Analysis

/// The genuine runs among the samples, held against each other.
@Suite struct GenuineRunGateTests {
  static func open(_ name: String) throws -> TrainingRun {
    let folder = try OpenedFolder(opening: Fixture.sampleRun(name))
    return try #require(folder.runs.first)
  }

  static let gates = [
    Gate(
      id: "eval", subject: .metric(Glob("eval/loss")), statistic: .best, bounds: [.increase(.relative(0.01))]),
    Gate(
      id: "final", subject: .metric(Glob("train/loss")), statistic: .final,
      bounds: [.increase(.relative(0.01))]),
    Gate(id: "area", subject: .metric(Glob("loss")), statistic: .area, bounds: [.increase(.relative(0.01))]),
    Gate(id: "finite", subject: .finding(.nonFinite, metric: nil), statistic: .count, bounds: [.atMost(0)]),
    Gate(id: "diverged", subject: .finding(.diverged, metric: nil), statistic: .count, bounds: [.atMost(0)]),
    Gate(id: "filter", subject: .finding(.filteredNaN, metric: nil), statistic: .count, bounds: [.atMost(0)]),
    Gate(id: "grad", subject: .metric(Glob("train/grad_norm")), statistic: .max, bounds: [.atMost(50)]),
  ]

  private func statuses(_ new: String, _ baseline: GateBaseline) throws -> [GateStatus] {
    let evaluation = GateEvaluation(run: try Self.open(new), baseline: baseline, weights: .unavailable(""))
    return Self.gates.map { evaluation.result($0).status }
  }

  @Test func `the worse learning rate fails every gate on the loss`() throws {
    let base = try Self.open("sft")
    #expect(
      try statuses("sft_lr1e-4", .runs([base])) == [.fail, .fail, .fail, .pass, .pass, .pass, .pass])
    let golden = try GoldenBaseline(calibrating: [base], window: 0.1, confidence: 0.95)
    #expect(
      try statuses("sft_lr1e-4", .golden(golden)) == [.fail, .fail, .fail, .pass, .pass, .pass, .pass])
  }

  @Test func `the same run passes every gate`() throws {
    let base = try Self.open("sft")
    #expect(try statuses("sft", .runs([base])) == Array(repeating: .pass, count: 7))
  }

  @Test func `the diverged run fails every gate that claims to see it`() throws {
    let base = try Self.open("sft")
    #expect(try statuses("sft_diverged", .runs([base])) == Array(repeating: .fail, count: 7))
  }

  @Test func `the resumed run equals the uninterrupted one`() throws {
    let base = try Self.open("sft")
    let resumed = try Self.open("sft_resumed")
    let pair = try #require(RunComparison(base: base, new: [resumed]).pairs.first)
    #expect(pair.loss?.firstDifferentStep == nil)
    #expect(pair.evaluation?.firstDifferentStep == nil)
    #expect(pair.metrics.filter { $0.tag.hasSuffix("/loss") }.map(\.verdict) == [.same, .same, .same])
    #expect(pair.pairing.isIdentical)
    #expect(try statuses("sft_resumed", .runs([base])) == Array(repeating: .pass, count: 7))
  }

  @Test func `the comparison names the learning rate first and the worse run worse`() throws {
    let base = try Self.open("sft")
    let pair = try #require(RunComparison(base: base, new: [try Self.open("sft_lr1e-4")]).pairs.first)
    #expect(pair.configuration.first?.name == "learning_rate")
    #expect(pair.evaluationSets.relation == .sameSize)
    #expect(pair.evaluationSets.baseSamples == 88)
    let rows = pair.metrics.filter { $0.tag.hasSuffix("/loss") }
    #expect(rows.map(\.verdict) == [.worse, .worse, .worse])
    #expect(pair.loss?.firstDivergingStep.map { $0 < 60 } == true)
  }

  @Test func `the self-test proves the gates on a genuine run`() throws {
    let base = try Self.open("sft")
    let test = GateSelfTest(
      plan: GatePlan(path: "c.yml", gates: Self.gates), run: base, baseline: .runs([base]),
      weights: .unavailable(""))
    for trial in test.trials where !trial.isProven {
      Issue.record("\(trial.gate.id) \(trial.injection): \(trial.status), \(trial.amount ?? 0)")
    }
  }
}
