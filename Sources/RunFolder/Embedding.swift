internal import Bytes
internal import FileSystem

/// Vectors that a writer laid down for TensorBoard's projector, as `projector_config.pbtxt` names them.
public struct Embedding: Equatable, Sendable {
  /// The name that the writer gave it: for torch `tag:step`.
  public var name: String
  /// The file of the vectors: a row a line with tabs between its numbers, or 32-bit floats.
  public var path: String
  /// The file of the rows' labels, where there is one.
  public var labelPath: String?
  /// Rows and columns, where the writer tells them.
  public var shape: [Int]

  /// An embedding from its parts.
  public init(name: String, path: String, labelPath: String? = nil, shape: [Int] = []) {
    self.name = name
    self.path = path
    self.labelPath = labelPath
    self.shape = shape
  }

  /// The most bytes of a configuration.
  private static let configurationLimit = 1 << 20
  /// The most embeddings of a folder.
  private static let countLimit = 1000
  /// The name of the configuration.
  static let configurationName = "projector_config.pbtxt"

  /// The embeddings that the configuration in `folder` names, as far as their files lie in it.
  static func found(in folder: String, _ problems: inout [String]) -> [Embedding] {
    let path = Path.join(folder, configurationName)
    guard let status = try? Files.status(of: path), status.kind == .file else { return [] }
    guard status.size <= configurationLimit, let bytes = try? Files.read(path) else {
      problems.append("\(path): cannot be read, or is too large")
      return []
    }
    guard let message = ProtobufText(String(decoding: bytes, as: UTF8.self)) else {
      problems.append("\(path): not a message in text form")
      return []
    }
    var found: [Embedding] = []
    for entry in message.messages("embeddings").prefix(countLimit) {
      // A variable of a checkpoint of TensorFlow's has no file of its own.
      guard let own = entry.scalars("tensor_path").last, !own.isEmpty else { continue }
      guard let file = inside(folder, own) else {
        problems.append("\(path): \(own) lies outside of its folder, and was not read")
        continue
      }
      let labels = entry.scalars("metadata_path").last.flatMap { inside(folder, $0) }
      found.append(
        Embedding(
          name: entry.scalars("tensor_name").last ?? own, path: file, labelPath: labels,
          shape: entry.scalars("tensor_shape").compactMap { Int($0) }))
    }
    return found
  }

  /// The path of what `folder` names `name`; nil for what lies outside of it.
  private static func inside(_ folder: String, _ name: String) -> String? {
    guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else { return nil }
    let path = Path.join(folder, name)
    // A link may lead elsewhere.
    guard let real = try? Files.realPath(of: path), let home = try? Files.realPath(of: folder) else {
      return path
    }
    return real.hasPrefix(home.hasSuffix("/") ? home : home + "/") ? path : nil
  }
}

/// The vectors of an embedding, or some of them.
public struct EmbeddingTable: Equatable, Sendable {
  /// The numbers, row after row.
  public var elements: [Double]
  /// Which rows of the file they are.
  public var rows: [Int]
  /// The number of columns.
  public var columnCount: Int
  /// The number of rows of the file.
  public var rowCount: Int
  /// The names of the labels' columns; one empty name where there is one column, which has none.
  public var labelNames: [String] = []
  /// The labels of each row, a column each; empty where there are none.
  public var labels: [[String]] = []

  /// The most bytes of a file that is read.
  private static let fileLimit = 1 << 28
  /// The most columns of labels.
  private static let labelLimit = 32

