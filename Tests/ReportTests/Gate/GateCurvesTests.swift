import Analysis
import EventFile
import RunFolder
import TestSupport
import Testing

@testable import Report

/// The pictures of gates that did not pass.
@Suite struct GateCurvesTests {
  private let base = Runs.learning()
  private let worse = Runs.learning(end: 2.5, seed: 2)

  private func text(_ gates: [Gate], against baseline: GateBaseline, run: TrainingRun? = nil) -> GateText {
    let run = run ?? worse
    let plan = GatePlan(path: "ftreport.yml", gates: gates)
    let report = GateEvaluation(run: run, baseline: baseline, weights: .unavailable("")).report(plan: plan)
    return GateText(report, strict: false, command: "ftreport gate x", run: run, baseline: baseline)
  }

  private func gate(_ id: String, _ tag: String, _ bound: Gate.Bound) -> Gate {
    Gate(id: id, subject: .metric(Glob(tag)), statistic: .final, bounds: [bound])
  }

  @Test func `each gate that failed has its picture beside the page, and no other`() throws {
    let gates = [
      gate("final: loss", "train/loss", .increase(.relative(0.01))), gate("ok", "train/loss", .atMost(100)),
    ]
    let files = text(gates, against: .runs([base])).files(name: "gate.md")
    #expect(files.map(\.path) == ["gate.md", "gate-final-loss.svg"])
    #expect(files[0].text.contains("](gate-final-loss.svg)"))
    let svg = files[1].text
    #expect(svg.contains("bound "))
    #expect(svg.contains("final: loss: train/loss"))
  }

  @Test func `characters show the run, the baseline and the bound`() {
    let markdown = text(
      [gate("final", "train/loss", .increase(.relative(0.01)))], against: .runs([base])
    ).markdown()
    let chart = markdown.split(separator: "```text\n").last.map(String.init) ?? ""
    #expect(chart.contains("line: train/loss, local trend, o baseline, ╌ bound"), "\(markdown)")
    #expect(chart.contains("o") && chart.contains("╌╌╌"))
    #expect(chart.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
    #expect(!markdown.contains(".svg"))
  }

  @Test func `a golden file's places are drawn, with the mean of its runs`() throws {
    let runs = [base, Runs.learning(seed: 3), Runs.learning(seed: 4)]
    let golden = try GoldenBaseline(calibrating: runs, window: 0.1, confidence: 0.95)
    let files = text(
      [gate("final", "train/loss", .increase(.relative(0.01)))], against: .golden(golden)
    ).files(name: "gate.md")
    #expect(files.count == 2)
    let values = golden.metric(named: "train/loss")?.figures.first { $0.statistic == .final }?.values ?? []
    let mean = NumberText.significant(values.reduce(0, +) / Double(values.count))
    #expect(NumberText.significant(values[0]) != mean)
    #expect(files[1].text.contains("golden file \(mean)"))
  }

  @Test func `a baseline without the metric takes no label from another`() {
    var bare = base
    bare.name = "bare"
    bare.metrics.removeAll { $0.tag == "train/loss" }
    let plan = GatePlan(path: "c", gates: [gate("final", "train/loss", .atMost(0.1))])
    let baseline = GateBaseline.runs([bare, base])
    let report = GateEvaluation(run: worse, baseline: baseline, weights: .unavailable("")).report(plan: plan)
    let words = GateWords(report: report, strict: false)
    let curves = GateCurves(report.results[0], words: words, run: worse, baseline: baseline)
    #expect(curves?.baselines.count == 1)
    #expect(curves?.baselines.first?.level == nil)
  }

  @Test func `a finding stands at its step in the loss`() {
    let spoiled = Runs.changing(base) { $0 > 90 ? .nan : $1 }
    let gate = Gate(
      id: "finite", subject: .finding(.nonFinite, metric: nil), statistic: .count, bounds: [.atMost(0)])
    let files = text([gate], against: .none, run: spoiled).files(name: "gate.md")
    #expect(files.map(\.path) == ["gate.md", "gate-finite.svg"])
    #expect(files[1].text.contains(">step 920<"), "\(files[1].text)")
  }

  @Test func `charts go first where there is little room, and weights have none`() {
    let page = text([gate("final", "train/loss", .increase(.relative(0.01)))], against: .runs([base]))
    let whole = page.markdown()
    let shorter = page.markdown(maxBytes: whole.utf8.count - 1)
    #expect(!shorter.contains("o baseline"))
    #expect(shorter.contains("### ❌ `final`"))
    let weights = Gate(
      id: "w", subject: .weights(Glob("*")), statistic: .relativeChange, bounds: [.atMost(1)])
    #expect(text([weights], against: .runs([base])).files(name: "gate.md").count == 1)
  }
}
