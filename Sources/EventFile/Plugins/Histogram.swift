/// A histogram at one step: buckets between edges, as TensorBoard shows it.
public struct Histogram: Equatable, Sendable {
  /// The lower edge of each bucket.
  public var lefts: [Double]
  /// The upper edge of each bucket.
  public var rights: [Double]
  /// The number of elements in each bucket.
  public var counts: [Double]
  /// The mean of the elements, where the writer kept their sum.
  public var mean: Double?
  /// Their standard deviation, where the writer kept the sum of their squares.
  public var standardDeviation: Double?

  /// A histogram from its columns, which have equal lengths.
  public init(lefts: [Double], rights: [Double], counts: [Double]) {
    precondition(lefts.count == rights.count && lefts.count == counts.count)
    self.lefts = lefts
    self.rights = rights
    self.counts = counts
  }

  /// The number of buckets.
  public var bucketCount: Int { counts.count }
  /// The number of elements.
  public var total: Double { counts.reduce(0, +) }

  /// The histogram of a message of the first format.
  ///
  /// Empty buckets at both ends are left out, and the outermost edges are the least and the greatest element, as
  /// TensorBoard's `data_compat._migrate_histogram_value` has it; in doubles, where that rounds to 32 bits. Nil where
  /// there are not as many edges as buckets.
  init?(_ message: HistogramValue) {
    let counts = message.buckets
    guard message.bucketLimits.count == counts.count else { return nil }
    guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 })
    else {
      self.init(lefts: [], rights: [], counts: [])
      return
    }
    let inner = message.bucketLimits[first..<last]
    self.init(
      lefts: [message.minimum] + inner, rights: inner + [message.maximum], counts: Array(counts[first...last])
    )
    guard message.count > 0 else { return }
    let mean = message.sum / message.count
    self.mean = mean
    standardDeviation = max(0, message.sumOfSquares / message.count - mean * mean).squareRoot()
  }

  /// The histogram of a tensor of the shape `[k, 3]`: lower edge, upper edge, number of elements; nil for another.
  init?(_ tensor: TensorValue) {
    guard tensor.dimensions.count == 2, tensor.dimensions[1] == 3, let numbers = tensor.numbers else {
      return nil
    }
    let rows = numbers.count / 3
    func column(_ column: Int) -> [Double] { (0..<rows).map { numbers[$0 * 3 + column] } }
    self.init(lefts: column(0), rights: column(1), counts: column(2))
  }
}
