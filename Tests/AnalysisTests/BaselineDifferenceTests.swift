import RunFolder
import Testing

@testable import Analysis

/// What a run was trained with that its baseline was not.
@Suite struct BaselineDifferenceTests {
  private func run(_ settings: KeyValuePairs<String, String>) -> TrainingRun {
    var run = TrainingRun(name: "run", path: "run")
    run.configuration = [
      ConfigurationSection(
        source: "args/text_summary", settings: settings.map { Setting(name: $0.key, value: $0.value) })
    ]
    return run
  }

  private func golden(of run: TrainingRun) -> GoldenBaseline {
    GoldenBaseline(
      runs: [.init(name: "run", path: "run", steps: 1...2, lossCount: 2)], window: 0.1,
      configuration: ConfigurationDifference.shared(by: [run]), evaluationSamples: nil,
      data: DataFingerprint(of: run), metrics: [], findings: [])
  }

  private let base: KeyValuePairs = [
    "dataset": "alpaca_en", "template": "qwen3", "learning_rate": "1e-05", "logging_steps": "5",
  ]

  @Test func `data come first, and what does not decide is left out`() {
    let other = run([
      "learning_rate": "0.0001", "dataset": "belle", "template": "qwen3", "logging_steps": "10",
    ])
    for baseline in [GateBaseline.runs([run(base)]), .golden(golden(of: run(base)))] {
      let difference = BaselineDifference(of: other, from: baseline)
      #expect(difference.isOfData)
      #expect(difference.settings.map(\.name) == ["dataset", "learning_rate"])
      #expect(difference.settings.map(\.base) == ["alpaca_en", "1e-05"])
      #expect(difference.settings.map(\.new) == ["belle", "0.0001"])
    }
  }

  @Test func `the same settings in other spellings are no difference`() {
    let same = run(["template": "qwen3", "dataset": "alpaca_en", "learning_rate": "0.00001"])
    #expect(BaselineDifference(of: same, from: .runs([run(base)])) == .none)
    #expect(BaselineDifference(of: same, from: .golden(golden(of: run(base)))) == .none)
    #expect(BaselineDifference(of: same, from: .none) == .none)
  }

  @Test func `the fingerprint alone tells of other data`() {
    var golden = golden(of: run(base))
    golden.configuration = []
    let other = run(["dataset": "alpaca_en", "template": "llama3"])
    let difference = BaselineDifference(of: other, from: .golden(golden))
    #expect(difference == BaselineDifference(settings: [], isOfData: true))
    // A run that says nothing of its data is not known to have others.
    #expect(BaselineDifference(of: run(["learning_rate": "1"]), from: .golden(golden)) == .none)
  }

  @Test func `a fingerprint is a checksum of what names the data, in any order`() {
    // printf 'dataset=alpaca_en\ntemplate=qwen3\n' | sha256sum
    let digits = "9829fdb5a86e3bb3c0a9896bf868d53745d4c02ab04d2e728a35e8aaf8bdb431"
    #expect(DataFingerprint(of: run(base))?.digits == digits)
    #expect(DataFingerprint(of: run(["template": "qwen3", "dataset": "alpaca_en"]))?.digits == digits)
    #expect(DataFingerprint(of: run(["seed": "42"])) == nil)
    #expect(DataFingerprint(sharedBy: [run(base), run(["dataset": "belle"])]) == nil)
  }
}
