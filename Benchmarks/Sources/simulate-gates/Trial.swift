import Analysis
import EventFile
import RunFolder

/// What comparing two curves came to.
struct Trial {
  /// Whether the one-sided test alone saw a rise: the lower bound above 0.
  var isRise: Bool
  /// What a gate with a margin of 1 % says.
  var verdict: EffectVerdict
  /// The smallest detectable effect, relative.
  var detectable: Double

  /// Compares two curves by the code that `ftreport gate` runs; `window` is the share of the points that counts.
  init?(_ base: [Double], _ new: [Double], window: Double) {
    let options = ComparisonOptions(window: window)
    let comparison = RunComparison(
      base: Self.run("base", base), new: [Self.run("new", new)], options: options)
    guard let effect = comparison.pairs.first?.metrics.first?.effect else { return nil }
    isRise = effect.lowerBound > 0
    verdict = effect.verdict(rise: 0.01 * abs(effect.base))
    detectable = effect.smallestDetectable / abs(effect.base)
  }

  private static func run(_ name: String, _ values: [Double]) -> TrainingRun {
    let steps = values.indices.map { Int64($0 + 1) }
    let series = Series(
      tag: "train/loss", steps: steps, wallTimes: [Double](repeating: 0, count: values.count), values: values)
    return TrainingRun(name: name, path: name, metrics: [Metric(series: series)])
  }
}

/// How often something happened.
struct Rate {
  var count = 0
  var total = 0

  mutating func add(_ happened: Bool) {
    total += 1
    if happened { count += 1 }
  }

  /// In per cent.
  var percent: Double { total > 0 ? 100 * Double(count) / Double(total) : .nan }

  /// In per cent with one digit after the point.
  var text: String {
    let tenths = Int((percent * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
