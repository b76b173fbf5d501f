/// Where a curve jumps: places at which lines through the points on either side stand apart by far more than their
/// error, such as the ends of epochs of a model that remembers its data.
struct JumpSearch {
  /// The jump, in standard errors of the difference of the two lines, allowing for autocorrelation, from which on a
  /// curve is taken to begin anew: white noise of 40 to 600 points exceeds it somewhere in one curve of twenty at most
  /// (`4.2 + 6/w` for lines over w points, simulated).
  private var threshold: Double { 4.2 + 6 / Double(window) }

  private let y: [Double]
  private let window: Int
  private let part: Range<Int>
  /// The line over the window that begins at each place of the part, as far as there is one.
  private let lines: [Line]

  /// The search in the `part` of `y` between two known breaks.
  init(_ y: [Double], in part: Range<Int>) {
    self.y = y
    self.part = part
    let window = max(6, y.count / 12)
    self.window = window
    lines =
      part.count < 2 * window
      ? [] : (part.lowerBound...part.upperBound - window).map { Line(y.span, in: $0..<$0 + window) }
  }

  /// The stretches between jumps, in order.
  var segments: [Range<Int>] { split(part) }

  private func split(_ range: Range<Int>) -> [Range<Int>] {
    guard range.count >= 2 * window else { return [range] }
    let candidates = (range.lowerBound + window)...(range.upperBound - window)
    let scores = candidates.map { (place: $0, score: score(at: $0)) }
    guard let best = scores.max(by: { $0.score < $1.score }), best.score > threshold else {
      return [range]
    }
    return split(range.lowerBound..<best.place) + split(best.place..<range.upperBound)
  }

  /// How far the line over the window that ends before `place` and the one over that which begins there stand apart
  /// between the two, in standard errors.
  private func score(at place: Int) -> Double {
    let before = lines[place - window - part.lowerBound]
    let after = lines[place - part.lowerBound]
    let (end, start) = (before.value(at: Double(window) - 0.5), after.value(at: -0.5))
    let jump = abs(start - end)
    // What rounding leaves of a curve without noise is no jump.
    guard jump > 1e-9 * max(before.greatest, after.greatest) else { return 0 }
    let variance = before.endVariance + after.endVariance
    let correlation = min(max((before.correlation + after.correlation) / 2, 0), 0.9)
    let error = (variance * (1 + correlation) / (1 - correlation)).squareRoot()
    return error > 0 ? jump / error : .infinity
  }

  /// A least-squares line over points at 0, 1, 2 …
  struct Line {
    private let mean: Double, slope: Double, middle: Double
    /// The variance of the line half a place beyond an end.
    let endVariance: Double
    /// The correlation of neighbouring residuals.
    let correlation: Double

    /// The line over the values in `range`.
    init(_ values: Span<Double>, in range: Range<Int>) {
      let count = Double(range.count)
      let middle = (count - 1) / 2
      let mean = PartialSums.sum(of: values, in: range) / count
      let spread = count * (count * count - 1) / 12
      let centre = Double(range.lowerBound) + middle
      let moment = PartialSums.sum(range) { (Double($0) - centre) * (values[$0] - mean) }
      let slope = moment / spread
      func residual(_ index: Int) -> Double { values[index] - mean - slope * (Double(index) - centre) }
      let squares = PartialSums.sum(range) { residual($0) * residual($0) }
      let products = PartialSums.sum(range.dropFirst()) { residual($0) * residual($0 - 1) }
      (self.mean, self.slope, self.middle) = (mean, slope, middle)
      correlation = squares > 0 ? products / squares : 0
      let reach = middle + 0.5
      endVariance = squares / max(count - 2, 1) * (1 / count + reach * reach / spread)
    }

    /// The magnitude of its farthest value from 0.
    var greatest: Double { abs(mean) + abs(slope) * middle }

    func value(at place: Double) -> Double { mean + slope * (place - middle) }
  }
}
