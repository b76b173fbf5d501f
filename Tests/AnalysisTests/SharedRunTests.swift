import Analysis
import EventFile
import FileSystem
import RunFolder
import TestSupport
import Testing

/// Real runs, most of them other people's, in a folder beside the package that most machines lack.
@Suite(.enabled(if: Fixture.shared != nil, "no ../shared/data and no FTREPORT_SHARED"))
struct SharedRunTests {
  private func runs(_ path: String) throws -> [TrainingRun] {
    try OpenedFolder(opening: Path.join(try #require(Fixture.shared), path)).runs
  }

  @Test func `of all real runs only those with a real problem are said to have one`() throws {
    let data = Path.join(try #require(Fixture.shared), "data")
    var grave: [String] = []
    var spikes = 0
    var points = 0
    var count = 0
    for origin in ["lab/runs", "public"] {
      for name in try Files.names(in: Path.join(data, origin)) {
        guard let opened = try? OpenedFolder(opening: Path.join(data, "\(origin)/\(name)")) else { continue }
        for run in opened.runs {
          let analysis = RunAnalysis(of: run)
          count += 1
          points += analysis.loss?.series.count ?? 0
          spikes += analysis.findings.count { $0.kind == .spike }
          let kinds = Set(analysis.findings.filter { $0.severity > .note }.map(\.kind.rawValue)).sorted()
          if !kinds.isEmpty { grave.append("\(name): \(kinds.joined(separator: " "))") }
        }
      }
    }
    #expect(count > 30)
    #expect(points > 5000)
    #expect(spikes <= 1)
    #expect(
      grave.sorted() == [
        // Four of five stay at ln 4, the loss of a guess among four classes.
        "AguLeon__LoRA_RoBERTa_AGNews: not_learning", "AguLeon__LoRA_RoBERTa_AGNews: not_learning",
        "AguLeon__LoRA_RoBERTa_AGNews: not_learning", "AguLeon__LoRA_RoBERTa_AGNews: not_learning",
        // Thirty epochs: the evaluation loss goes from 1.11 to 2.75 while the training loss falls.
        "aigoncharov__trainer_state_viz: overfitting",
        "ddp_lora_nan_filtered: filtered_nan non_finite",
        // 202 of 5,100 steps, all within the warm-up: the loss is where it began.
        "hykun1989__360-LLaMA-Factory-grpo: not_learning",
      ])
  }

  @Test(arguments: [
    "hsc748NLP__NSLLM", "syGOAT__Mistral-v0.2-Translator-bf16", "xueh88401-web__qwen2.5-7b-medical-finetune",
    "HangerYang__Star",
  ])
  func `a doubled point in a real run is found`(name: String) throws {
    let run = try #require(try runs("data/public/\(name)").first)
    let metric = try #require(run.metric(for: .trainLoss))
    var found = 0
    let places = Array(stride(from: 60, to: metric.series.count - 40, by: metric.series.count / 12))
    for place in places {
      var changed = metric.series
      changed.values[place] *= 2
      let findings = RunAnalysis(
        of: TrainingRun(name: "r", path: "r", metrics: [Metric(series: changed)])
      ).findings
      if findings.contains(where: { $0.kind == .spike && $0.step == changed.steps[place] }) { found += 1 }
    }
    #expect(Double(found) >= 0.9 * Double(places.count), "\(found) of \(places.count)")
  }

  @Test func `figures of the lab's runs`() throws {
    let all = try runs("data/lab/runs")
    func analysis(_ name: String) throws -> RunAnalysis {
      RunAnalysis(of: try #require(all.first { $0.name == name }))
    }
    let good = try analysis("ddp_lora_sft")
    #expect(agree(try #require(good.evaluation?.series.values.first), 5.20, 1e-2))
    #expect(agree(try #require(good.evaluation?.last.value), 4.753, 1e-3))
    #expect(agree(try #require(try analysis("ddp_lora_sft_lr1e-4").evaluation?.last.value), 5.675, 1e-3))
    let resumed = try analysis("ddp_lora_resume")
    #expect(resumed.quality.seams.map(\.step) == [510])
    #expect(resumed.quality.seams.map(\.interruptedAt) == [600])
    #expect(resumed.loss?.superseded.steps == Array(stride(from: 510, through: 600, by: 10)))
    let filtered = try analysis("ddp_lora_nan_filtered")
    #expect(filtered.findings.contains { $0.kind == .filteredNaN && $0.step == 20 && $0.lastStep == 100 })
    // A resumed training is the same training: the levels agree.
    let (one, two) = (try #require(good.loss?.final), try #require(resumed.loss?.final))
    #expect(abs(one.mean - two.mean) < 2 * (one.standardError + two.standardError))
  }

  @Test func `of the lab's pairs the same setting passes and the worse one fails`() throws {
    let all = try runs("data/lab/runs")
    func run(_ name: String) throws -> TrainingRun { try #require(all.first { $0.name == name }) }
    func gate(_ tag: String, _ statistic: GateStatistic) -> Gate {
      Gate(
        id: tag, subject: .metric(Glob(tag)), statistic: statistic, bounds: [.increase(.relative(0.01))])
    }
    let gates = [gate("eval/loss", .best), gate("train/loss", .final)]
    func statuses(_ new: String) throws -> [GateStatus] {
      let evaluation = GateEvaluation(
        run: try run(new), baseline: .runs([try run("ddp_lora_sft")]), weights: .unavailable(""))
      return gates.map { evaluation.result($0).status }
    }
    // Resumed at half, and with another optimizer's sharding.
    for twin in ["ddp_lora_resume", "ds_z2_lora_sft"] {
      #expect(try statuses(twin) == [.pass, .pass], "\(twin)")
    }
    #expect(try statuses("ddp_lora_sft_lr1e-4") == [.fail, .fail])
  }
}
