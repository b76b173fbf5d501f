internal import Bytes
public import EventFile

/// How far the average precisions of two curves may differ by the choice of their examples alone.
public struct PrecisionRecallBootstrap: Equatable, Sendable {
  /// The 95 % interval of the difference, new minus base: the percentiles of `resampleCount` resamples.
  public private(set) var interval: ClosedRange<Double>
  /// The number of examples of the base and of the new curve.
  public private(set) var exampleCounts: [Double]

  /// The number of resamples.
  public static let resampleCount = 1000

  /// The interval between `base` and `new`; nil where either is no table of whole counts that fit each other, as with
  /// weighted examples, or has no example of a kind.
  ///
  /// The examples of each are drawn anew with replacement, from the counts between the thresholds. Which examples both have
  /// in common the curves do not say, so that they are drawn apart: of the same examples the interval would be narrower.
  ///
  /// - Complexity: O(resamples · thresholds).
  public init?(from base: PrecisionRecallCurve, to new: PrecisionRecallCurve) {
    guard let base = ExampleCounts(base), let new = ExampleCounts(new) else { return nil }
    var random = SeededNumbers(seed: 0x5eed)
    var differences: [Double] = []
    for _ in 0..<Self.resampleCount {
      guard let before = base.resampled(&random).averagePrecision,
        let after = new.resampled(&random).averagePrecision
      else { continue }
      differences.append(after - before)
    }
    guard differences.count * 10 >= Self.resampleCount * 9 else { return nil }
    differences.sort()
    interval = Self.quantile(differences, 0.025)...Self.quantile(differences, 0.975)
    exampleCounts = [base.total, new.total]
  }

  /// The quantile of sorted values by linear interpolation, as numpy has it.
  private static func quantile(_ values: [Double], _ share: Double) -> Double {
    let place = share * Double(values.count - 1)
    let index = Int(clamping: place.rounded(.down))
    guard index + 1 < values.count else { return values[values.count - 1] }
    return values[index] + (values[index + 1] - values[index]) * (place - Double(index))
  }
}

/// How many examples of each kind lie between each two thresholds, the lowest first, and below them all.
struct ExampleCounts {
  var positives: [Double]
  var negatives: [Double]
  var positivesBelow: Double
  var negativesBelow: Double
  var total: Double

  /// The most thresholds of a curve.
  private static let mostThresholds = 10_000

  /// The counts in `curve`; nil where they are none.
  init?(_ curve: PrecisionRecallCurve) {
    let (tp, fp) = (curve.truePositives, curve.falsePositives)
    guard let first = tp.indices.first, tp.count <= Self.mostThresholds else { return nil }
    let all = [tp, fp, curve.trueNegatives, curve.falseNegatives].flatMap(\.self)
    // Floats of 32 bits hold whole numbers up to 2²⁴.
    guard all.allSatisfy({ $0 >= 0 && $0 <= 0x1p24 && $0 == $0.rounded() }) else { return nil }
    let (positive, negative) = (
      tp[first] + curve.falseNegatives[first], fp[first] + curve.trueNegatives[first]
    )
    for index in tp.indices {
      guard tp[index] + curve.falseNegatives[index] == positive,
        fp[index] + curve.trueNegatives[index] == negative
      else { return nil }
    }
    func between(_ counts: [Double]) -> [Double] { zip(counts, counts.dropFirst() + [0]).map { $0 - $1 } }
    positives = between(tp)
    negatives = between(fp)
    positivesBelow = curve.falseNegatives[first]
    negativesBelow = curve.trueNegatives[first]
    total = positive + negative
    guard positive > 0, negative > 0, (positives + negatives).allSatisfy({ $0 >= 0 }) else { return nil }
  }

  /// As many examples, drawn from these with replacement.
  func resampled(_ random: inout SeededNumbers) -> ExampleCounts {
    var result = self
    // One kind after the other, each by its share of what is left.
    var (left, rest) = (total, total)
    func draw(_ count: Double, _ random: inout SeededNumbers) -> Double {
      guard count > 0, left > 0 else { return 0 }
      let drawn = count >= rest ? left : random.binomial(left, count / rest)
      left -= drawn
      rest -= count
      return drawn
    }
    for index in positives.indices {
      result.positives[index] = draw(positives[index], &random)
      result.negatives[index] = draw(negatives[index], &random)
    }
    result.positivesBelow = draw(positivesBelow, &random)
    result.negativesBelow = draw(negativesBelow, &random)
    return result
  }

  /// The average precision; nil without a positive example.
  var averagePrecision: Double? {
    let count = positives.reduce(positivesBelow, +)
    guard count > 0 else { return nil }
    var (truePositives, falsePositives, sum) = (0.0, 0.0, 0.0)
    // From the highest threshold down, each step of the recall by the precision there.
    for index in positives.indices.reversed() {
      truePositives += positives[index]
      falsePositives += negatives[index]
      guard truePositives > 0 else { continue }
      sum += positives[index] / count * truePositives / (truePositives + falsePositives)
    }
    return sum
  }
}
