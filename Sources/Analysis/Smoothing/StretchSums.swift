/// Sums over any stretch of a curve's places, each in constant time: of weights times the powers of the distance from a
/// place, and of weighted values times these.
///
/// A sum is put together from the stretch's own terms alone, never as the difference of two running sums: a spike outside
/// of the stretch, however great, leaves no rounding in it. At each level the places are cut into blocks of twice the
/// size; in every block sums run outwards from its middle, and a stretch is the end of one half and the start of the
/// other in the block that it lies in the middle of (a disjoint sparse table).
struct StretchSums {
  /// Sums about a place: of w·dᵏ and of w·y·dᵏ, d being the distance from that place.
  struct Moments {
    /// Σ w·dᵏ for k from 0 to 3.
    var weights = SIMD4<Double>.zero
    /// Σ w·d⁴.
    var fourth = 0.0
    /// Σ w·y·dᵏ for k from 0 to 3, in units of `unit`.
    var values = SIMD4<Double>.zero

    /// Adds a term.
    mutating func add(_ weight: Double, _ value: Double, at distance: Double) {
      let square = distance * distance
      let powers = SIMD4(1, distance, square, square * distance)
      weights += weight * powers
      fourth += weight * (square * square)
      values += (weight * value) * powers
    }

    /// The same sums about a place `shift` before this one.
    func moved(by shift: Double) -> Moments {
      let (first, second, third) = (shift, shift * shift, shift * shift * shift)
      var moved = self
      moved.weights[1] += first * weights[0]
      moved.weights[2] += 2 * first * weights[1] + second * weights[0]
      moved.weights[3] += 3 * (first * weights[2] + second * weights[1]) + third * weights[0]
      moved.fourth +=
        4 * (first * weights[3] + third * weights[1]) + second * (6 * weights[2] + second * weights[0])
      moved.values[1] += first * values[0]
      moved.values[2] += 2 * first * values[1] + second * values[0]
      moved.values[3] += 3 * (first * values[2] + second * values[1]) + third * values[0]
      return moved
    }

    static func += (left: inout Moments, right: Moments) {
      left.weights += right.weights
      left.fourth += right.fourth
      left.values += right.values
    }
  }

  /// What the values are measured in: a power of two, so that no product overflows and none is rounded for it.
  let unit: Double
  private let values: [Double]
  private var weights: [Double]?
  /// The sums of each place at each level, level after level.
  private var sums: [Moments] = []
  /// Shorter stretches are added up term by term; blocks of a level are at least twice as long.
  private static let shortest = 16

  /// The sums of `values`, all finite, weighted by `weights`; each by 1 where there are none.
  ///
  /// - Complexity: O(n · log n).
  init(_ values: [Double], weights: [Double]? = nil) {
    let greatest = Extremes(of: values.span, in: values.indices)
    let magnitude = max(greatest.greatest, -greatest.least)
    unit = magnitude > 0 ? magnitude.binade : 1
    let unit = unit
    self.values = values.map { $0 / unit }
    self.weights = weights
    var levels = 0
    while Self.shortest << levels < values.count { levels += 1 }
    sums = Array(repeating: Moments(), count: levels * values.count)
    fill()
  }

  /// Weights each value by one of `weights` from now on.
  mutating func weigh(by weights: [Double]) {
    self.weights = weights
    fill()
  }

  private mutating func fill() {
    let count = values.count
    for level in 0..<sums.count / max(count, 1) {
      let half = Self.shortest << level
      for middle in stride(from: half, to: count, by: 2 * half) {
        run(stride(from: middle - 1, through: middle - half, by: -1), from: middle, level * count)
        run(stride(from: middle, to: min(middle + half, count), by: 1), from: middle, level * count)
      }
    }
  }

  /// Stores the sums about `middle` that run over `places`, behind those of the levels before.
  private mutating func run(_ places: some Sequence<Int>, from middle: Int, _ before: Int) {
    var running = Moments()
    for place in places {
      running.add(weights?[place] ?? 1, values[place], at: Double(place - middle))
      sums[before + place] = running
    }
  }

  /// The sums over `stretch` about `place`.
  ///
  /// - Complexity: O(1).
  func over(_ stretch: ClosedRange<Int>, about place: Int) -> Moments {
    let (low, high) = (stretch.lowerBound, stretch.upperBound)
    guard high - low >= Self.shortest else {
      var moments = Moments()
      for index in low...high { moments.add(weights?[index] ?? 1, values[index], at: Double(index - place)) }
      return moments
    }
    // The highest bit in which the ends differ is half of the block that they lie in.
    let bit = Int.bitWidth - 1 - (low ^ high).leadingZeroBitCount
    let level = (bit - Self.shortest.trailingZeroBitCount) * values.count
    let middle = (high >> bit) << bit
    var moments = sums[level + low]
    moments += sums[level + high]
    return moments.moved(by: Double(middle - place))
  }
}
