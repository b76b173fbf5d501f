internal import CKernels
internal import Checkpoint

extension ElementType {
  /// The C name of the type, with the elements that stand for one of this type.
  var kernel: (type: ck_element, elementsEach: Int) {
    switch self {
    case .bool: (ck_bool, 1)
    case .float4: (ck_f4, 1)
    case .float6E2M3: (ck_f6_e2m3, 1)
    case .float6E3M2: (ck_f6_e3m2, 1)
    case .uint8: (ck_u8, 1)
    case .int8: (ck_i8, 1)
    case .float8E5M2: (ck_f8_e5m2, 1)
    case .float8E4M3: (ck_f8_e4m3, 1)
    case .float8E8M0: (ck_f8_e8m0, 1)
    case .float8E4M3FNUZ: (ck_f8_e4m3fnuz, 1)
    case .float8E5M2FNUZ: (ck_f8_e5m2fnuz, 1)
    case .int16: (ck_i16, 1)
    case .uint16: (ck_u16, 1)
    case .float16: (ck_f16, 1)
    case .bfloat16: (ck_bf16, 1)
    case .int32: (ck_i32, 1)
    case .uint32: (ck_u32, 1)
    case .float32: (ck_f32, 1)
    case .complex64: (ck_f32, 2)
    case .float64: (ck_f64, 1)
    case .int64: (ck_i64, 1)
    case .uint64: (ck_u64, 1)
    case .complex32: (ck_f16, 2)
    case .complex128: (ck_f64, 2)
    }
  }
}

/// One pass over two arrays of elements, in parts.
///
/// Parts of complex elements count as two elements each.
struct ElementComparison {
  private var sums = ck_comparison_empty()

  /// Adds the elements `range` of `x` and `y`, which hold at least so many.
  ///
  /// - Parameter start: the index in the tensor of the element that the spans begin with.
  mutating func add(
    _ x: RawSpan, _ typeX: ElementType, _ y: RawSpan, _ typeY: ElementType, range: Range<Int>,
    from start: Int = 0
  ) {
    let known = (sums.first_x, sums.first_y)
    let (kernelX, each) = typeX.kernel
    let (kernelY, _) = typeY.kernel
    precondition(each == typeY.kernel.elementsEach)
    precondition(
      range.lowerBound >= 0 && range.upperBound * typeX.bitWidth <= x.byteCount * 8
        && range.upperBound * typeY.bitWidth <= y.byteCount * 8)
    guard !range.isEmpty else { return }
    unsafe x.withUnsafeBytes { x in
      unsafe y.withUnsafeBytes { y in
        unsafe ck_compare(
          kernelX, x.baseAddress, kernelY, y.baseAddress, range.lowerBound * each, range.count * each, &sums)
      }
    }
    // The kernel counts from the beginning of the spans.
    if known.0 == .max, sums.first_x != .max { sums.first_x += UInt64(start * each) }
    if known.1 == .max, sums.first_y != .max { sums.first_y += UInt64(start * each) }
  }

  /// What was found, for the tensor called `name`.
  func result(
    name: String, _ before: TensorDescription, _ after: TensorDescription
  ) -> TensorComparison {
    let each = UInt64(before.elementType.kernel.elementsEach)
    func count(_ nan: UInt64, _ infinite: UInt64, _ first: UInt64) -> NonFiniteCount {
      NonFiniteCount(
        nan: Int(nan), infinite: Int(infinite), firstIndex: first == .max ? nil : Int(first / each))
    }
    return TensorComparison(
      name: name,
      // Equal names are one in memory.
      fileNames: Pair(before.name, before.name == after.name ? before.name : after.name),
      elementTypes: Pair(before.elementType, after.elementType), shape: before.shape,
      norm: Pair(sums.xx.squareRoot(), sums.yy.squareRoot()), differenceNorm: sums.dd.squareRoot(),
      innerProduct: sums.xy, greatestDifference: sums.greatest,
      changedCount: min(before.elementCount, Int(sums.changed)),
      nonFinite: Pair(
        count(sums.nan_x, sums.infinite_x, sums.first_x), count(sums.nan_y, sums.infinite_y, sums.first_y)))
  }
}
