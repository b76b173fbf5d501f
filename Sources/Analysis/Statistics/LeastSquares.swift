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

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    let (left, right) = (left.span, right.span)
    return PartialSums.sum(0..<left.count) { left[$0] * right[$0] }
  }

  private static func subtract(_ column: [Double], _ factor: Double, from values: inout [Double]) {
    for index in values.indices { values[index] -= factor * column[index] }
  }
}
