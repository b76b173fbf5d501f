internal import Bytes
internal import EventFile

/// What kind of noise the points of a curve have.
enum PointNoise: Equatable, Sendable {
  /// Each point is a noisy measurement of a level, as the loss of a step is.
  case steps
  /// The points are few and stand on a whole set, as evaluations do.
  case evaluations
  /// The points are what they are: a schedule, a count, a time.
  case none
}

extension Figure {
  /// The points to either side whose scatter is that of a single one.
  private static let neighbourhood = 20
  /// The evaluations whose noise is looked at, from the end.
  private static let evaluationLimit = 20
  /// Points within so many deviations of the least one could have been it.
  private static let competition = 3.0

  /// Gives a figure that is no level of a window the noise of its own kind.
  ///
  /// - Parameter window: the last points of the curve, which tell how far neighbours depend on each other.
  mutating func addNoise(
    _ statistic: GateStatistic, of series: Series, in range: Range<Int>, window: LastWindow
  ) {
    let isMean = statistic == .mean || statistic == .area
    switch window.noise {
    case .none: break
    case .evaluations:
      // Noise at the beginning, where losses fall steeply, is another.
      let last = range.suffix(max(4, min(Self.evaluationLimit, (2 * range.count + 2) / 3)))
      let noise = EvaluationNoise(last.map { series.values[$0] }.filter(\.isFinite))
      let own = EvaluationNoise.pooled([noise], level: value).deviation
      let isChosen = !isMean && statistic != .first && statistic != .last && statistic != .final
      let count = isChosen ? Self.competitors(with: value, own, of: series, in: range) : 1
      evaluations = Evaluations(
        noise: noise, candidates: Double(count), isGreatest: isGreatest(of: series, in: range),
        share: isMean ? 1 / Double(range.count).squareRoot() : 1)
      self = sharing(EvaluationNoise.pooled([noise], level: value))
    case .steps:
      guard let level = window.level, statistic != .final else { return }
      if isMean {
        let whole = Moments(of: series.values.span, in: range)
          .level(autocorrelationTime: level.pointTime)
        (model, standardError, degreesOfFreedom) = (.curve, whole.error, whole.freedom)
      } else if let step {
        let index = range.partitionIndex { series.steps[$0] < step }
        addNeighbours(statistic, of: series, at: index, in: range, time: level.pointTime)
      }
    }
  }

  /// The noise of a single point by its neighbours, and of the least of many points by how many there are.
  private mutating func addNeighbours(
    _ statistic: GateStatistic, of series: Series, at index: Int, in range: Range<Int>, time: Double
  ) {
    let around =
      max(
        range.lowerBound, index - Self.neighbourhood)..<min(range.upperBound, index + Self.neighbourhood + 1)
    let deviation = Moments(of: series.values.span, in: around).variance(autocorrelationTime: time)
      .squareRoot()
    degreesOfFreedom = max(1, 0.7 * Double(around.count - 2) / time)
    guard statistic != .first, statistic != .last else {
      (model, standardError) = (.point, deviation)
      return
    }
    let count = Self.competitors(with: value, deviation, of: series, in: range)
    let extreme = NormalExtreme(count: Double(count) / time)
    // What the choice is worth is as uncertain as the deviation and the number of points that it is told by.
    let byDeviation = extreme.depth / (2 * degreesOfFreedom).squareRoot()
    let byCount =
      NormalExtreme(count: (Double(count) + Double(count).squareRoot()) / time).depth - extreme.depth
    model = .extreme
    let normal =
      deviation
      * (extreme.deviation * extreme.deviation + byDeviation * byDeviation + byCount * byCount).squareRoot()
    standardError = max(normal, Self.spacing(from: value, of: series, in: range))
    bias = (isGreatest(of: series, in: range) ? 1 : -1) * deviation * extreme.depth
  }

  /// The points next to an extreme whose distances tell how heavy the tail is.
  private static let tail = 6

  /// The deviation of an extreme by the spacings of the points next to it: the mean of j·(x₍ⱼ₊₁₎ − x₍ⱼ₎), which are the
  /// scale of an exponential tail, each by itself (Rényi's representation), and more where the tail is heavier than that.
  private static func spacing(from value: Double, of series: Series, in range: Range<Int>) -> Double {
    let values = series.values.span
    var nearest: [Double] = []
    for index in range where values[index].isFinite {
      let distance = abs(values[index] - value)
      guard nearest.count < tail || distance < nearest[nearest.count - 1] else { continue }
      nearest.insert(distance, at: nearest.partitionIndex { $0 <= distance })
      if nearest.count > tail { nearest.removeLast() }
    }
    guard nearest.count == tail else { return 0 }
    let spacings = (1..<tail).map { Double($0) * (nearest[$0] - nearest[$0 - 1]) }
    return spacings.reduce(0, +) / Double(spacings.count)
  }

  /// The figure with the noise that its evaluations have by `noise`; as it is where it is of none.
  func sharing(_ noise: (deviation: Double, freedom: Double)) -> Figure {
    guard let evaluations else { return self }
    var figure = self
    let extreme = NormalExtreme(count: evaluations.candidates)
    figure.model = .evaluation
    figure.standardError = noise.deviation * extreme.deviation * evaluations.share
    figure.degreesOfFreedom = noise.freedom
    figure.bias = (evaluations.isGreatest ? 1 : -1) * noise.deviation * extreme.depth
    return figure
  }

  /// Whether the figure is nearer to the greatest of the points than to the least.
  private func isGreatest(of series: Series, in range: Range<Int>) -> Bool {
    let extremes = Extremes(of: series.values.span, in: range)
    return extremes.greatest - value < value - extremes.least
  }

  /// The number of points that could have been the extreme `value`, by a deviation of `deviation`.
  private static func competitors(
    with value: Double, _ deviation: Double, of series: Series, in range: Range<Int>
  ) -> Int {
    let values = series.values.span
    let reach = competition * deviation
    var count = 0
    for index in range where abs(values[index] - value) <= reach { count += 1 }
    return max(1, count)
  }
}

extension Figure {
  /// The figures with the noise that they have when all are measured alike: windows share one autocorrelation time,
  /// evaluations one deviation.
  static func sharingNoise(_ figures: [Figure]) -> [Figure] {
    guard let last = figures.last, let own = last.evaluations else { return sharingTime(figures) }
    var figures = figures
    for index in figures.indices where figures[index].evaluations == nil {
      // A golden file of an older version does not know the noise of its evaluations: it is that of the run's.
      figures[index].evaluations = own
      figures[index].evaluations?.noise = EvaluationNoise(freedom: 0, variance: 0)
    }
    let evaluations = figures.compactMap(\.evaluations)
    let level = figures.reduce(0) { $0 + abs($1.value) } / Double(figures.count)
    let noise = EvaluationNoise.pooled(evaluations.map(\.noise), level: level)
    return figures.map { $0.sharing(noise) }
  }
}
