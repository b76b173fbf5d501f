internal import EventFile

/// The gradient norm rose by more than an order of magnitude and stayed there for several logs.
struct GradientRule: Rule {
  var kinds: [Finding.Kind] { [.gradientExplosion] }
  /// The norms that are needed, and how many of the first are left out: those of an untrained head are large.
  var leastCount = 15, skipped = 2
  /// The rise that is told, a judgement of cost: within healthy runs the norm moves by less than a factor of five.
  var leastRatio = 10.0
  /// The deviations of the logarithms before.
  var leastScore = 6.0

  func examine(_ evidence: Evidence) -> Outcome {
    guard let series = evidence.gradient else { return .abstained(.missing(.gradientNorm)) }
    let curve = Curve(series)
    guard curve.count >= leastCount else {
      return .abstained(.tooFew(.gradientNorm, count: curve.count, needed: leastCount))
    }
    let values = Array(curve.values[skipped...])
    let size = max(5, values.count / 20)
    let stride = max(1, size / 2)
    var begin = 10
    while begin + size <= values.count {
      let before = values[..<begin].filter { $0 > 0 }
      let level = Selection.median(before)
      let now = Selection.median(values[begin..<begin + size])
      if before.count >= 5, level > 0, now > leastRatio * level {
        let logarithms = before.map(Elementary.log)
        let middle = Selection.median(logarithms)
        let spread = max(0.05, 1.4826 * Selection.median(logarithms.lazy.map { abs($0 - middle) }))
        let score = Elementary.log(now / level) / spread
        if score > leastScore {
          // The first of the points that stand as high as the window's middle one has to be at least.
          var first =
            values[..<(begin + size)].lastIndex { $0 <= leastRatio / 3 * level }.map { $0 + 1 } ?? begin
          first = min(first, begin + size - 1)
          while first > 1, values[first - 1] > leastRatio / 3 * level { first -= 1 }
          let end = Selection.median(values.suffix(size))
          let lasts = end > leastRatio * level
          return .found([
            Finding(
              .gradientExplosion, .warning, metric: curve.tag, step: curve.steps[first + skipped],
              lastStep: lasts ? curve.steps.last : curve.steps[begin + size - 1 + skipped],
              value: values[begin...].max(), reference: level, count: values.count - first, score: score)
          ])
        }
      }
      begin += stride
    }
    return .nothing
  }
}
