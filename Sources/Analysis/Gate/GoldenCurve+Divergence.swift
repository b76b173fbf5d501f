internal import Bytes
internal import EventFile

extension GoldenCurve {
  /// Where a run left a golden curve.
  struct Divergence: Equatable {
    /// The first step of the place.
    var step: Int64
    /// The steps up to the next place, within which the run left the curve; 0 where the run has one point there.
    var width: Int64
  }

  /// A side of a curve.
  enum Side {
    case above, below

    var sign: Double { self == .above ? 1 : -1 }
  }

  /// How many standard errors of noise the mean difference has to be beyond its band, at its most telling place.
  ///
  /// The greatest of some sixty correlated figures: the tests measure how often noise alone comes this far.
  static let threshold = 4.0
  /// The least number of places that tell where a noisy run left the curve.
  static let leastPlaces = 3

  /// The place from which on `series` is above the curve, or below it, up to the end; nil where it is not.
  ///
  /// - A noisy curve: for each place the mean difference from it to the end, less the band, in standard errors; the
  ///   place where that is greatest (the likeliest place of a step between two levels), where it is over `threshold`
  ///   and the last tenth of the places is also beyond the band, by 1.645 standard errors. The band
  ///   is 0 for one run; for several it is `bandFactor` standard deviations between the runs, over the last half of
  ///   the places and with the noise taken out. A single place counts for at most eight standard errors beyond the
  ///   band, so that no spike decides.
  /// - Evaluations and other figures without noise: the first place from which on every one is to that side by more
  ///   than the band of the place and one part in a million.
  ///
  /// - Parameters:
  ///   - alignment: where the steps of the curve lie in the run.
  ///   - side: the side of the curve that is looked at.
  ///   - runCount: the number of runs behind the curve.
  ///   - lastStep: the last step of the curve.
  func divergence(
    of series: Series, _ alignment: GoldenAlignment, side: Side, runCount: Int, lastStep: Int64,
    isNoisy: Bool,
    confidence: Double
  ) -> Divergence? {
    let bounds = places.dropFirst().map { alignment.firstIndex(of: series, at: $0.firstStep) }
    let end = alignment.endIndex(of: series, through: lastStep)
    let all = [0] + bounds.map { min($0, end) } + [end]
    let run = StretchLevels(of: series, bounds: all, isNoisy: isNoisy)
    let factor = Self.bandFactor(runCount: runCount, confidence: confidence)
    let differences = zip(places.indices, run.levels).compactMap { index, level -> Difference? in
      guard let level else { return nil }
      let place = places[index]
      let floor = 1e-6 * max(abs(place.level), abs(level.mean))
      let variance = level.error * level.error + place.noise * place.noise / Double(max(1, runCount))
      let spread = place.spread ?? 0
      return Difference(
        place: index, value: side.sign * (level.mean - place.level),
        error: max(variance.squareRoot(), floor, 1e-300),
        seeds: spread * spread - place.noise * place.noise, band: factor * spread + floor)
    }
    let found = isNoisy ? Self.noisyStart(differences, factor: factor) : Self.exactStart(differences)
    guard let index = found else { return nil }
    let step = places[index].firstStep
    let next = index + 1 < places.count ? places[index + 1].firstStep : lastStep
    let isPoint = all[index + 1] - all[index] <= 1
    return Divergence(step: step, width: isPoint ? 0 : max(0, next.clampedSubtract(step)))
  }

  /// How many standard deviations between the runs one more run of their kind may be from their mean:
  /// `t·√(1 + 1/k)` with k − 1 degrees of freedom for three or more, 2.8 for two, as in the margin `seed`.
  static func bandFactor(runCount: Int, confidence: Double) -> Double {
    guard runCount >= 3, let t = StudentT(degreesOfFreedom: Double(runCount - 1)) else {
      return runCount == 2 ? 2.8 : 0
    }
    return t.quantile(confidence) * (1 + 1 / Double(runCount)).squareRoot()
  }

  /// The difference between a run and the curve at one place, towards the side that is looked at.
  private struct Difference {
    var place: Int
    var value: Double
    /// The standard error that the noise of the run's and the curve's points leaves.
    var error: Double
    /// The variance between the runs beyond their noise; may be below 0 by chance.
    var seeds: Double
    /// The band of the place alone.
    var band: Double
  }

  /// The mean difference over the last places.
  private struct Suffix {
    var weight = 0.0
    var sum = 0.0

    mutating func add(_ difference: Difference, band: Double) {
      let weight = 1 / (difference.error * difference.error)
      let reach = band + 8 * difference.error
      self.weight += weight
      sum += weight * min(max(difference.value, -reach), reach)
    }

    /// How many standard errors of noise the mean is beyond `band`.
    func score(beyond band: Double) -> Double {
      (sum / weight - band) * weight.squareRoot()
    }
  }

  private static func noisyStart(_ differences: [Difference], factor: Double) -> Int? {
    guard differences.count >= leastPlaces else { return nil }
    let half = differences[(differences.count / 2)...]
    let band = factor * max(0, half.reduce(0) { $0 + $1.seeds } / Double(half.count)).squareRoot()
    var tail = Suffix()
    for difference in differences.suffix(max(leastPlaces, differences.count / 10)) {
      tail.add(difference, band: band)
    }
    guard tail.score(beyond: band) > 1.645 else { return nil }
    var suffix = Suffix()
    var best: (place: Int, score: Double)?
    for (number, difference) in differences.reversed().enumerated() {
      suffix.add(difference, band: band)
      guard number + 1 >= leastPlaces else { continue }
      let score = suffix.score(beyond: band)
      if score > best?.score ?? threshold { best = (difference.place, score) }
    }
    return best?.place
  }

  private static func exactStart(_ differences: [Difference]) -> Int? {
    differences.reversed().prefix { $0.value > $0.band }.last?.place
  }
}
