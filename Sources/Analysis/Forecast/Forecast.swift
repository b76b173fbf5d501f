internal import EventFile
internal import RunFolder

/// What the training loss of an unfinished run is heading for: its mean over the last tenth of the plan, foretold from
/// what has been seen.
///
/// It is the median of four continuations of the curve: its last level, a fall from there as great as that of its last
/// fifth, a power law with a floor, and an exponential with a floor, the latter two with a step at every epoch seen so
/// far. The interval
/// takes in how much these differ, how much the curve still falls, and its noise; its width was set by how far such
/// medians were off on genuine runs of known ends (split conformal prediction; Lei, G'Sell, Rinaldo, Tibshirani and
/// Wasserman, Distribution-Free Predictive Inference for Regression, JASA 113, 2018).
public struct Forecast: Equatable, Sendable {
  /// The planned last step.
  public var step: Int64
  /// The share of the plan that was seen, from a half up to 1.
  public var seen: Double
  /// The mean that is expected over the last tenth of the plan.
  public var level: Double
  /// Where it lies in nine of ten such runs.
  public var interval: ClosedRange<Double>

  /// Why there is no forecast for an unfinished run.
  public enum Abstention: Error, Equatable, Sendable {
    /// Less than half of the plan was seen.
    case beforeHalf
    /// There are too few points.
    case fewPoints
    /// A new epoch begins before the end, and those before made the loss jump, or none was seen yet.
    case epochAhead
    /// The loss has risen: none of the continuations rises.
    case rising
    /// The learning rate stays level and decays before the end, as `warmup_stable_decay` has it: the loss falls then.
    case decayAhead
    /// The interval would be wider than ± 15 %.
    case wide
    /// The loss has values that are not above 0, or none of the continuations is.
    case notPositive
    /// The run has a failure.
    case failed
  }

  /// The points that a forecast is made from, at the least.
  static let fewestPoints = 20
  /// The half-width beyond which an interval says nothing, on the scale of logarithms.
  static let greatestHalfWidth = 0.15
}

extension Forecast {
  /// The forecast for `series`, the training loss of `run`, at the end of its plan.
  init(_ series: Series, of run: TrainingRun, planned: Int64) throws(Abstention) {
    guard let first = series.steps.first, let last = series.steps.last, last > first, last < planned else {
      throw .fewPoints
    }
    let seen = Double(last) / Double(planned)
    // What is logged every few steps may stop just short of the half.
    let interval = last.distance(from: first) / Double(max(1, series.count - 1)) / Double(planned)
    guard seen + min(interval, 0.05) >= 0.5 else { throw .beforeHalf }
    guard series.count >= Self.fewestPoints else { throw .fewPoints }
    guard series.values.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw .notPositive }
    if Self.decaysLast(run) { throw .decayAhead }
    let epochs = EpochBoundaries(run)
    let curve = ForecastCurve(series, epochs: epochs)
    var jumps = curve.epochs
    if epochs.begins(after: last, upTo: planned) {
      // Epochs that passed without a jump let the next one pass too.
      guard !jumps.isEmpty, !jumps.contains(where: curve.isJump) else { throw .epochAhead }
      jumps = []
    }
    guard !curve.hasRisen else { throw .rising }
    let levels = curve.continuations(to: planned, jumps: jumps).filter { $0 > 0 && $0.isFinite }
    guard levels.count >= 3, let least = levels.min(), let greatest = levels.max() else {
      throw .notPositive
    }
    let level = Selection.median(levels)
    let uncertainty =
      0.01 + 0.5 * Elementary.log(greatest / least) + 0.5 * abs(curve.lateFall) + 0.5 * curve.noise
    let halfWidth = Self.factor(seen) * uncertainty
    guard halfWidth <= Self.greatestHalfWidth else { throw .wide }
    self.init(
      step: planned, seen: seen, level: level,
      interval: level * Elementary.exp(-halfWidth)...level * Elementary.exp(halfWidth))
  }

  /// Whether the learning rate of `run` has its decay at the end.
  private static func decaysLast(_ run: TrainingRun) -> Bool {
    let scheduler = KnownSetting.key.first { $0.name == "Scheduler" }?.value(in: run.configuration)?
      .lowercased()
    return scheduler.map { $0.contains("warmup_stable_decay") || $0.contains("wsd") } ?? false
  }

  /// Whether the loss comes down to a level by the end of the plan.
  public enum Reaching: Equatable, Sendable {
    /// In nine of ten such runs it does.
    case reached
    /// It does not, by twice of what the interval allows for: a fall that goes on is underrated more often than not.
    case missed
    /// Nobody can tell.
    case open
  }

  /// Whether the loss comes down to `target` by the end of the plan, as far as the interval tells.
  public func reaching(_ target: Double) -> Reaching {
    if interval.upperBound <= target { return .reached }
    return level > 0 && interval.lowerBound / level * interval.lowerBound > target ? .missed : .open
  }

  /// What the uncertainty is multiplied by: 1.04 at half of a run and 0.65 at three quarters, so that about nine in ten
  /// of known runs lay inside (docs/forecasts.md).
  private static func factor(_ seen: Double) -> Double { max(0.58, 1.04 - 1.55 * max(0, seen - 0.5)) }
}

/// A loss curve as forecasts look at it: the points of `Curve` over steps.
struct ForecastCurve {
  /// The places of the points, from 1 in units of the mean distance.
  private let times: [Double]
  private let values: [Double]
  /// The step of place 0, and the steps of one unit.
  private let origin: Double, unit: Double
  /// The first points of the epochs that were seen.
  let epochs: [Int]

