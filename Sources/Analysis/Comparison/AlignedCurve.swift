internal import EventFile
internal import Process
internal import RunFolder

/// One curve of two aligned runs, in sums over parts of the overlap.
struct AlignedCurve {
  /// The figures of its last window.
  let aligner: MetricAligner
  /// The parts of the overlap.
  let axis: AxisParts
  /// The curve of the baseline, and of the run.
  let base: CurveParts, new: CurveParts
  /// Whether it is the training loss, of which the difference is followed.
  let isTraining: Bool

  /// The curve that `aligner` is about.
  ///
  /// - Complexity: O(points), of long curves on two threads.
  init(_ aligner: MetricAligner, isTraining: Bool) {
    self.aligner = aligner
    self.isTraining = isTraining
    let runs = aligner.runs
    let axis = DifferenceCurve.parts(
      runs.alignment.overlap, base: aligner.baseRange.count, new: aligner.newRange.count)
    self.axis = axis
    let sides = [
      (aligner.base, aligner.baseRange, runs.baseClock), (aligner.new, aligner.newRange, runs.newClock),
    ]
    let isLong = max(aligner.baseRange.count, aligner.newRange.count) >= Self.longCount
    let curves = concurrentMap(count: 2, threads: isLong ? nil : 1) { side in
      let (series, range, clock) = sides[side]
      return CurveParts(of: series, in: range, on: clock, parts: axis)
    }
    (base, new) = (curves[0], curves[1])
  }

  /// The points from which a curve is worth a thread of its own.
  private static let longCount = 1 << 16

  /// Whether it is the metric with these tags.
  func isOf(_ baseTag: String, _ newTag: String) -> Bool {
    aligner.base.tag == baseTag && aligner.new.tag == newTag
  }

  /// How the difference developed; nil where too few points are common.
  var difference: DifferenceCurve? {
    DifferenceCurve(
      aligner.runs, axis, base: base, new: new, pairs: aligner.pairs,
      autocorrelationTime: (
        base: aligner.baseWindow.level?.pointTime ?? 1,
        new: aligner.newWindow.level?.pointTime ?? 1,
        paired: aligner.pairedLevel?.pointTime ?? 1
      ), confidence: aligner.confidence)
  }

  /// What is told about it.
  ///
  /// - Parameter target: the value whose reaching is timed.
  func comparison(target: Double?) -> CurveComparison {
    let runs = aligner.runs
    var curve = CurveComparison(
      base: base.series, new: new.series, baseClock: runs.baseClock, newClock: runs.newClock, target: target)
    curve.baseBest = base.best
    curve.newBest = new.best
    curve.baseArea = base.area
    curve.newArea = new.area
    if let target {
      curve.baseReached = Self.reached(target, base, on: runs.baseClock, of: runs.base)
      curve.newReached = Self.reached(target, new, on: runs.newClock, of: runs.new)
    }
    curve.firstDifferentStep = aligner.firstDifferentStep
    curve.firstNonFiniteStep = new.firstNonFinite.map { new.series.steps[$0] }
    if isTraining {
      curve.difference = difference
      curve.firstDivergingStep = curve.difference?.divergingStep
    }
    return curve
  }

  /// Where a curve first came down to `target`: a noisy one by its mean over the last ten points.
  private static func reached(
    _ target: Double, _ curve: CurveParts, on clock: RunClock, of run: TrainingRun
  ) -> CurveComparison.Reached? {
    let series = curve.series
    let length = MetricAligner.isNoisy(series.tag) ? min(10, max(1, curve.range.count / 5)) : 1
    guard let index = curve.firstReaching(target, length: length) else { return nil }
    return .init(
      step: series.steps[index], position: clock.place(of: series.steps[index]),
      seconds: seconds(series, from: curve.range.lowerBound, to: index, of: run))
  }

  /// Seconds of training between two points; the pauses of a resumed run left out.
  private static func seconds(_ series: Series, from first: Int, to last: Int, of run: TrainingRun) -> Double
  {
    if run.segments.count > 1, let clock = RunClock(run, axis: .time) {
      return clock.place(of: series.steps[last]) - clock.place(of: series.steps[first])
    }
    return series.wallTimes[last] - series.wallTimes[first]
  }
}
