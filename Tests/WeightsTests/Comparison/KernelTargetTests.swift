import CKernels
import Checkpoint
import Testing

@testable import Weights

/// Every variant of the kernels that this processor can run, against plain Swift and so against each other.
struct KernelTargetTests {
  /// Portable, AVX2 and AVX-512, as far as the processor has them.
  static let targets: [Int32] = {
    let best = ck_limit_target(2)
    return Array(0...best)
  }()

  /// Runs `body` with the kernels of `target`; the limit holds on this thread alone.
  private func with<Result>(_ target: Int32, _ body: () throws -> Result) rethrows -> Result {
    #expect(ck_limit_target(target) == target)
    defer { _ = ck_limit_target(2) }
    return try body()
  }

  private func numbers(_ count: Int, seed: UInt64) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(bitPattern: state) >> 40) / 8_388_608
    }
  }

  /// The numbers as elements of `type`, and what they became.
  private func elements(_ numbers: [Float], _ type: ck_element) -> (bytes: [UInt8], values: [Double]) {
    var bytes: [UInt8] = []
    for number in numbers {
      var bits = number.bitPattern
      if type == ck_bf16 { bits >>= 16 }
      if type == ck_f16 {
        // Exponents of half width; the numbers are all of a size that fits.
        let exponent = Int(number.bitPattern >> 23 & 0xff) - 127 + 15
        let fraction = number.bitPattern >> 13 & 0x3ff
        let special = number.bitPattern >> 23 & 0xff == 0xff
        let half =
          special ? 0x7c00 | (number.isNaN ? 1 : 0) : exponent <= 0 ? 0 : UInt32(exponent) << 10 | fraction
        bits = (number.bitPattern >> 31) << 15 | half
      }
      for index in 0..<(type == ck_f32 ? 4 : 2) {
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(8 * index)))
      }
    }
    var values = [Double](repeating: 0, count: numbers.count)
    unsafe ck_to_double(type, bytes, 0, numbers.count, &values)
    return (bytes, values)
  }

  private func isClose(_ a: Double, _ b: Double, _ scale: Double) -> Bool { abs(a - b) <= 2e-6 * scale }

  @Test(
    arguments: [ck_f32, ck_bf16, ck_f16].map(\.rawValue), [0, 1, 7, 15, 16, 17, 127, 129, 2047, 2048, 5003])
  func `comparisons are those of plain Swift`(_ raw: UInt32, _ count: Int) {
    let type = ck_element(raw)
    var numbersY = numbers(count, seed: 2)
    let numbersX = numbers(count, seed: 1)
    for index in numbersY.indices where index.isMultiple(of: 3) { numbersY[index] = numbersX[index] }
    let x = elements(numbersX, type)
    let y = elements(numbersY, type)
    let pairs = zip(x.values, y.values)
    let xx = pairs.reduce(0) { $0 + $1.0 * $1.0 }
    let yy = pairs.reduce(0) { $0 + $1.1 * $1.1 }
    let xy = pairs.reduce(0) { $0 + $1.0 * $1.1 }
    let dd = pairs.reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    let width = type == ck_f32 ? 4 : 2
    let changed = (0..<count).count { index in
      x.bytes[index * width..<(index + 1) * width] != y.bytes[index * width..<(index + 1) * width]
    }
    for target in Self.targets {
      let sums = with(target) {
        var sums = ck_comparison_empty()
        unsafe ck_compare(type, x.bytes, type, y.bytes, 0, count, &sums)
        return sums
      }
      #expect(isClose(sums.xx, xx, xx) && isClose(sums.yy, yy, yy), "target \(target)")
      #expect(isClose(sums.xy, xy, xx + yy) && isClose(sums.dd, dd, dd), "target \(target)")
      #expect(sums.changed == UInt64(changed), "target \(target)")
      let greatest = pairs.map { abs($1 - $0) }.max() ?? 0
      #expect(isClose(sums.greatest, greatest, 1), "target \(target)")
      #expect(sums.nan_x + sums.infinite_x + sums.nan_y + sums.infinite_y == 0)
    }
  }

  @Test(arguments: [(0, 500, 64), (3, 330, 64), (64, 128, 64), (1, 7, 5), (130, 1, 64), (5, 491, 100)])
  func `codes of four bits become the scaled values of their map`(first: Int, count: Int, block: Int) {
    let codes = numbers(256, seed: 5).map { UInt8(truncatingIfNeeded: Int($0 * 4096)) }
    let map = numbers(16, seed: 6), scales = numbers(512 / block + 1, seed: 7)
    let wanted = (first..<first + count).map { index in
      let byte = codes[index / 2]
      return map[Int(index.isMultiple(of: 2) ? byte >> 4 : byte & 15)] * scales[index / block]
    }
    for target in Self.targets {
      let found = with(target) {
        var values = [Float](repeating: .nan, count: count)
        unsafe ck_decode_nibbles(codes, first, count, block, map, scales, &values)
        return values
      }
      #expect(found == wanted, "target \(target)")
    }
  }

  @Test(arguments: [ck_f32, ck_bf16, ck_f16].map(\.rawValue), [0, 5, 16, 130, 2050])
  func `what is not finite is counted and placed`(_ raw: UInt32, _ place: Int) {
    let type = ck_element(raw)
    var numbersX = numbers(3000, seed: 3)
    numbersX[place] = .nan
    numbersX[place + 40] = -.infinity
    let x = elements(numbersX, type)
    let y = elements(numbers(3000, seed: 4), type)
    for target in Self.targets {
      let sums = with(target) {
        var sums = ck_comparison_empty()
        unsafe ck_compare(type, x.bytes, type, y.bytes, 0, 3000, &sums)
        return sums
      }
      #expect(sums.nan_x == 1 && sums.infinite_x == 1 && sums.nan_y == 0, "target \(target)")
      #expect(sums.first_x == UInt64(place) && sums.first_y == .max, "target \(target)")
      #expect(sums.xx.isFinite && sums.dd.isFinite)
    }
  }

  @Test(arguments: [1, 2, 3, 15, 16, 17, 31, 33, 64, 100])
  func `products with blocks of vectors are those of plain Swift`(_ rows: Int) {
    let columns = rows / 2 + 3
    let w = numbers(rows * columns, seed: 5)
    let x = numbers(columns * 16, seed: 6)
    let tall = numbers(rows * 16, seed: 7)
    for target in Self.targets {
      with(target) {
        var y = [Float](repeating: 9, count: rows * 16)
        unsafe ck_block_multiply(rows, columns, w, x, &y)
        var z = [Float](repeating: 9, count: columns * 16)
        unsafe ck_block_multiply_transposed(rows, columns, w, tall, &z)
        for vector in 0..<16 {
          for row in 0..<rows {
            let wanted = (0..<columns).reduce(0.0) {
              $0 + Double(w[row * columns + $1]) * Double(x[$1 * 16 + vector])
            }
            #expect(abs(Double(y[row * 16 + vector]) - wanted) < 1e-4, "target \(target)")
          }
          for column in 0..<columns {
            let wanted = (0..<rows).reduce(0.0) {
              $0 + Double(w[$1 * columns + column]) * Double(tall[$1 * 16 + vector])
            }
            #expect(abs(Double(z[column * 16 + vector]) - wanted) < 1e-4, "target \(target)")
          }
        }
      }
    }
  }

  @Test(arguments: [16, 17, 40, 129])
  func `dots, differences and orthonormal columns are those of plain Swift`(_ count: Int) {
    let x = numbers(count * 16, seed: 8)
    let factors = numbers(16, seed: 9)
    for target in Self.targets {
      with(target) {
        var y = numbers(count * 16, seed: 10)
        var dots = [Double](repeating: 9, count: 16)
        unsafe ck_block_dots(count, x, y, &dots)
        var less = y
        unsafe ck_block_subtract(count, factors, x, &less)
        for vector in 0..<16 {
          let wanted = (0..<count).reduce(0.0) {
            $0 + Double(x[$1 * 16 + vector]) * Double(y[$1 * 16 + vector])
          }
          #expect(abs(dots[vector] - wanted) < 1e-4, "target \(target)")
          for row in 0..<count {
            let place = row * 16 + vector
            #expect(abs(less[place] - (y[place] - factors[vector] * x[place])) < 1e-5, "target \(target)")
          }
        }
        unsafe ck_block_orthonormalise(count, &y, [Double](repeating: 0, count: 16))
        for first in 0..<16 {
          for second in 0...first {
            let dot = (0..<count).reduce(0.0) {
              $0 + Double(y[$1 * 16 + first]) * Double(y[$1 * 16 + second])
            }
            #expect(abs(dot - (first == second ? 1 : 0)) < 1e-3, "target \(target), \(first) and \(second)")
          }
        }
      }
    }
  }

  /// The ranks of two factors and their length: eights of them and others, panels that are whole and ends.
  private static let extents = [
    (8, 8, 40), (16, 16, 301), (24, 24, 128), (5, 5, 40), (8, 0, 136), (16, 8, 43), (5, 8, 9), (24, 0, 7),
  ]

  @Test(arguments: [ck_f32, ck_bf16].map(\.rawValue), extents)
  func `Gram matrices of factors are those of plain Swift, by rows and by columns`(
    _ raw: UInt32, _ extents: (first: Int, second: Int, length: Int)
  ) {
    let type = ck_element(raw)
    let (rank, other, long) = extents
    let size = rank + other, n = (size + 15) / 16 * 16
    let a = elements(numbers(long * rank, seed: 11), type)
    let b = elements(numbers(long * other, seed: 12), type)
    for (byRows, difference) in [(true, 0), (true, 1), (false, 0), (false, 1)] as [(Bool, Int32)]
    where difference == 0 || rank == other {
      func value(_ values: [Double], _ k: Int, _ i: Int, _ rank: Int) -> Double {
        values[byRows ? i * long + k : k * rank + i]
      }
      func entry(_ k: Int, _ i: Int) -> Double {
        if i < rank { return 0.5 * value(a.values, k, i, rank) }
        let second = 2 * value(b.values, k, i - rank, other)
        return difference == 1 ? second - 0.5 * value(a.values, k, i - rank, rank) : second
      }
      for target in Self.targets {
        with(target) {
          var gram = [Double](repeating: 0, count: n * n)
          // What a panel held before plays no part.
          var panel = [Double](repeating: .nan, count: Int(ck_panel_count))
          unsafe a.bytes.withUnsafeBytes { first in
            unsafe b.bytes.withUnsafeBytes { second in
              func factor(_ bytes: UnsafeRawBufferPointer, _ rank: Int, _ scale: Double) -> ck_factor {
                unsafe ck_factor(
                  data: bytes.baseAddress, type: type, rank: rank, step_k: byRows ? 1 : rank,
                  step_i: byRows ? long : 1, scale: scale)
              }
              unsafe ck_gram(
                factor(first, rank, 0.5), factor(second, other, 2), difference, 0, long, n, &gram, &panel)
              unsafe ck_mirror(n, &gram)
            }
          }
          for i in 0..<n {
            for j in 0..<n {
              let wanted =
                i < size && j < size ? (0..<long).reduce(0.0) { $0 + entry($1, i) * entry($1, j) } : 0
              #expect(abs(gram[i * n + j] - wanted) < 1e-9 * Double(long), "target \(target), \(i), \(j)")
            }
          }
        }
      }
    }
  }

  @Test(arguments: [1, 7, 8, 16, 17, 33])
  func `factors and eigenvalues agree between the variants`(_ size: Int) throws {
    var matrix = SquareMatrix(size: size)
    for (index, number) in numbers(size * size, seed: 13).enumerated() {
      matrix[index / size, index % size] = Double(number)
    }
    for target in Self.targets {
      try with(target) {
        let gram = matrix.transposedTimes(matrix)
        let lower = gram.cholesky()
        let again = lower.transposed.transposedTimes(lower.transposed)
        let (values, found) = try #require(gram.eigen(vectors: true))
        let vectors = try #require(found)
        for i in 0..<size {
          for j in 0..<size {
            let wanted = (0..<size).reduce(0.0) { $0 + matrix[$1, i] * matrix[$1, j] }
            #expect(abs(gram[i, j] - wanted) < 1e-12 * Double(size), "target \(target)")
            #expect(abs(again[i, j] - gram[i, j]) < 1e-10, "target \(target)")
            let applied = (0..<size).reduce(0.0) { $0 + gram[j, $1] * vectors[i, $1] }
            #expect(abs(applied - values[i] * vectors[i, j]) < 1e-10 * max(1, values[0]), "target \(target)")
          }
        }
      }
    }
  }
}
