/// The intruder dimensions of W + ΔW: those of its ten leading left singular vectors whose |cos| with every left singular
/// vector of W is below ½ (Shuttleworth et al., arXiv 2410.21228).
enum IntruderSearch {
  /// The vectors of W + ΔW that are looked at.
  static let count = 10
  /// The most elements of a weight in which they are sought: 1 GiB in float32.
  static let elementLimit = 1 << 28

  struct Result: Equatable, Sendable {
    /// Places among the singular values, from 0.
    var intruders: [Int]
    /// Those that could not be told.
    var undetermined: [Int] = []
  }

  /// By full decompositions, for weights of moderate size; nil where a value is not finite.
  ///
  /// - Parameters:
  ///   - a: `rank × columns`.
  ///   - b: `rows × rank`, with the scaling.
  static func full(
    _ weights: [Double], _ reference: LeftSingularVectors, rank: Int, a: [Double], b: [Double]
  ) -> Result? {
    let (rows, columns) = (reference.rows, reference.columns)
    var sum = weights
    for row in 0..<rows {
      for i in 0..<rank {
        let factor = b[row * rank + i]
        for column in 0..<columns { sum[row * columns + column] += factor * a[i * columns + column] }
      }
    }
    guard let changed = LeftSingularVectors(sum, rows: rows, columns: columns) else { return nil }
    return Result(
      intruders: (0..<min(count, changed.singularValues.count)).filter { index in
        reference.greatestCosine(with: changed.vector(index)) < 0.5
      })
  }

  /// By products with vectors alone, for weights of any size; nil where a value is not finite.
  ///
  /// - Parameter norm: ‖W‖.
  static func leading(_ changed: WeightOperator, against weight: WeightOperator, norm: Double) -> Result? {
    guard norm.isFinite, let leading = LeadingVectors(of: changed) else { return nil }
    let verdicts = CounterpartSearch.verdicts(
      on: leading.vectors, count: count, only: (0..<count).filter { leading.isFound[$0] }, in: weight,
      norm: norm)
    let first = leading.singularValues.first ?? 0
    var result = Result(intruders: [])
    for (index, verdict) in verdicts.enumerated() where leading.singularValues[index] > 1e-5 * first {
      if !leading.isFound[index] || verdict == .open {
        result.undetermined.append(index)
      } else if verdict == .none {
        result.intruders.append(index)
      }
    }
    return result
  }
}
