internal import Bytes
public import Checkpoint
internal import FileSystem

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
      source: ScaledSource(original: self, chosen: chosen, factor: factor))
  }
}

/// A source some of whose tensors are multiplied by a factor.
private struct ScaledSource: TensorSource {
  let original: Checkpoint
  let chosen: Set<Int>
  let factor: Double

  var tensors: [TensorDescription] { original.tensors }

  func location(ofTensorAt index: Int) -> TensorLocation { original.location(ofTensorAt: index) }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    guard chosen.contains(index) else { return try original.withBytes(ofTensorAt: index, body) }
    let bytes = try original.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in bytes.copied() }
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

  func checkUnchanged() throws(CheckpointError) { try original.checkUnchanged() }

  func release(tensorAt index: Int) { original.release(tensorAt: index) }

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
