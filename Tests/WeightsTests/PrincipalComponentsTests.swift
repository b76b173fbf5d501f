import TestSupport
import Testing

@testable import Weights

/// Principal components of vectors (numpy's are held against in the tests of embeddings).
struct PrincipalComponentsTests {
  private func vectors(_ rows: Int, _ columns: Int, seed: UInt64 = 3) -> [Double] {
    var random = SeededRandom(seed: seed)
    return (0..<rows * columns).map { _ in Double(random.next() >> 11) * 0x1p-53 - 0.5 }
  }

  @Test(arguments: [(50, 3), (3, 50), (40, 40), (200, 33), (17, 18)])
  func `scores are centred, uncorrelated, and have the shares of the variance`(rows: Int, columns: Int) throws
  {
    let elements = vectors(rows, columns)
    let count = min(rows, columns)
    let found = try #require(PrincipalComponents(of: elements, rows: rows, columns: columns, count: count))
    #expect(abs(found.shares.reduce(0, +) - 1) < 1e-12)
    #expect(zip(found.shares, found.shares.dropFirst()).allSatisfy { $0 >= $1 })
    var total = 0.0
    for column in 0..<columns {
      let values = (0..<rows).map { elements[$0 * columns + column] }
      let mean = values.reduce(0, +) / Double(rows)
      total += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    for (index, score) in found.scores.enumerated() {
      // Along a component without any variance there is the root of its rounding alone.
      #expect(abs(score.reduce(0, +)) < (found.shares[index] > 1e-12 ? 1e-10 : 1e-6))
      #expect(abs(score.reduce(0) { $0 + $1 * $1 } - found.shares[index] * total) < 1e-9 * total)
      for other in found.scores[..<index] {
        #expect(abs(zip(score, other).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-9 * total)
      }
    }
  }

  @Test func `vectors that are all the same, or no numbers, have none`() {
    #expect(PrincipalComponents(of: [1, 2, 1, 2, 1, 2], rows: 3, columns: 2) == nil)
    #expect(PrincipalComponents(of: [1, .nan, 1, 2, 1, 2], rows: 3, columns: 2) == nil)
    #expect(PrincipalComponents(of: [1, 2], rows: 1, columns: 2) == nil)
    #expect(PrincipalComponents(of: [], rows: 0, columns: 0) == nil)
  }
}