  /// Reads at most `elementLimit` numbers of `embedding`, and at most `rowLimit` rows: of more rows those that are evenly
  /// spread. Of vectors longer than `columnLimit` at most that many rows are taken, so that one extent is small.
  ///
  /// - Throws: `EmbeddingError` where the file is no table of numbers.
  public init(
    reading embedding: Embedding, rowLimit: Int, columnLimit: Int, elementLimit: Int
  ) throws(EmbeddingError) {
    let bytes = try Self.bytes(at: embedding.path)
    let isText = !bytes.prefix(4096).contains { $0 < 0x09 || ($0 > 0x0d && $0 < 0x20) || $0 > 0x7e }
    let lines = isText ? Self.lines(bytes) : []
    if isText {
      guard let first = lines.first else { throw EmbeddingError(reason: "no row in it") }
      rowCount = lines.count
      columnCount = bytes[first].count { $0 == UInt8(ascii: "\t") } + 1
    } else {
      let (count, overflow) =
        embedding.shape.count == 2
        ? embedding.shape[0].multipliedReportingOverflow(by: embedding.shape[1]) : (0, true)
      guard !overflow, count > 0, embedding.shape[1] > 0, bytes.count % 4 == 0, bytes.count / 4 == count
      else {
        throw EmbeddingError(reason: "neither text nor as many numbers as its shape says")
      }
      rowCount = embedding.shape[0]
      columnCount = embedding.shape[1]
    }
    let most = min(
      rowLimit, elementLimit / columnCount, columnCount > columnLimit ? columnLimit : rowLimit)
    guard most >= 2 else { throw EmbeddingError(reason: "vectors of \(columnCount) numbers are too long") }
    rows = Self.spread(rowCount, most)
    elements = []
    elements.reserveCapacity(rows.count * columnCount)
    for row in rows {
      if isText {
        try Self.append(bytes[lines[row]], row: row, columnCount, to: &elements)
      } else {
        for column in 0..<columnCount {
          let start = (row * columnCount + column) * 4
          let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
          elements.append(Double(Float(bitPattern: bits)))
        }
      }
    }
    guard elements.allSatisfy(\.isFinite) else { throw EmbeddingError(reason: "NaN or infinities in it") }
    if let path = embedding.labelPath { readLabels(path) }
  }

  private static func bytes(at path: String) throws(EmbeddingError) -> [UInt8] {
    do throws(SystemError) {
      if try Files.status(of: path).size <= fileLimit { return try Files.read(path) }
    } catch {
      throw EmbeddingError(reason: "its file cannot be read (\(error.reason))")
    }
    throw EmbeddingError(reason: "its file has more than \(fileLimit >> 20) MiB")
  }

  /// The places of the lines that hold something.
  private static func lines(_ bytes: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      if index > start { lines.append(start..<index) }
      start = index + 1
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    return lines
  }

  /// At most `limit` of `count` positions, evenly spread.
  private static func spread(_ count: Int, _ limit: Int) -> [Int] {
    guard count > limit else { return Array(0..<count) }
    // The middle of each of `limit` parts; no file that is read has so many rows that this overflows.
    return (0..<limit).map { (2 * $0 + 1) * count / (2 * limit) }
  }

  private static func append(
    _ line: ArraySlice<UInt8>, row: Int, _ count: Int, to elements: inout [Double]
  ) throws(EmbeddingError) {
    let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    guard fields.count == count else {
      throw EmbeddingError(reason: "row \(row + 1) is of \(fields.count) fields, the first of \(count)")
    }
    for field in fields {
      guard let number = Double(String(decoding: field, as: UTF8.self)) else {
        throw EmbeddingError(reason: "row \(row + 1) has something that is no number")
      }
      elements.append(number)
    }
  }

  /// The labels of the rows: of several columns the first line has the names, of one column none, as TensorBoard has it.
  private mutating func readLabels(_ path: String) {
    guard let bytes = try? Self.bytes(at: path) else { return }
    var lines = Self.lines(bytes)
    guard let first = lines.first else { return }
    func fields(_ line: Range<Int>) -> [String] {
      bytes[line].split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        .prefix(Self.labelLimit).map { String(decoding: $0.filter { $0 != 0x0d }, as: UTF8.self) }
    }
    let names = fields(first)
    if names.count > 1 { lines.removeFirst() }
    // Labels of another number of rows are of something else.
    guard lines.count == rowCount else { return }
    labelNames = names.count > 1 ? names : [""]
    labels = rows.map { row in
      let own = fields(lines[row])
      return labelNames.indices.map { $0 < own.count ? own[$0] : "" }
    }
  }
}

/// Why an embedding cannot be shown.
public struct EmbeddingError: Error, Equatable, Sendable {
  /// What is wrong with its file, in words.
  public var reason: String
}
