/// Precision and recall of a classifier over thresholds, at one step.
///
/// The columns run over equally spaced thresholds from 0 to 1, so that recall falls.
public struct PrecisionRecallCurve: Equatable, Sendable {
  /// The weight of the examples that are positive and were taken for it.
  public var truePositives: [Double]
  /// The weight of those that are negative and were taken for positive.
  public var falsePositives: [Double]
  /// The weight of those that are negative and were taken for it.
  public var trueNegatives: [Double]
  /// The weight of those that are positive and were taken for negative.
  public var falseNegatives: [Double]
  /// The share of what was taken for positive that is.
  public var precision: [Double]
  /// The share of what is positive that was taken for it.
  public var recall: [Double]

  /// The curve of a tensor of the shape `[6, n]`; nil for another.
  init?(_ tensor: TensorValue) {
    guard tensor.dimensions.count == 2, tensor.dimensions[0] == 6, let numbers = tensor.numbers else {
      return nil
    }
    let count = numbers.count / 6
    self.init(rows: (0..<6).map { Array(numbers[$0 * count..<($0 + 1) * count]) })
  }

  /// The curve of six rows of equal lengths, in the order of the properties; nil for others.
  public init?(rows: [[Double]]) {
    guard rows.count == 6, rows.allSatisfy({ $0.count == rows[0].count }) else { return nil }
    truePositives = rows[0]
    falsePositives = rows[1]
    trueNegatives = rows[2]
    falseNegatives = rows[3]
    precision = rows[4]
    recall = rows[5]
  }
}
