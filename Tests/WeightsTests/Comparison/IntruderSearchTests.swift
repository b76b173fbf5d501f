import Checkpoint
import TestSupport
import Testing

@testable import Weights

@Suite struct IntruderSearchTests {
  /// W = U·diag(σ)·Vᵀ with reflections as U and V, and a change of rank 2 that scales a direction of W, and brings in
  /// one spread over all of them.
  private struct Planted {
    var weights: [Double]
    var a: [Double]
    var b: [Double]

    init(rows: Int, columns: Int, strength: Double, spectrum: (Int) -> Double) {
      var random = SeededRandom(seed: 7)
      func unit(_ count: Int) -> [Double] {
        let values = (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / norm }
      }
      let u = unit(rows), v = unit(columns), count = min(rows, columns)
      func left(_ row: Int, _ i: Int) -> Double { (row == i ? 1 : 0) - 2 * u[row] * u[i] }
      func right(_ column: Int, _ i: Int) -> Double { (column == i ? 1 : 0) - 2 * v[column] * v[i] }
      // (I − 2uuᵀ)·Σ·(I − 2vvᵀ), term by term.
      let middle = (0..<count).reduce(0) { $0 + u[$1] * spectrum($1) * v[$1] }
      weights = (0..<rows * columns).map { index in
        let (row, column) = (index / columns, index % columns)
        var value = row == column ? spectrum(row) : 0
        if column < count { value -= 2 * u[row] * u[column] * spectrum(column) }
        if row < count { value -= 2 * v[column] * v[row] * spectrum(row) }
        return value + 4 * u[row] * v[column] * middle
      }
      let out = unit(rows), into = unit(columns)
      a = [Double](repeating: 0, count: 2 * columns)
      b = [Double](repeating: 0, count: rows * 2)
      for column in 0..<columns {
        a[column] = right(column, 3)
        a[columns + column] = into[column]
      }
      for row in 0..<rows {
        b[row * 2] = 0.05 * left(row, 3)
        b[row * 2 + 1] = strength * out[row]
      }
    }

    func full(_ rows: Int, _ columns: Int) -> IntruderSearch.Result? {
      LeftSingularVectors(weights, rows: rows, columns: columns).flatMap {
        IntruderSearch.full(weights, $0, WholeChange.Side(left: b, right: a, rank: 2))
      }
    }

    func leading(_ rows: Int, _ columns: Int) -> IntruderSearch.Result? {
      let weight = WeightOperator(rows: rows, columns: columns, weights: weights.map { Float($0) })
      var changed = weight
      changed.change = (2, a.map { Float($0) }, b.map { Float($0) })
      let norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return IntruderSearch.leading(changed, against: weight, LeadingVectors(of: weight), norm: norm)
    }
  }

  @Test(arguments: [(160, 96), (96, 160), (129, 131)])
  func `a planted intruder is found at its place, as by full decompositions`(rows: Int, columns: Int) throws {
    let planted = Planted(rows: rows, columns: columns, strength: 14) { 10 / (1 + Double($0) * 0.25) }
    let exact = try #require(planted.full(rows, columns))
    #expect(exact.intruders.count == 1)
    let found = try #require(planted.leading(rows, columns))
    #expect(found == exact)
  }

  @Test(arguments: [(160, 96), (96, 160), (40, 24)])
  func `a weak change has no intruders, by either way`(rows: Int, columns: Int) throws {
    let planted = Planted(rows: rows, columns: columns, strength: 0.02) { 10 / (1 + Double($0) * 0.25) }
    #expect(try #require(planted.full(rows, columns)) == IntruderSearch.Result(intruders: []))
    #expect(try #require(planted.leading(rows, columns)) == IntruderSearch.Result(intruders: []))
  }

  @Test func `what mixes the base's own leading directions lies within their span, by either way`() throws {
    let size = 80
    var weights = [Double](repeating: 0, count: size * size)
    for i in 0..<size { weights[i * size + i] = i < 12 ? 10 : 5 - Double(i) / 20 }
    // A direction that has a cosine of 0.29 with each of the twelve, and one that W has none of in its lead.
    var own = [Double](repeating: 0, count: size), foreign = own
    for i in 0..<12 { own[i] = (1 / 12.0).squareRoot() }
    for i in 40..<60 { foreign[i] = (1 / 20.0).squareRoot() }
    let left = (0..<size).flatMap { [4 * own[$0], 20 * foreign[$0]] }
    let side = WholeChange.Side(left: left, right: own + foreign, rank: 2)
    // Twelve equal singular values have no vectors of their own: a trace of order makes them the axes.
    for i in 0..<12 { weights[i * size + i] += 0.01 * Double(12 - i) }
    let reference = try #require(LeftSingularVectors(weights, rows: size, columns: size))
    let exact = try #require(IntruderSearch.full(weights, reference, side))
    #expect(exact.intruders.contains(0) && exact.intruders.contains(1))
    #expect(exact.withinSpan.contains(1) && !exact.withinSpan.contains(0))
    let weight = WeightOperator(rows: size, columns: size, weights: weights.map { Float($0) })
    var changed = weight
    changed.change = (2, side.right.map { Float($0) }, left.map { Float($0) })
    let found = try #require(
      IntruderSearch.leading(changed, against: weight, LeadingVectors(of: weight), norm: 60))
    #expect(found.withinSpan.contains(1) && !found.withinSpan.contains(0))
  }

  @Test func `the leading vectors have the known singular values`() throws {
    let planted = Planted(rows: 96, columns: 160, strength: 0) { 10 * (1 - Double($0) / 120) }
    let weight = WeightOperator(rows: 96, columns: 160, weights: planted.weights.map { Float($0) })
    let found = try #require(LeadingVectors(of: weight))
    for i in 0..<10 {
      #expect(abs(found.singularValues[i] - 10 * (1 - Double(i) / 120)) < 1e-4)
      #expect(found.isFound[i])
    }
  }

  @Test func `what lies evenly between two singular vectors has a counterpart, among five it has none`() {
    let size = 64
    var weights = [Float](repeating: 0, count: size * size)
    for i in 0..<size { weights[i * size + i] = Float(size - i) }
    let weight = WeightOperator(rows: size, columns: size, weights: weights)
    var start = VectorBlock(count: size)
    for i in 0..<2 { start[i * 7, 0] = Float(0.5).squareRoot() }
    for i in 0..<5 { start[i * 7, 1] = Float(0.2).squareRoot() }
    #expect(CounterpartSearch.verdicts(on: start, count: 2, in: weight, norm: 300) == [.counterpart, .none])
  }

  @Test func `a direction that W does not reach has no counterpart`() {
    // 40 × 20: the left null space takes the last twenty.
    var weights = [Float](repeating: 0, count: 800)
    for i in 0..<20 { weights[i * 20 + i] = Float(20 - i) }
    let weight = WeightOperator(rows: 40, columns: 20, weights: weights)
    var start = VectorBlock(count: 40)
    start[30, 0] = 1
    start[0, 1] = 0.6
    start[30, 1] = 0.8
    start[0, 2] = 0.4
    start[30, 2] = Float(0.84).squareRoot()
    #expect(
      CounterpartSearch.verdicts(on: start, count: 3, in: weight, norm: 53.6) == [.none, .counterpart, .none])
  }

  @Test func `what is not finite has no leading vectors`() {
    let weight = WeightOperator(rows: 2, columns: 2, weights: [1, .nan, 0, 1])
    #expect(LeadingVectors(of: weight) == nil)
  }
}
