internal import Bytes
internal import FileSystem

/// One safetensors file, mapped: its tensors are handed out in place.
struct SafetensorsFile: TensorSource {
  /// The path.
  let path: String
  /// The checked header.
  let header: SafetensorsHeader
  private let file: MappedFile

  /// Maps the file at `path` and checks its header.
  ///
  /// - Throws: `CheckpointError` for a file that cannot be mapped, is a Git LFS pointer, or breaks the format.
  /// - Complexity: O(header).
  init(path: String) throws(CheckpointError) {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw CheckpointError(error) }
    try GitLFSPointer.refuse(file.bytes, path: path)
    header = try SafetensorsHeader(parsing: file.bytes, path: path)
    // Of many tensors the header alone is as long as what is kept of it, and it is not read again.
    file.release(0..<header.byteCount)
    self.path = path
    self.file = file
  }

  /// The size of the file in bytes.
  var byteCount: Int { file.count }

  var tensors: [TensorDescription] { header.tensors }

  func location(ofTensorAt index: Int) -> TensorLocation {
    TensorLocation(file: path, offset: header.offsets[index])
  }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    try body(file.bytes.extracting(range(of: index)))
  }

  func checkUnchanged() throws(CheckpointError) { try CollectionOfOne(file).checkUnchanged() }

  func release(tensorAt index: Int) { file.release(range(of: index)) }

  func release(tensorAt index: Int, bytes: Range<Int>) {
    let offset = header.offsets[index]
    file.release(offset + bytes.lowerBound..<offset + bytes.upperBound)
  }

  private func range(of index: Int) -> Range<Int> {
    let offset = header.offsets[index]
    return offset..<offset + header.tensors[index].byteCount
  }

  /// Whether `bytes` begin as a safetensors file does: a header length that fits the file, and an open brace.
  static func recognises(_ bytes: RawSpan) -> Bool {
    var reader = ByteReader(bytes)
    guard let length = reader.littleEndian(UInt64.self) else { return false }
    return length <= UInt64(SafetensorsHeader.limit) && Int(length) <= reader.remaining
      && reader.peek() == UInt8(ascii: "{")
  }
}
