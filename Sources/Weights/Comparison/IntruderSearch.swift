/// The intruder dimensions of W + ΔW: those of its ten leading left singular vectors whose |cos| with every left singular
/// vector of W is below ½ (Shuttleworth et al., arXiv 2410.21228).
enum IntruderSearch {
  /// The vectors of W + ΔW that are looked at.
  static let count = 10
  /// The most elements of a weight in which they are sought: 1 GiB in float32.
  static let elementLimit = 1 << 28

  /// The leading left singular vectors of W whose span is its own: a quarter of the rows at most, so that what lies
  /// anywhere in the space has not half of its squared length there by chance.
  static func spanCount(rows: Int) -> Int { min(VectorBlock.width, rows / 4) }

  struct Result: Equatable, Sendable {
    /// Places among the singular values, from 0.
    var intruders: [Int]
    /// Those of them that lie in the span of the leading vectors of W.
    var withinSpan: [Int] = []
    /// Those that could not be told.
    var undetermined: [Int] = []
  }

  /// By full decompositions, for weights of moderate size; nil where a value is not finite.
  static func full(
    _ weights: [Double], _ reference: LeftSingularVectors, _ change: WholeChange.Side
  ) -> Result? {
    let (rows, columns) = (reference.rows, reference.columns)
    var sum = weights
    for row in 0..<rows {
      for i in 0..<change.rank {
        let factor = change.left[row * change.rank + i]
        for column in 0..<columns {
          sum[row * columns + column] += factor * change.right[i * columns + column]
        }
      }
      guard !change.factors.isEmpty else { continue }
      for column in 0..<columns { sum[row * columns + column] *= change.factors[row] }
    }
    guard let changed = LeftSingularVectors(sum, rows: rows, columns: columns) else { return nil }
    let span = (0..<min(spanCount(rows: rows), reference.singularValues.count)).map { reference.vector($0) }
    var result = Result(intruders: [])
    for index in 0..<min(count, changed.singularValues.count) {
      let vector = changed.vector(index)
      guard reference.greatestCosine(with: vector) < 0.5 else { continue }
      result.intruders.append(index)
      let within = span.reduce(0) { sum, known in
        let cosine = zip(known, vector).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + cosine * cosine
      }
      if within >= 0.5 { result.withinSpan.append(index) }
    }
    return result
  }

  /// By products with vectors alone, for weights of any size; nil where a value is not finite.
  ///
  /// - Parameters:
  ///   - own: the leading vectors of W, of which those that were found span its own directions.
  ///   - norm: ‖W‖.
  static func leading(
    _ changed: WeightOperator, against weight: WeightOperator, _ own: LeadingVectors?, norm: Double
  ) -> Result? {
    guard norm.isFinite, let leading = LeadingVectors(of: changed) else { return nil }
    let verdicts = CounterpartSearch.verdicts(
      on: leading.vectors, count: count, only: (0..<count).filter { leading.isFound[$0] }, in: weight,
      norm: norm)
    let first = leading.singularValues.first ?? 0
    let cosines = own.map { $0.vectors.transposedTimes(leading.vectors) }
    let span = (0..<spanCount(rows: weight.rows)).filter { own?.isFound[$0] ?? false }
    var result = Result(intruders: [])
    for (index, verdict) in verdicts.enumerated() where leading.singularValues[index] > 1e-5 * first {
      if !leading.isFound[index] || verdict == .open {
        result.undetermined.append(index)
      } else if verdict == .none {
        result.intruders.append(index)
        let within = span.reduce(0.0) { sum, place in
          let cosine = Double(cosines?[place, index] ?? 0)
          return sum + cosine * cosine
        }
        if within >= 0.5 { result.withinSpan.append(index) }
      }
    }
    return result
  }
}
