import Analysis
import EventFile
import RunFolder
import Testing

@testable import Report

/// The sentence that a report opens with.
@Suite struct VerdictSentenceTests {
  private func sentence(_ columns: [String: [Double]]) -> String {
    let metrics = columns.keys.sorted().map { tag in
      let values = columns[tag] ?? []
      return Metric(
        series: Series(
          tag: tag, steps: values.indices.map { Int64($0 + 1) }, wallTimes: values.map { _ in .nan },
          values: values))
    }
    return Verdict(RunAnalysis(of: TrainingRun(name: "r", path: "r", metrics: metrics))).sentence
  }

  private static func rising(from start: Double, by step: Double, noise: Double) -> [Double] {
    (0..<40).map { index -> Double in
      let even = index.isMultiple(of: 2) ? 0 : noise
      return start + step * Double(index) + even
    }
  }

  private let loss = Self.rising(from: 0, by: 0.001, noise: 0.0001)
  private let reward = Self.rising(from: 0.2, by: 0.01, noise: 0.01)

  @Test func `a training by rewards is headed by the reward, not by its loss`() {
    let sentence = sentence([
      "train/loss": loss, "train/reward": reward, "train/reward_std": loss.map { _ in 0.2 },
      "eval/loss": [0.1],
    ])
    #expect(sentence.hasPrefix("train/reward rose from 0.2"))
    #expect(sentence.hasSuffix(" in 40 steps."))
    #expect(!sentence.contains("loss"))
  }

  @Test func `and by its best evaluation where there is one`() {
    let sentence = sentence([
      "train/loss": loss, "train/reward": reward, "train/reward_std": loss.map { _ in 0.2 },
      "eval/reward": [0.3, 0.5, 0.4],
    ])
    #expect(sentence == "The best eval/reward is 0.5000, at step 2, in 40 steps.")
  }

  @Test func `one loss went nowhere`() {
    #expect(
      sentence(["train/loss": [0.6436]])
        == "There is too little to judge by: 1 training loss, 5 needed. "
        + "The one training loss on record is 0.6436, at step 1.")
  }

  @Test func `a fall that the noise hides is not called staying`() {
    let sentence = sentence(["train/loss": [2.025, 1.94, 1.843, 1.782, 1.73, 1.706, 1.607, 1.577]])
    #expect(sentence.hasPrefix("The training loss "))
    #expect(!sentence.contains("stayed"))
    let flat = (0..<200).map { 2 + 0.001 * Double($0 % 3) }
    #expect(self.sentence(["train/loss": flat]).contains("The training loss stayed where it began, at 2.00"))
  }

  @Test func `the best evaluation is that of what decides`() {
    let losses = [0.5, 0.26, 0.14, 0.15, 0.16, 0.17]
    func series(_ tag: String, _ values: [Double]) -> Metric {
      let steps = values.indices.map { Int64($0 + 1) * 200 }
      return Metric(
        series: Series(tag: tag, steps: steps, wallTimes: steps.map { _ in .nan }, values: values))
    }
    var run = TrainingRun(
      name: "r", path: "r",
      metrics: [
        series("train/loss", losses), series("eval/loss", losses),
        series("eval/wer", [38, 33, 29, 26, 24, 22]),
      ])
    run.configuration = [
      ConfigurationSection(
        source: "training_args.yaml", settings: [Setting(name: "metric_for_best_model", value: "wer")])
    ]
    let analysis = RunAnalysis(of: run)
    #expect(Verdict(analysis).sentence.contains("the best eval/wer is 22.00, at step 1,200"))
    #expect(!Verdict(analysis).sentence.contains("evaluation loss"))
  }
}

/// What a comparison says of runs that do not have everything in common.
@Suite struct ComparabilityWordsTests {
  private func words(_ base: [(String, String)], _ new: [(String, String)]) -> (
    headline: String, page: String
  ) {
    func run(_ name: String, _ level: Double, _ settings: [(String, String)]) -> TrainingRun {
      let values = (0..<8).map { level + 0.4 / Double($0 + 1) }
      func series(_ tag: String) -> Metric {
        let steps = values.indices.map { Int64($0 + 1) * 100 }
        return Metric(
          series: Series(tag: tag, steps: steps, wallTimes: steps.map { _ in .nan }, values: values))
      }
      var run = TrainingRun(name: name, path: name, metrics: [series("train/loss"), series("eval/loss")])
      run.configuration = [
        ConfigurationSection(source: "args.yaml", settings: settings.map { Setting(name: $0.0, value: $0.1) })
      ]
      return run
    }
    let comparison = RunComparison(base: run("a", 1.2, base), new: [run("b", 0.9, new)])
    let report = RunComparisonReport(comparison, command: "ftreport compare a b")
    return (ComparisonWords(comparison).headline, MarkdownWriter.text(report.page(isIllustrated: false)))
  }

  @Test func `another base model is named and nobody is called better`() {
    let words = words([("model_name_or_path", "Qwen/Qwen3-4B")], [("model_name_or_path", "Llama-3-8B")])
    #expect(
      words.headline
        == "not comparable: another base model, whose tokens may be others (Llama-3-8B against Qwen/Qwen3-4B)"
    )
    #expect(!words.page.contains("time to eval/loss"))
    #expect(!words.page.lowercased().contains("| better"))
  }

  @Test func `other data are named, with a verdict where both name one evaluation set`() {
    let open = words([("dataset", "alpaca_en")], [("dataset", "gsm8k")])
    #expect(
      open.headline
        == "not comparable: other training data, and nothing tells that the evaluations are over the same "
        + "(dataset gsm8k against alpaca_en)")
    let shared = words(
      [("dataset", "alpaca_en"), ("eval_dataset", "dev")], [("dataset", "gsm8k"), ("eval_dataset", "dev")])
    #expect(shared.headline.hasPrefix("better: best eval/loss 0.9500 against 1.250 (-24.0 %)"))
    #expect(shared.headline.hasSuffix(", with other training data (dataset gsm8k against alpaca_en)"))
  }
}
