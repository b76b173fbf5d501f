internal import FileSystem
internal import JSON

extension Checkpoint {
  /// The weights that stand as codes and scales, by the names that tell so, in the order of the codes.
  ///
  /// What the tensors leave open (the rows of a block, the format of zero points) is looked up in the `config.json`
  /// beside the checkpoint.
  ///
  /// - Complexity: O(tensors).
  public func quantizedTensors() -> [QuantizedTensor] {
    QuantizedTensorSearch(checkpoint: self, configuration: quantizationConfiguration).found()
  }

  private var quantizationConfiguration: JSONValue? {
    let folder = Path.parent(of: files.first?.path ?? path)
    let file = Path.join(folder.isEmpty ? "." : folder, "config.json")
    guard Files.kind(of: file) == .file, let json = try? JSONFile.read(file) else { return nil }
    return json["quantization_config"]
  }
}

extension RawSpan {
  /// The byte at `offset`.
  package func byte(at offset: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  /// The little-endian word of `width` bytes at `offset`.
  package func word(at offset: Int, width: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in 0..<width { word |= UInt64(byte(at: offset + place)) << UInt64(8 * place) }
    return word
  }
}
