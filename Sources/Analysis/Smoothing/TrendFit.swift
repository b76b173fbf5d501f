internal import Bytes

/// Local lines through a curve's places, and the choice of how wide they are.
struct TrendFit {
  private let y: [Double]
  private let noise: [Double]
  private let segments: [Range<Int>]
  private let sums: StretchSums

  /// How wide the lines are: `half` places to either side, and no more than 1.6 and `growth` of the distance from the
  /// segment's start.
  struct Width: Equatable {
    var half: Double
    var growth: Double

    /// The half width `distance` places behind the start of a segment.
    func at(_ distance: Int) -> Double { min(half, 1.6 + growth * Double(distance)) }

    /// Whether the start of the segment limits it.
    func isLimited(at distance: Int) -> Bool { half > 1.6 + growth * Double(distance) }
  }

  init(_ y: [Double], noise: [Double], segments: [Range<Int>]) {
    self.y = y
    self.noise = noise
    self.segments = segments
    sums = StretchSums(y)
  }

  /// The widths to choose from, the narrowest first.
  var candidates: [Width] {
    let longest = Double(segments.map(\.count).max() ?? 0)
    var candidates: [Width] = []
    var half = 1.6
    while half <= max(longest / 2, 1.6) {
      for growth in [0.05, 0.1, 0.2, 0.4, .infinity] {
        // What never limits is the same as what does not exist.
        if growth < 1, 1.6 + growth * longest < half { continue }
        candidates.append(Width(half: half, growth: growth))
      }
      half *= 1.5
    }
    // Beyond half of the segment all widths are much the same, and the dearest to compute.
    candidates.append(Width(half: max(longest, 1.6), growth: .infinity))
    return candidates
  }

  /// The most places, about, at which widths are held against each other: enough to choose, few enough for a fleet.
  private static let trials = 96

  /// A place at which widths are held against each other.
  private struct Trial {
    var place: Int
    var segment: Range<Int>
    var distance: Int { place - segment.lowerBound }
  }

  /// The widest lines whose error at points left out is within a quarter of a standard error of the least.
  var chosen: Width {
    let hole = Double(self.hole)
    let stride = max(1, y.count / Self.trials)
    let trials = segments.flatMap { segment in
      Swift.stride(from: segment.lowerBound, to: segment.upperBound, by: stride)
        .map { Trial(place: $0, segment: segment) }
    }
    // Where the start of a segment limits a line, how wide it might be does not matter; elsewhere, how it grows does not:
    // widths have most of their lines in common.
    var free: (half: Double, losses: [Double]) = (.nan, [])
    var limited: [Double: [Double]] = [:]
    var best = (score: Double.infinity, error: 0.0)
    var scores: [(width: Width, score: Double)] = []
    for width in candidates {
      if free.half != width.half {
        free = (width.half, trials.map { loss(at: $0, half: width.half, hole: max(hole, 0.5)) })
      }
      var losses = free.losses
      if width.growth.isFinite {
        let starts =
          limited[width.growth]
          ?? trials.map { trial in
            let half = Width(half: .infinity, growth: width.growth).at(trial.distance)
            return loss(at: trial, half: half, hole: max(min(hole, 0.35 * half), 0.5))
          }
        limited[width.growth] = starts
        for index in trials.indices where width.isLimited(at: trials[index].distance) {
          losses[index] = starts[index]
        }
      }
      let score = losses.reduce(0, +) / Double(losses.count)
      scores.append((width, score))
      guard score < best.score else { continue }
      var squares = 0.0
      for loss in losses { squares += (loss - score) * (loss - score) }
      let variance = squares / Double(max(losses.count - 1, 1))
      best = (score, (variance / Double(losses.count)).squareRoot())
    }
    return scores.last { $0.score <= best.score + best.error / 4 }?.width
      ?? Width(half: 1.6, growth: .infinity)
  }

  /// How far off the line through the points around a place is there, without those within `hole`.
  private func loss(at trial: Trial, half: Double, hole: Double) -> Double {
    let value = line(at: trial.place, half: half, in: trial.segment, hole: hole, through: sums) ?? .infinity
    return Self.huber((value - y[trial.place]) / noise[trial.place])
  }

  /// Huber's loss at three standard deviations; a place that cannot be predicted counts as far off.
  private static func huber(_ error: Double) -> Double {
    let size = error.isNaN ? .infinity : abs(error)
    return size <= 3 ? size * size : min(6 * size - 9, 1e6)
  }

  /// The number of neighbours that are left out with a point: with correlated noise they would tell its value.
  private var hole: Int {
    let pilot = smoothed(Width(half: max(8, Double(y.count) / 20), growth: .infinity), refits: 0)
    let residuals = zip(y, pilot).map { $0 - $1 }
    var (squares, products, last) = (0.0, 0.0, 0.0)
    for residual in residuals {
      squares += residual * residual
      products += residual * last
      last = residual
    }
    guard squares > 0 else { return 1 }
    let correlation = products / squares
    guard correlation > 2 / Double(y.count).squareRoot() else { return 1 }
    return min(Int(clamping: (2 * (1 + correlation) / (1 - correlation)).rounded(.up)), max(1, y.count / 20))
  }

  /// The lines' values at every place, fitted again `refits` times with less weight for points far off.
  func smoothed(_ width: Width, refits: Int = 2) -> [Double] {
    var sums = sums
    var fitted = y
    for round in 0...refits {
      if round > 0 {
        sums.weigh(
          by: y.indices.map { index -> Double in
            let residual = (y[index] - fitted[index]).magnitude
            return min(1, 4 * noise[index] / max(residual, .leastNormalMagnitude))
          })
      }
      for segment in segments {
        for place in segment {
          let half = width.at(place - segment.lowerBound)
          fitted[place] = line(at: place, half: half, in: segment, through: sums) ?? y[place]
        }
      }
    }
    return fitted
  }

  /// The value at `place` of the line through the points within `half` of it and not within `hole`, with Epanechnikov's
  /// weights times those of `sums`; nil without any point.
  ///
  /// - Complexity: O(1).
  private func line(
    at place: Int, half: Double, in segment: Range<Int>, hole: Double = 0, through sums: StretchSums
  ) -> Double? {
    let reach = Int(clamping: half.rounded(.up)) - 1
    let low = max(segment.lowerBound, place - reach)
    let high = min(segment.upperBound - 1, place + reach)
    let near = Int(clamping: hole.rounded(.up))
    var moments = StretchSums.Moments()
    if near == 0 {
      moments = sums.over(low...high, about: place)
    } else {
      if low <= place - near { moments = sums.over(low...place - near, about: place) }
      if place + near <= high { moments += sums.over(place + near...high, about: place) }
    }
    let scale = 1 / (half * half)
    let (w, y) = (moments.weights, moments.values)
    let (s0, s1, s2) = (w[0] - scale * w[2], w[1] - scale * w[3], w[2] - scale * moments.fourth)
    let (t0, t1) = (y[0] - scale * y[2], y[1] - scale * y[3])
    guard s0 > 0 else { return nil }
    let determinant = s0 * s2 - s1 * s1
    let mean = t0 / s0 * sums.unit
    guard determinant > 1e-9 * s0 * s2 else { return mean }
    let value = (s2 * t0 - s1 * t1) / determinant * sums.unit
    // A line through the greatest numbers may lead beyond them; their mean does not.
    return value.isFinite ? value : mean
  }
}
