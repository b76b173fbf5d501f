/// Lays out an Arrow IPC stream: the schema, the dictionaries, batches of rows, the end.
///
/// The format is "IPC Streaming Format" of Arrow's columnar specification, version 5 of its metadata, without
/// compression. Each function gives the bytes of one message, to be written one behind the other.
public struct ArrowStream: Sendable {
  /// The columns.
  public let fields: [ArrowField]

  /// A stream with these columns.
  public init(_ fields: [ArrowField]) { self.fields = fields }

  /// The end of a stream.
  public static let end: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]

  /// The message that a stream begins with.
  public var schema: [UInt8] {
    var bytes: [UInt8] = []
    let schema = FlatTable(.int16(0), .tables(fields.map(\.table)))
    Self.append(.schema, schema, bodyLength: 0, to: &bytes)
    return bytes
  }

  /// The values of the dictionary `id`, which has to come before the batches that use it.
  public static func dictionary(_ id: Int64, _ values: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(.dictionary(id), [.utf8(values)], count: values.count, to: &bytes)
    return bytes
  }

  /// Appends a batch of rows to `bytes`.
  ///
  /// - Precondition: there is a column for each field, and all are of equal length.
  public func append(_ columns: [ArrowColumn], to bytes: inout [UInt8]) {
    precondition(columns.count == fields.count, "a column for each field")
    let count = columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == count }, "columns of equal length")
    Self.append(.batch, columns, count: count, to: &bytes)
  }

  private enum Kind {
    case schema, dictionary(Int64), batch

    var header: UInt8 {
      switch self {
      case .schema: 1
      case .dictionary: 2
      case .batch: 3
      }
    }
  }

  private static func append(_ kind: Kind, _ columns: [ArrowColumn], count: Int, to bytes: inout [UInt8]) {
    // The metadata names the places of the buffers and comes first; its length does not depend on them.
    func metadata(_ buffers: [(Int64, Int64)], _ bodyLength: Int, to bytes: inout [UInt8]) {
      let nodes = columns.map { (Int64($0.count), Int64($0.missingCount)) }
      let batch = FlatTable(.int64(Int64(count)), .pairs(nodes), .pairs(buffers))
      if case .dictionary(let id) = kind {
        append(kind, FlatTable(.int64(id), .table(batch)), bodyLength: bodyLength, to: &bytes)
      } else {
        append(kind, batch, bodyLength: bodyLength, to: &bytes)
      }
    }
    let bufferCount = columns.reduce(0) { if case .utf8 = $1 { $0 + 3 } else { $0 + 2 } }
    let start = bytes.count
    metadata(Array(repeating: (0, 0), count: bufferCount), 0, to: &bytes)
    let bodyStart = bytes.count
    let buffers = columns.flatMap { $0.write(to: &bytes, bodyStart: bodyStart) }
    var header: [UInt8] = []
    metadata(buffers, bytes.count - bodyStart, to: &header)
    bytes.replaceSubrange(start..<bodyStart, with: header)
  }

  private static func append(
    _ kind: Kind, _ header: FlatTable, bodyLength: Int, to bytes: inout [UInt8]
  ) {
    let message = FlatTable(.int16(4), .uint8(kind.header), .table(header), .int64(Int64(bodyLength)))
    let metadata = FlatBufferWriter.bytes(of: message)
    bytes.append(contentsOf: [0xff, 0xff, 0xff, 0xff])
    bytes.append(littleEndian: Int32(metadata.count))
    bytes.append(contentsOf: metadata)
  }
}
