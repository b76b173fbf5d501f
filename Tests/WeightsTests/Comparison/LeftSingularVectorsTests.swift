import Checkpoint
import Testing

@testable import Weights

@Suite struct LeftSingularVectorsTests {
  @Test(arguments: [(2, 3), (3, 2)]) func `known vectors are found, wide or tall`(rows: Int, columns: Int)
    throws
  {
    var values = [Double](repeating: 0, count: rows * columns)
    values[0] = 5
    values[columns + 1] = -2
    let found = try #require(LeftSingularVectors(values, rows: rows, columns: columns))
    #expect(found.singularValues.count == 2)
    #expect(abs(found.singularValues[0] - 5) < 1e-12 && abs(found.singularValues[1] - 2) < 1e-12)
    #expect(abs(abs(found.vector(0)[0]) - 1) < 1e-12)
    #expect(abs(abs(found.vector(1)[1]) - 1) < 1e-12)
    var diagonal = [Double](repeating: 0, count: rows)
    diagonal[0] = 0.6
    diagonal[1] = 0.8
    #expect(abs(found.greatestCosine(with: diagonal) - 0.8) < 1e-12)
  }

  @Test func `a direction that fine-tuning brought in is an intruder`() throws {
    // W has all its weight in directions 0 … 3 of 16; the change puts a strong one evenly over the others.
    var weight = [Double](repeating: 0, count: 256)
    for i in 0..<16 { weight[i * 16 + i] = i < 4 ? 4 - Double(i) : 0.01 }
    let reference = try #require(LeftSingularVectors(weight, rows: 16, columns: 16))
    var changed = weight
    for i in 4..<16 { changed[i * 16 + 5] += 10 / 12.0.squareRoot() }
    let after = try #require(LeftSingularVectors(changed, rows: 16, columns: 16))
    #expect(reference.greatestCosine(with: after.vector(0)) < 0.5)
    #expect(reference.greatestCosine(with: after.vector(1)) > 0.99)
  }

  @Test func `what is not finite or too large has none`() {
    #expect(LeftSingularVectors([.nan, 1], rows: 1, columns: 2) == nil)
    #expect(LeftSingularVectors([], rows: 0, columns: 2) == nil)
  }
}