  init(_ series: Series, epochs: EpochBoundaries) {
    let curve = Curve(series)
    values = curve.values
    let steps = curve.steps.map { Double($0) }
    let (first, last) = (steps.first ?? 0, steps.last ?? 1)
    let unit = max((last - first) / Double(max(steps.count - 1, 1)), .leastNormalMagnitude)
    self.unit = unit
    origin = first - unit
    times = steps.map { ($0 - first) / unit + 1 }
    let least = 6
    self.epochs = epochs.firstPoints(of: series, in: 0..<series.count)
      .map { curve.index(from: series.steps[$0]) }
      .filter { $0 >= least && curve.count - $0 >= least }
  }

  /// Whether the logarithm of the curve jumps at the first point `place` of an epoch: the lines on both sides stand apart
  /// by a tenth, or by three hundredths and twice their error.
  func isJump(at place: Int) -> Bool {
    let reach = min(max(6, values.count / 12), 40, place, values.count - place)
    guard reach >= 6 else { return true }
    let logs = values[place - reach..<place + reach].map { Elementary.log($0) }
    let before = JumpSearch.Line(logs.span, in: 0..<reach)
    let after = JumpSearch.Line(logs.span, in: reach..<logs.count)
    let jump = abs(after.value(at: -0.5) - before.value(at: Double(reach) - 0.5))
    let error = (before.endVariance + after.endVariance).squareRoot()
    return jump > 0.1 || jump > 0.03 && jump > 2 * error
  }

  /// The logarithm of how much the last fifth lies below the one before it.
  var lateFall: Double {
    let fifth = max(1, values.count / 5)
    let late = values.suffix(2 * fifth)
    return Elementary.log(late.prefix(fifth).reduce(0, +) / late.suffix(fifth).reduce(0, +))
  }

  /// Whether the last fifth lies above the one before it, by a hundredth and three times the error of the two means.
  var hasRisen: Bool {
    let fifth = Double(max(1, values.count / 5))
    return -lateFall > max(0.01, 3 * noise * (2 / fifth).squareRoot())
  }

  /// The noise of a point as a share of the level, by second differences over the last two fifths.
  var noise: Double {
    let fifth = max(1, values.count / 5)
    let late = Array(values.suffix(2 * fifth + 2))
    guard late.count >= 3 else { return 0 }
    var sum = 0.0
    for index in 1..<late.count - 1 { sum += abs(late[index - 1] - 2 * late[index] + late[index + 1]) }
    let level = values.suffix(fifth).reduce(0, +) / Double(fifth)
    // The mean of |x| is √(2/π) of the deviation; second differences have √6 of it.
    return 1.2533 * sum / Double(late.count - 2) / 6.0.squareRoot() / level
  }

  /// The bounds of a further fall, on the scale of logarithms.
  private static let greatestRise = 0.1, greatestFall = 1.0

  /// What each continuation of the curve has over the last tenth of the plan.
  func continuations(to planned: Int64, jumps: [Int]) -> [Double] {
    let share = max(3, values.count / 10)
    let end = (Double(planned) - origin) / unit
    let ends = (0..<10).map { part -> Double in end * (0.905 + 0.01 * Double(part)) }
    let count = Double(values.count)
    let powers: [(Double) -> Double] = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2].map { power in
      { Elementary.pow($0, -power) }
    }
    let decays: [(Double) -> Double] = [0.02, 0.04, 0.08, 0.15, 0.25, 0.4, 0.7, 1.2, 2].map { share in
      { Elementary.exp(-$0 / (share * count)) }
    }
    var levels = [values.suffix(share).reduce(0, +) / Double(share)]
    if let level = best(ends, jumps, powers, hasFloor: true) { levels.append(level) }
    levels.append(levels[0] * Elementary.exp(-max(-Self.greatestRise, min(Self.greatestFall, lateFall))))
    if let level = best(ends, jumps, decays, hasFloor: false) { levels.append(level) }
    return levels
  }

  /// The mean at `ends` of the best fit by a level, one of `shapes` that falls, and a step at each of `jumps`.
  ///
  /// - Parameter hasFloor: whether the level that is approached may not be below 0.
  private func best(
    _ ends: [Double], _ jumps: [Int], _ shapes: [(Double) -> Double], hasFloor: Bool
  ) -> Double? {
    let steps = jumps.map { jump in values.indices.map { $0 < jump ? 0.0 : 1 } }
    let ones = [Double](repeating: 1, count: values.count)
    var best: (squares: Double, end: Double)?
    for shape in shapes {
      let column = times.map(shape)
      guard var fit = LeastSquares.fit([ones, column] + steps, to: values) else { continue }
      if fit.coefficients[1] < 0 {
        // A curve that rises does not go on rising by this shape: its level alone.
        guard let level = LeastSquares.fit([ones] + steps, to: values) else { continue }
        fit = level
        fit.coefficients.insert(0, at: 1)
      }
      let floor = fit.coefficients[0] + fit.coefficients.dropFirst(2).reduce(0, +)
      guard !hasFloor || floor >= 0, best.map({ fit.squares < $0.squares }) ?? true else { continue }
      let end = ends.map { floor + fit.coefficients[1] * shape($0) }.reduce(0, +) / Double(ends.count)
      best = (fit.squares, end)
    }
    return best?.end
  }
}
