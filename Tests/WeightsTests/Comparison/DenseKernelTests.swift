import Checkpoint
import TestSupport
import Testing

@testable import Weights

@Suite struct DenseKernelTests {
  /// A matrix of seeded values.
  private func matrix(_ size: Int, seed: UInt64) -> SquareMatrix {
    var state = seed
    var result = SquareMatrix(size: size)
    for i in 0..<size {
      for j in 0..<size {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        result[i, j] = Double(Int64(bitPattern: state) >> 11) / 9e15
      }
    }
    return result
  }

  @Test(arguments: [1, 2, 7, 8, 15, 16, 17, 33, 64]) func `products, factors and eigenvalues of every size`(
    size: Int
  ) throws {
    let m = matrix(size, seed: UInt64(size))
    let gram = m.transposedTimes(m)
    for i in 0..<size {
      for j in 0..<size {
        let wanted = (0..<size).reduce(0.0) { $0 + m[$1, i] * m[$1, j] }
        #expect(abs(gram[i, j] - wanted) < 1e-12 * Double(size))
      }
    }
    let lower = gram.cholesky()
    let again = lower.transposed.transposedTimes(lower.transposed)
    let (values, found) = try #require(gram.eigen(vectors: true))
    let vectors = try #require(found)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
    for i in 0..<size {
      for j in 0..<size {
        #expect(abs(again[i, j] - gram[i, j]) < 1e-10)
        let applied = (0..<size).reduce(0.0) { $0 + gram[j, $1] * vectors[i, $1] }
        #expect(abs(applied - values[i] * vectors[i, j]) < 1e-10 * max(1, values[0]))
      }
    }
    #expect(gram.eigen(vectors: false)?.values.count == size)
  }

  @Test func `a Gram matrix of lesser rank has zero columns in its factor`() {
    var gram = SquareMatrix(size: 3)
    for (i, row) in [[4.0, 2, 4], [2, 1, 2], [4, 2, 4]].enumerated() {
      for (j, value) in row.enumerated() { gram[i, j] = value }
    }
    let lower = gram.cholesky()
    #expect(lower[0, 0] == 2 && lower[1, 0] == 1 && lower[2, 0] == 2)
    #expect(lower[1, 1] == 0 && lower[2, 1] == 0 && lower[2, 2] == 0)
  }

  @Test func `what is not finite does not converge, and does not hang`() {
    var broken = matrix(5, seed: 1)
    broken[2, 3] = .nan
    #expect(broken.eigen(vectors: true) == nil)
  }
}
