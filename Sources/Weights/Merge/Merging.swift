/// How weight changes of several adapters go together, of one module or of all.
public struct Merging: Equatable, Sendable {
  /// The sums of the products of corresponding elements of each two ΔW; on the diagonal ‖ΔW‖².
  public var gram: [[Double]]
  /// Σ ΔW² over all adapters, of the elements that were looked at, counted for all.
  public var energy: Double
  /// The part of it in elements whose sign is not that of the sum over the adapters, the one that TIES elects.
  public var opposed: Double
  /// What TIES makes of them: the square of its norm, and its products with each ΔW and the squares of theirs.
  var ties: (square: Double, products: [Double], squares: [Double])

  /// What becomes of the adapters in one merged adapter.
  public struct Outcome: Equatable, Sendable {
    /// Its norm over the mean of the adapters' norms.
    public var relativeNorm: Double
    /// How much of each adapter is in it, ⟨merged, ΔW⟩ over ‖ΔW‖²: 1 for all of it, more where others add to it.
    public var kept: [Double]
  }

  /// ‖ΔW‖ of each adapter.
  public var norms: [Double] { gram.indices.map { max(0, gram[$0][$0]).squareRoot() } }

  /// The cosine of the angle between two ΔW; nil where one is 0.
  public func cosine(_ left: Int, _ right: Int) -> Double? {
    let scale = norms[left] * norms[right]
    return scale > 0 ? max(-1, min(1, gram[left][right] / scale)) : nil
  }

  /// The cosines of all pairs.
  public var cosines: [Double] {
    gram.indices.flatMap { left in gram.indices.dropFirst(left + 1).compactMap { cosine(left, $0) } }
  }

  /// The greatest norm over the least; nil where one is 0.
  public var imbalance: Double? {
    guard let least = norms.min(), let greatest = norms.max(), least > 0 else { return nil }
    return greatest / least
  }

  /// The share of the energy that is against the elected signs; nil without any.
  public var conflict: Double? { energy > 0 ? opposed / energy : nil }

  /// The sum of the adapters.
  public var sum: Outcome { linear(1) }
  /// Their mean.
  public var mean: Outcome { linear(1 / Double(max(gram.count, 1))) }

  private func linear(_ weight: Double) -> Outcome {
    let square = gram.joined().reduce(0, +)
    return outcome(
      square: weight * weight * square, products: gram.map { weight * $0.reduce(0, +) },
      squares: gram.indices.map { gram[$0][$0] })
  }

  /// TIES with `AdapterMerge.density` and equal weights: the greatest elements of each, those of the elected sign averaged
  /// (Yadav et al., NeurIPS 2023).
  public var tiesOutcome: Outcome {
    outcome(square: ties.square, products: ties.products, squares: ties.squares)
  }

  private func outcome(square: Double, products: [Double], squares: [Double]) -> Outcome {
    let mean = squares.reduce(0) { $0 + max(0, $1).squareRoot() } / Double(max(squares.count, 1))
    return Outcome(
      relativeNorm: mean > 0 ? max(0, square).squareRoot() / mean : 0,
      kept: zip(products, squares).map { $1 > 0 ? $0 / $1 : 0 })
  }

  /// Whether both hold the same figures.
  public static func == (left: Self, right: Self) -> Bool {
    left.gram == right.gram && left.energy == right.energy && left.opposed == right.opposed
      && left.ties == right.ties
  }

  /// The sums of `parts` over `count` adapters.
  init(_ parts: [Merging], count: Int) {
    gram = Array(repeating: Array(repeating: 0, count: count), count: count)
    energy = 0
    opposed = 0
    ties = (0, Array(repeating: 0, count: count), Array(repeating: 0, count: count))
    for part in parts {
      for i in 0..<count {
        for j in 0..<count { gram[i][j] += part.gram[i][j] }
        ties.products[i] += part.ties.products[i]
        ties.squares[i] += part.ties.squares[i]
      }
      energy += part.energy
      opposed += part.opposed
      ties.square += part.ties.square
    }
  }

  /// What `rows` and the exact products tell.
  init(gram: [[Double]], rows: SampledRows) {
    self.gram = gram
    let count = rows.values.count
    let weight = rows.weight
    var energy = 0.0, opposed = 0.0
    var ties = (
      square: 0.0, products: [Double](repeating: 0, count: count),
      squares: [Double](repeating: 0, count: count)
    )
    let limits = rows.values.map { Self.limit(of: $0) }
    for index in rows.values.first.map({ $0.indices }) ?? 0..<0 {
      var sum = 0.0, trimmedSum = 0.0
      for (values, limit) in zip(rows.values, limits) {
        sum += values[index]
        if abs(values[index]) >= limit { trimmedSum += values[index] }
      }
      var merged = 0.0, members = 0.0
      for (values, limit) in zip(rows.values, limits) {
        let value = values[index]
        energy += value * value
        if value * sum < 0 { opposed += value * value }
        // A sum of 0 elects plus, as PEFT does.
        guard abs(value) >= limit, value != 0, (value > 0) == (trimmedSum >= 0) else { continue }
        merged += value
        members += 1
      }
      if members > 0 { merged /= members }
      ties.square += merged * merged
      for adapter in 0..<count {
        let value = rows.values[adapter][index]
        ties.products[adapter] += merged * value
        ties.squares[adapter] += value * value
      }
    }
    self.energy = weight * energy
    self.opposed = weight * opposed
    self.ties = (weight * ties.square, ties.products.map { weight * $0 }, ties.squares.map { weight * $0 })
  }

  /// The least magnitude of the share of elements that TIES keeps.
  private static func limit(of values: [Double]) -> Double {
    let kept = Int(exactly: (AdapterMerge.density * Double(values.count)).rounded(.down)) ?? 0
    guard kept > 0 else { return .infinity }
    let magnitudes = values.map { abs($0) }.sorted(by: >)
    return magnitudes[kept - 1]
  }
}
