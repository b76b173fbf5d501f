internal import Bytes

/// Local lines through a curve's places, and the choice of how wide they are.
struct TrendFit {
  private let y: [Double]
  private let noise: [Double]
  private let segments: [Range<Int>]

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

  /// The places at which widths are held against each other: enough to choose, few enough for a fleet.
  private static let trials = 96

  /// The widest lines whose error at points left out is within a quarter of a standard error of the least.
  var chosen: Width {
    let hole = Double(self.hole)
    let stride = max(1, y.count / Self.trials)
    var best = (score: Double.infinity, error: 0.0)
    var scores: [(width: Width, score: Double)] = []
    for width in candidates {
      var losses: [Double] = []
      for segment in segments {
        for place in Swift.stride(from: segment.lowerBound, to: segment.upperBound, by: stride) {
          let distance = place - segment.lowerBound
          let half = width.at(distance)
          let left = width.isLimited(at: distance) ? min(hole, 0.35 * half) : hole
          let value = line(at: place, half: half, in: segment, hole: max(left, 0.5)) ?? .infinity
          losses.append(Self.huber((value - y[place]) / noise[place]))
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
    var weights: [Double]?
    var fitted = y
    for round in 0...refits {
      for segment in segments {
        for place in segment {
          let half = width.at(place - segment.lowerBound)
          fitted[place] = line(at: place, half: half, in: segment, weights: weights) ?? y[place]
        }
      }
      guard round < refits else { break }
      weights = y.indices.map { index -> Double in
        let residual = (y[index] - fitted[index]).magnitude
        return min(1, 4 * noise[index] / max(residual, .leastNormalMagnitude))
      }
    }
    return fitted
  }

  /// The value at `place` of the line through the points within `half` of it and not within `hole`, with Epanechnikov's
  /// weights times `weights`; nil without any point.
  private func line(
    at place: Int, half: Double, in segment: Range<Int>, hole: Double = 0, weights: [Double]? = nil
  ) -> Double? {
    let reach = Int(clamping: half.rounded(.up)) - 1
    let low = max(segment.lowerBound, place - reach)
    let high = min(segment.upperBound - 1, place + reach)
    var (s0, s1, s2, t0, t1) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let scale = 1 / (half * half)
    let source = y.span
    guard low <= high else { return nil }
    for index in low...high {
      let distance = Double(index - place)
      guard abs(distance) >= hole else { continue }
      var weight = 1 - distance * distance * scale
      if let weights { weight *= weights[index] }
      let moment = weight * distance
      s0 += weight
      s1 += moment
      s2 += moment * distance
      t0 += weight * source[index]
      t1 += moment * source[index]
    }
    guard s0 > 0 else { return nil }
    let determinant = s0 * s2 - s1 * s1
    guard determinant > 1e-9 * s0 * s2 else { return t0 / s0 }
    let value = (s2 * t0 - s1 * t1) / determinant
    // Products of the greatest numbers overflow; their mean does not.
    return value.isFinite ? value : t0 / s0
  }
}
