import RunFolder
import Testing

@testable import Analysis

@Suite struct ComparabilityTests {
  private func run(
    _ name: String, level: Double = 1.2, more: [(tag: String, every: Int64, values: [Double])] = [],
    _ settings: [(String, String)]
  ) -> TrainingRun {
    var run = testRun(
      name,
      [
        ("train/loss", 10, lossCurve(200, level: level, noise: 0.01, seed: 1)),
        ("eval/loss", 500, [level + 0.4, level + 0.2, level + 0.1, level]),
        ("eval/accuracy", 500, [0.5, 0.55, 0.6, 0.65].map { $0 + 1.2 - level }),
      ] + more)
    run.configuration = [
      ConfigurationSection(
        source: "training_args.yaml", settings: settings.map { .init(name: $0.0, value: $0.1) })
    ]
    return run
  }

  private func pair(
    _ base: [(String, String)], _ new: [(String, String)],
    more: [(tag: String, every: Int64, values: [Double])] = []
  ) throws -> PairComparison {
    try #require(
      RunComparison(base: run("a", more: more, base), new: [run("b", level: 0.9, more: more, new)]).pairs
        .first)
  }

  private func verdict(_ pair: PairComparison, _ tag: String) -> MetricComparison.Verdict? {
    pair.metrics.first { $0.tag == tag }?.verdict
  }

  private let same = [
    ("learning_rate", "1e-4"), ("model_name_or_path", "Qwen/Qwen3-4B"), ("dataset", "alpaca_en"),
  ]

  @Test func `runs of one model and one set of data are compared`() throws {
    let pair = try pair(same, same + [("seed", "2")])
    #expect(pair.comparability.differences.isEmpty)
    #expect(pair.deciding?.verdict == .better)
  }

  @Test func `losses a token of other base models are not compared, other measures are`() throws {
    let other = [("model_name_or_path", "Llama-3-8B"), ("dataset", "alpaca_en")]
    let pair = try pair(same, other)
    #expect(pair.deciding?.verdict == .notComparable(.baseModel))
    #expect(verdict(pair, "train/loss") == .notComparable(.baseModel))
    #expect(verdict(pair, "eval/accuracy") == .better)
    #expect(pair.comparability.differences.map(\.kind) == [.baseModel])
  }

  @Test func `a model of the same vocabulary is told and compared`() throws {
    let vocabulary = [("model_type", "qwen3"), ("vocab_size", "151936")]
    let pair = try pair(
      [("model_name_or_path", "Qwen/Qwen3-4B")] + vocabulary,
      [("model_name_or_path", "Qwen/Qwen3-8B")] + vocabulary)
    #expect(pair.comparability.differences.map(\.kind) == [.modelOfFamily])
    #expect(pair.deciding?.verdict == .better)
  }

  @Test(arguments: [
    ("Qwen/Qwen3-4B", "/data/models/Qwen3-4B/"), ("unsloth/Qwen3-4B-bnb-4bit", "Qwen/Qwen3-4B"),
    (
      "~/.cache/huggingface/hub/models--Qwen--Qwen3-4B/snapshots/1cfa9a7208912126459214e8b04321603b3df60c",
      "Qwen/Qwen3-4B"
    ),
  ])
  func `one model has several paths`(left: String, right: String) {
    #expect(
      ComparedSettings.plainModel(left) == "qwen3-4b"
        || ComparedSettings.plainModel(left)?.hasPrefix("qwen3-4b/") == true)
    #expect(ComparedSettings.plainModel(right) == "qwen3-4b")
  }

  @Test func `saves of one name are of other trainings`() {
    #expect(ComparedSettings.plainModel("out/a/checkpoint-500") == "a/checkpoint-500")
    #expect(ComparedSettings.plainModel("out/b/checkpoint-500") == "b/checkpoint-500")
  }

  @Test func `other training data leave evaluations comparable over one set alone`() throws {
    let other = [("model_name_or_path", "Qwen/Qwen3-4B"), ("dataset", "gsm8k")]
    let open = try pair(same, other)
    #expect(open.deciding?.verdict == .notComparable(.trainingData))
    #expect(verdict(open, "train/loss") == .notComparable(.trainingData))
    #expect(verdict(open, "eval/accuracy") == .notComparable(.trainingData))
    let set = [("eval_dataset", "mmlu_dev")]
    let shared = try pair(same + set, other + set)
    #expect(shared.deciding?.tag == "eval/loss")
    #expect(shared.deciding?.verdict == .better)
    #expect(verdict(shared, "train/loss") == .notComparable(.trainingData))
    let split = try pair(same + [("val_size", "0.1")], other + [("val_size", "0.1")])
    #expect(split.evaluationSets.relation == .different)
    #expect(split.deciding?.verdict == .notComparable(.evaluationSets))
    let order = try pair(same + [("datasets", "a,b")], same + [("datasets", "b, a")])
    #expect(order.comparability.differences.isEmpty)
  }

  @Test func `sets of one size are no evidence where the training data differ`() throws {
    let timings: [(tag: String, every: Int64, values: [Double])] = [
      ("eval/runtime", 500, [0.4001, 0.4002]), ("eval/samples_per_second", 500, [219.933, 219.89]),
    ]
    let other = [("model_name_or_path", "Qwen/Qwen3-4B"), ("dataset", "gsm8k")]
    #expect(try pair(same, same, more: timings).evaluationSets.relation == .sameSize)
    #expect(try pair(same, other, more: timings).evaluationSets.relation == .unknown)
  }

  @Test(arguments: [
    ("train_on_prompt", "true", MetricComparison.Reason.tokens), ("template", "llama3", .tokens),
    ("mask_history", "true", .tokens),
    ("label_smoothing_factor", "0.1", .lossFormula), ("max_samples", "500", .trainingData),
  ])
  func `what is written in one run alone is held against its default`(
    setting: String, value: String, reason: MetricComparison.Reason
  ) throws {
    #expect(try pair(same, same + [(setting, value)]).deciding?.verdict == .notComparable(reason))
    #expect(try pair(same, same + [("packing", "true")]).deciding?.verdict == .better)
  }

  @Test func `what another file does not tell has no default`() {
    let base = run("a", same)
    var new = run("b", same + [("train_on_prompt", "true")])
    new.configuration[0].source = "args.json"
    #expect(RunComparison(base: base, new: [new]).pairs[0].comparability.differences.isEmpty)
  }

  @Test func `other templates and tokenizers are other tokens`() throws {
    #expect(
      try pair(same + [("template", "qwen3")], same + [("template", "chatml")]).deciding?.verdict
        == .notComparable(.tokens))
    #expect(
      try pair(same + [("tokenizer_name", "x")], same + [("tokenizer_name", "y")]).deciding?.verdict
        == .notComparable(.tokenizer))
  }

  @Test func `runs over other data are neither ranked nor is their data said to explain anything`() throws {
    func analysis(_ seed: Int, _ data: String, _ level: Double) -> RunAnalysis {
      RunAnalysis(of: run("r\(seed)", level: level, [("dataset", data), ("seed", "\(seed)")]))
    }
    let mixed =
      (1...4).map { analysis($0, "a", 1.2 + 0.01 * Double($0)) }
      + (5...8).map { analysis($0, "b", 0.9 + 0.01 * Double($0)) }
    let ranking = RunRanking(of: mixed)
    #expect(ranking.obstacle?.kind == .trainingData)
    #expect(!ranking.isAlike)
    #expect(ranking.bestByEvaluation == nil)
    let sweep = try #require(try SweepAnalysis(of: mixed))
    #expect(sweep.importance == nil)
    #expect(sweep.groups.baseline == nil)
    #expect(sweep.groups.groups.allSatisfy { $0.verdict == nil && $0.statistics?.count == 4 })
    let alike = RunRanking(of: Array(mixed.prefix(4)))
    #expect(alike.isAlike)
    #expect(alike.bestByEvaluation == 0)
  }
}
