internal import CKernels
internal import Checkpoint

/// A factor of a module where its bytes lie, or as converted copies of them.
///
/// The pointer is valid only within the closure that hands the value out.
@unsafe
struct FactorView {
  fileprivate var factor: ck_factor
  let length: Int

  /// Hands out the factor that lies in `bytes`, elements of the type of `tensor`.
  ///
  /// - Parameter diagonal: what the i-th column is multiplied by besides `scale`; AdaLoRA has such.
  static func with<Result, Failure: Error>(
    _ factor: LowRankModule.Factor, rank: Int, in bytes: RawSpan, of tensor: TensorDescription, scale: Double,
    diagonal: [Double]? = nil, _ body: (borrowing FactorView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let type = tensor.elementType
    precondition(bytes.byteCount >= tensor.byteCount)
    let isReadInPlace = type == .float16 || type == .bfloat16 || type == .float32 || type == .float64
    if isReadInPlace, diagonal == nil {
      precondition(factor.lastIndex(rank: rank) < tensor.elementCount)
      return try unsafe bytes.withUnsafeBytes { bytes throws(Failure) in
        let view = unsafe FactorView(
          factor: ck_factor(
            data: bytes.baseAddress.map { unsafe $0 + factor.offset * type.bitWidth / 8 },
            type: type.kernel.type,
            rank: rank, step_k: factor.stepK, step_i: factor.stepI, scale: scale), length: factor.length)
        return try unsafe body(view)
      }
    } else {
      let values = ElementConversion.doubles(bytes, tensor)
      precondition(factor.lastIndex(rank: rank) < values.count)
      var scaled = [Double](repeating: 0, count: rank * factor.length)
      for i in 0..<rank {
        let weight = diagonal?[i] ?? 1
        for k in 0..<factor.length {
          scaled[i * factor.length + k] = weight * values[factor.offset + k * factor.stepK + i * factor.stepI]
        }
      }
      return try unsafe scaled.withUnsafeBufferPointer { values throws(Failure) in
        let view = unsafe FactorView(
          factor: ck_factor(
            data: values.baseAddress, type: ck_f64, rank: rank, step_k: 1, step_i: factor.length, scale: scale
          ),
          length: factor.length)
        return try unsafe body(view)
      }
    }
  }

  /// The Gram matrix of the columns of this factor.
  func gram() -> SquareMatrix {
    var none = unsafe factor
    unsafe none.rank = 0
    return unsafe Self.gram(factor, none, length, isDifference: false)
  }

  /// The Gram matrix of the columns of this factor and of `other` (or of its difference from this one), which has as
  /// many rows.
  func gram(with other: borrowing FactorView, isDifference: Bool) -> SquareMatrix {
    unsafe Self.gram(factor, other.factor, min(length, other.length), isDifference: isDifference)
  }

  private static func gram(
    _ first: ck_factor, _ second: ck_factor, _ length: Int, isDifference: Bool
  ) -> SquareMatrix {
    var result = unsafe SquareMatrix(size: first.rank + second.rank)
    let n = result.stride
    unsafe result.elements.withUnsafeMutableBufferPointer { elements in
      // The kernel fills it before it reads it.
      unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: Int(ck_panel_count)) { panel in
        unsafe ck_gram(
          first, second, isDifference ? 1 : 0, 0, length, n, elements.baseAddress, panel.baseAddress)
        unsafe ck_mirror(n, elements.baseAddress)
      }
    }
    return result
  }
}

extension LowRankModule.Factor {
  /// The greatest index of an element that the factor reads.
  func lastIndex(rank: Int) -> Int { offset + (length - 1) * stepK + (rank - 1) * stepI }
}

/// Elements of any type as float64.
enum ElementConversion {
  /// All elements of `tensor`, whose bytes are `bytes`; real and imaginary parts one after another.
  static func doubles(_ bytes: RawSpan, _ tensor: TensorDescription) -> [Double] {
    doubles(bytes, tensor.elementType, count: tensor.elementCount)
  }

  /// The first `count` elements likewise.
  static func doubles(_ bytes: RawSpan, _ type: ElementType, count elements: Int) -> [Double] {
    let bits = type.bitWidth
    let (type, each) = type.kernel
    let count = elements * each
    precondition(bytes.byteCount * 8 >= elements * bits)
    return unsafe [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe bytes.withUnsafeBytes { bytes in
        if count > 0 { unsafe ck_to_double(type, bytes.baseAddress, 0, count, buffer.baseAddress) }
      }
      initialized = count
    }
  }

  /// The same rounded to float32.
  static func floats(_ bytes: RawSpan, _ tensor: TensorDescription) -> [Float] {
    let (type, each) = tensor.elementType.kernel
    let count = tensor.elementCount * each
    precondition(bytes.byteCount >= tensor.byteCount)
    var part = [Double](repeating: 0, count: min(count, 4096))
    return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe bytes.withUnsafeBytes { bytes in
        while initialized < count {
          let length = min(part.count, count - initialized)
          unsafe ck_to_double(type, bytes.baseAddress, initialized, length, &part)
          for index in 0..<length {
            unsafe buffer.initializeElement(at: initialized + index, to: Float(part[index]))
          }
          initialized += length
        }
      }
    }
  }
}

extension SquareMatrix {
  /// The Gram matrix of the columns of `values` seen as `length × rank`, element (k, i) at `k·stepK + i·stepI`.
  init(gramOf values: [Double], rank: Int, length: Int, stepK: Int, stepI: Int) {
    precondition((length - 1) * stepK + (rank - 1) * stepI < values.count)
    self = unsafe values.withUnsafeBufferPointer { values in
      let view = unsafe FactorView(
        factor: ck_factor(
          data: values.baseAddress, type: ck_f64, rank: rank, step_k: stepK, step_i: stepI, scale: 1),
        length: length)
      return unsafe view.gram()
    }
  }
}
