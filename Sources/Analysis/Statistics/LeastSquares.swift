/// Fits by least squares with a few columns.
enum LeastSquares {
  /// Takes out of `values` what `columns` explain, by Gram and Schmidt.
  ///
  /// - Returns: the number of columns that say something which those before them do not.
  static func remove(_ columns: [[Double]], from values: inout [Double]) -> Int {
    var basis: [[Double]] = []
    for var column in columns {
      let whole = dot(column, column)
      // Twice, as once leaves what rounding hid.
      for _ in 0..<2 { for known in basis { subtract(known, dot(column, known), from: &column) } }
      let square = dot(column, column)
      guard square > 1e-18 * whole else { continue }
      basis.append(column.map { $0 / square.squareRoot() })
    }
    for known in basis { subtract(known, dot(values, known), from: &values) }
    return basis.count
  }

  /// The coefficients of `columns` that fit `values` best, and the sum of the squares that they leave; nil where a column
  /// says nothing that those before it do not.
  static func fit(_ columns: [[Double]], to values: [Double]) -> (coefficients: [Double], squares: Double)? {
    var basis: [[Double]] = []
    // The columns by the basis, a triangle: `shares[j][i]` of basis i in column j.
    var shares: [[Double]] = []
    for column in columns {
      var rest = column
      var share = [Double](repeating: 0, count: basis.count)
      for _ in 0..<2 {
        for (index, known) in basis.enumerated() {
          let part = dot(rest, known)
          share[index] += part
          subtract(known, part, from: &rest)
        }
      }
      let square = dot(rest, rest)
      guard square > 1e-18 * dot(column, column) else { return nil }
      let length = square.squareRoot()
      shares.append(share + [length])
      basis.append(rest.map { $0 / length })
    }
    var rest = values
    var coefficients = basis.map { known in
      let part = dot(rest, known)
      subtract(known, part, from: &rest)
      return part
    }
    for column in columns.indices.reversed() {
      coefficients[column] /= shares[column][column]
      for row in 0..<column { coefficients[row] -= coefficients[column] * shares[column][row] }
    }
    return (coefficients, dot(rest, rest))
  }

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    let (left, right) = (left.span, right.span)
    return PartialSums.sum(0..<left.count) { left[$0] * right[$0] }
  }

  private static func subtract(_ column: [Double], _ factor: Double, from values: inout [Double]) {
    for index in values.indices { values[index] -= factor * column[index] }
  }
}
