internal import Bytes

/// The checked header of a safetensors file: every tensor's bytes are known to lie within the file, one after
/// another without a gap.
///
/// Format: `u64 N`, N bytes of JSON, data. The checks are those of the reference implementation, in its order.
public struct SafetensorsHeader: Equatable, Sendable {
  /// The longest header that the reference accepts, in bytes.
  public static let limit = 100_000_000

  /// The tensors, in the order of their bytes.
  public let tensors: [TensorDescription]
  /// The offset in the file of the first byte of each of `tensors`.
  public let offsets: [Int]
  /// The texts of `__metadata__`, in file order.
  public let metadata: [Checkpoint.MetadataEntry]
  /// The bytes before the first tensor: 8, and the length of the JSON.
  public let byteCount: Int

  /// Reads and checks the header of the whole file `bytes`.
  ///
  /// - Parameter path: the name that errors carry.
  /// - Throws: `CheckpointError` with a `SafetensorsFault` and the offset of the byte at fault.
  /// - Complexity: O(header) and O(n log n) for n tensors; the data is not touched.
  public init(parsing bytes: RawSpan, path: String) throws(CheckpointError) {
    func fail(_ fault: SafetensorsFault, at offset: Int) -> CheckpointError {
      CheckpointError(.safetensors(fault), path: path, offset: offset)
    }
    var reader = ByteReader(bytes)
    guard let length = reader.littleEndian(UInt64.self) else {
      throw fail(.headerTooSmall(byteCount: bytes.byteCount), at: 0)
    }
    guard length <= UInt64(Self.limit) else { throw fail(.headerTooLarge(length), at: 0) }
    let headerByteCount = 8 + Int(length)
    byteCount = headerByteCount
    guard let text = reader.take(Int(length)) else {
      throw fail(.headerBeyondFile(end: headerByteCount, byteCount: bytes.byteCount), at: 0)
    }
    if let offset = Self.firstInvalidUTF8(in: text) { throw fail(.headerNotUTF8, at: 8 + offset) }
    var parser = SafetensorsHeaderParser(text, path: path)
    var (entries, metadata) = try parser.document()
    self.metadata = metadata
    if let twice = Self.firstDuplicate(in: entries) {
      throw fail(.duplicateTensor(twice.name), at: 8 + twice.position)
    }

    entries.sort { ($0.begin, $0.end, $0.position) < ($1.begin, $1.end, $1.position) }
    var shapes = SharedShapes()
    var tensors: [TensorDescription] = []
    var offsets: [Int] = []
    tensors.reserveCapacity(entries.count)
    offsets.reserveCapacity(entries.count)
    var expected: UInt64 = 0
    var tooFar: UInt64?
    for entry in entries {
      guard entry.begin == expected, entry.end >= entry.begin else {
        throw fail(
          .invalidOffset(entry.name, begin: entry.begin, end: entry.end, expectedBegin: expected),
          at: 8 + entry.position)
      }
      expected = entry.end
      let tensor = try entry.description(path: path, &shapes)
      let span = entry.end - entry.begin
      guard span == UInt64(tensor.byteCount) else {
        throw fail(
          .sizeMismatch(entry.name, span: span, needed: UInt64(tensor.byteCount)), at: 8 + entry.position)
      }
      tensors.append(tensor)
      if let begin = Int(exactly: entry.begin), let offset = begin.checkedAdd(headerByteCount) {
        offsets.append(offset)
      } else {
        tooFar = entry.begin
      }
    }
    let end = Int(exactly: expected).flatMap { $0.checkedAdd(headerByteCount) }
    guard tooFar == nil, let end, end == bytes.byteCount else {
      throw fail(.dataLengthMismatch(end: end ?? .max, byteCount: bytes.byteCount), at: bytes.byteCount)
    }
    self.tensors = tensors
    self.offsets = offsets
  }

  /// The offset of the first byte that is not UTF-8.
  private static func firstInvalidUTF8(in text: RawSpan) -> Int? {
    if unsafe text.withUnsafeBytes({ unsafe String(validating: $0, as: UTF8.self) != nil }) { return nil }
    // The slow walk only happens for a broken header.
    return unsafe text.withUnsafeBytes { bytes in
      var offset = 0
      var decoder = UTF8()
      var iterator = unsafe bytes.makeIterator()
      while case .scalarValue(let scalar) = unsafe decoder.decode(&iterator) { offset += UTF8.width(scalar) }
      return offset
    }
  }

  private static func firstDuplicate(
    in entries: [SafetensorsHeaderParser.Entry]
  ) -> SafetensorsHeaderParser.Entry? {
    var seen = Set<String>(minimumCapacity: entries.count)
    return entries.first { !seen.insert($0.name).inserted }
  }
}

extension SafetensorsHeaderParser.Entry {
  /// The checked size of the entry.
  fileprivate func description(
    path: String, _ shapes: inout SharedShapes
  ) throws(CheckpointError) -> TensorDescription {
    func fail(_ fault: SafetensorsFault) -> CheckpointError {
      CheckpointError(.safetensors(fault), path: path, offset: 8 + position)
    }
    var extents: [Int] = []
    extents.reserveCapacity(shape.count)
    for extent in shape {
      guard let extent = Int(exactly: extent) else { throw fail(.sizeOverflow(name)) }
      extents.append(extent)
    }
    do {
      return try TensorDescription(name: name, elementType: elementType, shape: shapes.shared(extents))
    } catch {
      switch error {
      case .partialByte(let bits): throw fail(.partialByte(name, bits: bits))
      case .overflow, .negativeExtent: throw fail(.sizeOverflow(name))
      }
    }
  }
}

/// The shapes of the tensors before, of which a model has few: equal ones take the memory of one.
private struct SharedShapes {
  private var recent: [[Int]] = []
  private var next = 0

  mutating func shared(_ shape: [Int]) -> [Int] {
    if let known = recent.first(where: { $0 == shape }) { return known }
    if recent.count < 8 {
      recent.append(shape)
    } else {
      recent[next] = shape
      next = (next + 1) % recent.count
    }
    return shape
  }
}
