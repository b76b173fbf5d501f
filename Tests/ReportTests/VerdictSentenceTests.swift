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
}
