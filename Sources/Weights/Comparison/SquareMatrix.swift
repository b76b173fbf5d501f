internal import CKernels

/// A small dense matrix, padded with zeros to a multiple of 16 rows and columns, which the kernels want.
struct SquareMatrix {
  /// Rows and columns that hold values.
  let size: Int
  /// Rows and columns that are stored.
  let stride: Int
  var elements: [Double]

  init(size: Int) {
    self.size = size
    stride = max(16, (size + 15) / 16 * 16)
    elements = [Double](repeating: 0, count: stride * stride)
  }

  subscript(row: Int, column: Int) -> Double {
    get { elements[row * stride + column] }
    set { elements[row * stride + column] = newValue }
  }

  /// The block of `size` rows and columns from (`row`, `column`) on.
  func block(_ row: Int, _ column: Int, size: Int) -> SquareMatrix {
    var block = SquareMatrix(size: size)
    for i in 0..<size {
      for j in 0..<size { block[i, j] = self[row + i, column + j] }
    }
    return block
  }

  /// selfᵀ · `other`.
  func transposedTimes(_ other: SquareMatrix) -> SquareMatrix {
    precondition(stride == other.stride)
    var product = SquareMatrix(size: max(size, other.size))
    unsafe elements.withUnsafeBufferPointer { a in
      unsafe other.elements.withUnsafeBufferPointer { b in
        unsafe product.elements.withUnsafeMutableBufferPointer { c in
          unsafe ck_multiply_transposed(stride, a.baseAddress, b.baseAddress, c.baseAddress)
        }
      }
    }
    return product
  }

  /// The lower L with L·Lᵀ = self, which is semidefinite; columns whose pivot vanishes in rounding are zero.
  func cholesky() -> SquareMatrix {
    var factor = self
    unsafe factor.elements.withUnsafeMutableBufferPointer { elements in
      _ = unsafe ck_cholesky(stride, elements.baseAddress, Double(stride) * Double.ulpOfOne)
    }
    return factor
  }

  /// The eigenvalues of this symmetric matrix, greatest first, and as rows of a matrix the eigenvectors; nil where
  /// the iteration does not converge.
  func eigen(vectors wantsVectors: Bool) -> (values: [Double], vectors: SquareMatrix?)? {
    var copy = elements
    var values = [Double](repeating: 0, count: stride)
    var vectors = SquareMatrix(size: size)
    var work = [Double](repeating: 0, count: 3 * stride)
    let status = unsafe copy.withUnsafeMutableBufferPointer { copy in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe work.withUnsafeMutableBufferPointer { work in
          unsafe vectors.elements.withUnsafeMutableBufferPointer { vectors in
            unsafe ck_eigen(
              size, stride, copy.baseAddress, values.baseAddress,
              wantsVectors ? vectors.baseAddress : nil, work.baseAddress)
          }
        }
      }
    }
    guard status == 0 else { return nil }
    return (Array(values.prefix(size)), wantsVectors ? vectors : nil)
  }

  /// The sum of the products of corresponding elements.
  func dot(_ other: SquareMatrix) -> Double {
    var sum = 0.0
    for (a, b) in zip(elements, other.elements) { sum += a * b }
    return sum
  }

  static func + (left: SquareMatrix, right: SquareMatrix) -> SquareMatrix {
    var sum = left
    for index in sum.elements.indices { sum.elements[index] += right.elements[index] }
    return sum
  }

  /// The matrix mirrored at its diagonal.
  var transposed: SquareMatrix {
    var result = SquareMatrix(size: size)
    for i in 0..<size {
      for j in 0..<size { result[j, i] = self[i, j] }
    }
    return result
  }
}
