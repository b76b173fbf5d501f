internal import Analysis
internal import EventFile

/// How the lines of pictures are smoothed.
enum CurveSmoothing: Equatable {
  /// The local trend, its width chosen from the data.
  case trend
  /// TensorBoard's exponential smoothing, which was asked for.
  case exponential(Smoothing)

  /// The smoothing with the weight that was asked for, or the local trend.
  init(weight: Double?) { self = weight.map { .exponential(Smoothing(weight: $0)) } ?? .trend }

  /// The smoothed line of `values`, which begin anew at each of `breaks`; nil where the points say more without one: of
  /// fewer than eight, of a constant, and with no smoothing wanted.
  func curve(of values: [Double], breaks: [Int] = []) -> SmoothedCurve? {
    guard values.count >= Trend.fewestPoints else { return nil }
    switch self {
    case .trend: return Trend.curve(of: values, breaks: breaks)
    case .exponential(let smoothing): return smoothing.weight > 0 ? smoothing.curve(of: values) : nil
    }
  }

  /// What a caption calls the line.
  var words: String {
    switch self {
    case .trend: "local trend"
    case .exponential(let smoothing):
      "exponential smoothing, weight \(NumberText.significant(smoothing.weight, trimmed: true))"
    }
  }
}

extension RunAnalysis {
  /// How the lines of its pictures are smoothed.
  var curveSmoothing: CurveSmoothing { CurveSmoothing(weight: options.smoothing) }

  /// The steps at which the training was taken up again, after a resume or a pause: no line goes through them.
  var seams: [Int64] {
    let taken = restarts.filter { !$0.signs.isDisjoint(with: [.resumed, .pause]) }.map(\.step)
    return Set(taken + quality.seams.map(\.step)).sorted()
  }

  /// The smoothed line of `series`, parted at the seams.
  func smoothed(_ series: Series) -> SmoothedCurve? {
    let breaks = series.indices(atOrAfter: seams)
    let compute = { curveSmoothing.curve(of: series.values, breaks: breaks) }
    guard let loss, series.tag == loss.series.tag, series.count == loss.series.count else { return compute() }
    let weight = options.smoothing.map { Int(truncatingIfNeeded: $0.bitPattern) } ?? -1
    return loss.memory.curve(for: [weight, series.count] + breaks, compute)
  }
}

extension Series {
  /// The index of the first point at or after each of `steps`.
  func indices(atOrAfter steps: [Int64]) -> [Int] {
    steps.compactMap { step in self.steps.firstIndex { $0 >= step } }.filter { $0 > 0 }
  }
}
