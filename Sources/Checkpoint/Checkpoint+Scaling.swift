internal import Bytes

extension Checkpoint {
  /// A copy, made as its bytes are asked for, in which some weights are multiplied by `factor`; nil where none of
  /// `isChosen` is of 16, 32 or 64-bit floats.
  ///
  /// Of a low-rank module that is chosen by its name the factor B is multiplied, so that its ΔW is; any other tensor is
  /// chosen by its own name. Values of 16 bits are rounded towards 0.
  public func scaling(by factor: Double, where isChosen: (String) -> Bool) -> Checkpoint? {
    var chosen: Set<Int> = []
    for (index, tensor) in tensors.enumerated() {
      let name = TensorName(tensor.name)
      let isFactorB = name.part == .b || name.part == .embeddingB
      let isOther = if case .other = name.part { true } else { false }
      let isModule = !isOther && isChosen(name.module)
      guard isModule ? isFactorB : isChosen(tensor.name) else { continue }
      switch tensor.elementType {
      case .float16, .bfloat16, .float32, .float64: chosen.insert(index)
      default: continue
      }
    }
    guard !chosen.isEmpty else { return nil }
    return Checkpoint(
      path: path, format: format, files: files, metadata: metadata, remarks: remarks,
      source: ScaledSource(source: source, chosen: chosen, factor: factor))
  }
}

/// A source some of whose tensors are multiplied by a factor.
private struct ScaledSource: TensorSource {
  let source: any TensorSource
  let chosen: Set<Int>
  let factor: Double

  var tensors: [TensorDescription] { source.tensors }

  func location(ofTensorAt index: Int) -> TensorLocation { source.location(ofTensorAt: index) }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    guard chosen.contains(index) else { return try source.withBytes(ofTensorAt: index, body) }
    let bytes = try source.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in bytes.copied() }
    let scaled =
      switch tensors[index].elementType {
      case .float64: Self.scaled(bytes) { (Double(bitPattern: $0) * factor).bitPattern }
      case .float32: Self.scaled(bytes) { (Float(bitPattern: $0) * Float(factor)).bitPattern }
      case .bfloat16:
        Self.scaled(bytes) { (bits: UInt16) in
          UInt16((Float(bitPattern: UInt32(bits) << 16) * Float(factor)).bitPattern >> 16)
        }
      default: Self.scaled(bytes) { HalfFloat.bits(of: HalfFloat.value(of: $0) * Float(factor)) }
      }
    return try unsafe body(scaled.span.bytes)
  }

  func release(tensorAt index: Int) { source.release(tensorAt: index) }

  /// The little-endian words of `bytes`, each changed.
  private static func scaled<Word: FixedWidthInteger>(
    _ bytes: [UInt8], _ change: (Word) -> Word
  ) -> [UInt8] {
    let width = Word.bitWidth / 8
    var result = bytes
    for start in stride(from: 0, through: bytes.count - width, by: width) {
      var word: Word = 0
      for place in 0..<width { word |= Word(truncatingIfNeeded: bytes[start + place]) << (8 * place) }
      word = change(word)
      for place in 0..<width { result[start + place] = UInt8(truncatingIfNeeded: word >> (8 * place)) }
    }
    return result
  }
}

/// IEEE's binary16 by its bits, since `Float16` is not on every platform.
enum HalfFloat {
  /// The value, exactly.
  static func value(of bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = Float(bits & 0x3ff)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
    }
  }

  /// The bits of `value`, rounded towards 0; what is too great is infinite.
  static func bits(of value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    if value.isNaN { return 0x7e00 }
    let size = abs(value)
    if size >= 65536 { return sign | 0x7c00 }
    if size < 0x1p-14 { return sign | UInt16(size * 0x1p24) }
    let exponent = UInt16(15 + Int(size.exponent))
    return sign | exponent << 10 | UInt16(truncatingIfNeeded: size.significandBitPattern >> 13)
  }
}
