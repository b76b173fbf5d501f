internal import EventFile
internal import RunFolder

/// The loss steps down where an epoch ends: the second time a sample is seen, it is known already.
struct EpochStepsRule: Rule {
  var kinds: [Finding.Kind] { [.epochSteps] }
  /// The points that are needed on either side of an epoch's end, and how many of them are looked at.
  var leastCount = 5, mostCount = 30
  /// The drop that is told: as a share of the level, and in standard errors.
  var leastDrop = 0.04, leastScore = 4.0

  func examine(_ evidence: Evidence) -> Outcome {
    guard let curve = evidence.curve else { return .abstained(.missing(.trainingLoss)) }
    guard !evidence.epochEnds.isEmpty else { return .abstained(.missing(.epochs)) }
    let noise = curve.noise
    var drops: [(step: Int64, before: Double, after: Double, score: Double)] = []
    let seams = [0] + evidence.epochEnds.map { curve.index(from: $0) } + [curve.count]
    for number in 1..<seams.count - 1 {
      let seam = seams[number]
      let before = max(seams[number - 1], seam - mostCount)..<seam
      let after = seam..<min(seams[number + 1], seam + mostCount)
      guard before.count >= leastCount, after.count >= leastCount else { continue }
      let (left, right) = (Line(curve.values[before], noise), Line(curve.values[after], noise))
      let (high, low) = (left.value(at: Double(before.count)), right.value(at: 0))
      let error = (left.error(at: Double(before.count)) + right.error(at: 0)).squareRoot()
      let drop = high - low
      guard drop > leastDrop * abs(high), drop > leastScore * error else { continue }
      drops.append((curve.steps[seam], high, low, drop / max(error, 1e-300)))
    }
    guard let first = drops.first,
      let greatest = drops.max(by: { $0.before - $0.after < $1.before - $1.after })
    else {
      return .nothing
    }
    return .found([
      Finding(
        .epochSteps, .note, metric: curve.tag, step: first.step, lastStep: drops.last?.step,
        value: greatest.after,
        reference: greatest.before, count: drops.count, score: greatest.score)
    ])
  }

  /// A least-squares line over 0, 1, 2, …
  private struct Line {
    let mean: Double, slope: Double, variance: Double, middle: Double, squares: Double, count: Double

    init(_ values: ArraySlice<Double>, _ noise: Double) {
      count = Double(values.count)
      middle = (count - 1) / 2
      mean = values.reduce(0, +) / count
      squares = count * (count * count - 1) / 12
      var product = 0.0
      for (index, value) in values.enumerated() { product += (Double(index) - middle) * (value - mean) }
      slope = product / squares
      var rest = 0.0
      for (index, value) in values.enumerated() {
        let distance = value - mean - slope * (Double(index) - middle)
        rest += distance * distance
      }
      variance = max(noise * noise, rest / max(1, count - 2))
    }

    func value(at index: Double) -> Double { mean + slope * (index - middle) }
    /// The variance of the line there.
    func error(at index: Double) -> Double {
      variance * (1 / count + (index - middle) * (index - middle) / squares)
    }
  }
}

/// Over the last fifth of the points, at least 20, the slope's interval spans 0 and the line falls by less than 0.5 % of
/// the level; nor does the level at the end stand on a slope that the last two fifths show.
struct PlateauRule: Rule {
  var kinds: [Finding.Kind] { [.plateau] }
  /// The points that are needed.
  var leastCount = 40

  func examine(_ evidence: Evidence) -> Outcome {
    guard evidence.training != .reinforcement else { return .notApplicable }
    guard let series = evidence.loss?.series else { return .abstained(.missing(.trainingLoss)) }
    guard series.count >= leastCount else {
      return .abstained(.tooFew(.trainingLoss, count: series.count, needed: leastCount))
    }
    guard let level = WindowLevel(ofLast: 0.2, of: series, confidence: evidence.options.confidence),
      level.count >= WindowLevel.minimumCount, level.mean > 0, level.slopeInterval.contains(0),
      evidence.loss?.final?.hasTrend != true
    else { return .nothing }
    let span = Double(level.steps.upperBound) - Double(level.steps.lowerBound)
    guard abs(level.slope) * span < 0.005 * level.mean else { return .nothing }
    return .found([
      Finding(
        .plateau, .note, metric: series.tag, step: level.steps.lowerBound, lastStep: level.steps.upperBound,
        value: level.mean, reference: level.slope * span, count: level.count)
    ])
  }
}

/// Single steps took much longer than the others, by their wall times.
struct StallRule: Rule {
  var kinds: [Finding.Kind] { [.stalls] }

  func examine(_ evidence: Evidence) -> Outcome {
    guard let times = evidence.stepTimes else { return .abstained(.missing(.times)) }
    guard let longest = times.stalls.first, let tag = evidence.loss?.tag else { return .nothing }
    return .found([
      Finding(
        .stalls, .note, metric: tag, step: longest.step, value: longest.seconds, reference: longest.usual,
        count: times.stallCount, score: times.lostSeconds)
    ])
  }
}
