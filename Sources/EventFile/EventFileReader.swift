public import FileSystem

/// Reads an event file, also one that is still growing: every call takes what was written since the last one.
public struct EventFileReader: ~Copyable {
  private var source: FileSource
  private var collector: EventCollector
  private var records: RecordReader
  private let longestRecord: Int
  private var head: [UInt8] = []
  private var isRecognized = false
  private var pause = RecordReader.Pause.atEnd

  /// Opens the event file at `path`.
  ///
  /// - Parameters:
  ///   - acceptsPipe: whether a named pipe is read too; it is waited for.
  ///   - longestRecord: the most bytes of a record that are taken into memory; a longer one is passed over, as a fault.
  ///   - progress: is told the number of bytes after each piece that was read.
  /// - Throws: `SystemError` if the file cannot be opened, or is a folder or a device.
  public init(
    path: String, acceptsPipe: Bool = false, longestRecord: Int = EventFileContents.usualLongestRecord,
    progress: (@Sendable (Int) -> Void)? = nil
  ) throws(SystemError) {
    try self.init(
      path: path, acceptsPipe: acceptsPipe, longestRecord: longestRecord, progress: progress,
      keepsPoints: true,
      visit: nil)
  }

  init(
    path: String, acceptsPipe: Bool, longestRecord: Int, progress: (@Sendable (Int) -> Void)? = nil,
    keepsPoints: Bool, visit: ((EventPoint) -> Void)?
  ) throws(SystemError) {
    records = RecordReader(longestKept: longestRecord)
    self.longestRecord = longestRecord
    source = FileSource(try FileDescriptor(reading: path, acceptsPipe: acceptsPipe), progress: progress)
    collector = EventCollector(path: path, keepsPoints: keepsPoints, visit: visit)
  }

  /// Reads every whole record that is there now.
  ///
  /// - Returns: the number of records that came.
  @discardableResult
  public mutating func readAvailable() -> Int {
    if case .stopped = pause { return 0 }
    let before = collector.contents.recordCount
    if let status = try? source.status(), status.kind == .file { collector.expectedByteCount = status.size }
    do throws(SourceError) {
      guard try recognize() else { return 0 }
      if source.isCompressed { collector.expectedByteCount = 0 }
      pause = records.read(&source, into: &collector)
    } catch {
      pause = .stopped(offset: records.byteCount, error.kind)
    }
    if case .stopped(let offset, let kind) = pause { collector.add(named(kind, at: offset), at: offset) }
    return collector.contents.recordCount - before
  }

  /// Closes the file until `reopen()`: of thousands of files that are followed, only one is open at a time for each
  /// thread, and none keeps more memory than it needs.
  public mutating func close() {
    source.close()
    records.shrink()
  }

  /// Opens the file again after `close()`.
  ///
  /// - Returns: false where it is not the file that was read any more, which then has to be read from its start: another
  ///   one of its name, a shorter one, one with other bytes, or one that could not be read on and was written to.
  /// - Throws: `SystemError` if the file cannot be opened.
  public mutating func reopen() throws(SystemError) -> Bool {
    if case .stopped = pause { return false }
    return try source.reopen(FileDescriptor(reading: collector.contents.path), head: head)
  }

  /// What was read so far.
  ///
  /// - Complexity: O(number of tags). A later `readAvailable()` copies the columns that this value shares.
  public var contents: EventFileContents {
    var byteCount = records.byteCount
    if !isRecognized { byteCount = head.count }
    switch pause {
    case .atEnd where !isRecognized && head.isEmpty:
      var contents = collector.contents(byteCount: 0, .complete)
      contents.faults.append(ReadFault(path: contents.path, offset: 0, kind: .empty))
      return contents
    case .atEnd where !isRecognized:
      let kind = FileSignature.fault(head[...])
      guard let kind else {
        return collector.contents(
          byteCount: byteCount, .incomplete(offset: 0, missing: RecordReader.framing - head.count))
      }
      var contents = collector.contents(byteCount: byteCount, .unreadable(offset: 0))
      contents.faults.append(ReadFault(path: contents.path, offset: 0, kind: kind))
      return contents
    case .atEnd where source.isWithinStream:
      return collector.contents(byteCount: byteCount, .incomplete(offset: byteCount, missing: 1))
    case .atEnd: return collector.contents(byteCount: byteCount, .complete)
    case .starved(let offset, let missing):
      return collector.contents(byteCount: byteCount, .incomplete(offset: offset, missing: missing))
    case .stopped(let offset, _): return collector.contents(byteCount: byteCount, .unreadable(offset: offset))
    }
  }

  /// Reads until the first bytes tell whether the file is compressed; false where there are too few of them yet.
  private mutating func recognize() throws(SourceError) -> Bool {
    if isRecognized { return true }
    var buffer = [UInt8](repeating: 0, count: RecordReader.defaultPieceSize)
    var count = head.count
    buffer.replaceSubrange(0..<count, with: head)
    while count < 12 {
      let read = try source.read(into: &buffer, at: count..<buffer.count)
      if read == 0 { break }
      count += read
    }
    head = Array(buffer[..<min(count, FileSignature.length)])
    guard count >= 12 else { return false }
    isRecognized = true
    if FileSignature.isCompressed(head[...]) {
      try source.inflate(buffer, count)
    } else {
      records = RecordReader(head: buffer, count: count, longestKept: longestRecord)
    }
    return true
  }

  /// A fault at the start of the file, named by what the file is instead of an event file.
  private func named(_ kind: ReadFault.Kind, at offset: Int) -> ReadFault.Kind {
    guard offset == 0, !source.isCompressed, case .lengthChecksum = kind else { return kind }
    return FileSignature.fault(head[...]) ?? kind
  }
}

/// A point as it stands in an event file.
public struct EventPoint: Equatable, Sendable {
  /// The index of the tag among the scalar tags of the file, in order of first appearance.
  public var series: Int
  /// The tag.
  public var tag: String
  /// The global step.
  public var step: Int64
  /// Seconds since 1970.
  public var wallTime: Double
  /// The value.
  public var value: Double
  /// The offset of its record in the (decompressed) file.
  public var offset: Int
}

extension EventFileContents {
  /// The most bytes of a record that are taken into memory where nobody asks for more, 64 MiB: of all that trainers write,
  /// only a recorded graph or profile comes near.
  public static let usualLongestRecord = 1 << 26

  /// Reads the event file at `path`.
  ///
  /// Every readable record is used: what cannot be read is told in `faults`, and how the file ends in `ending`.
  ///
  /// - Parameters:
  ///   - acceptsPipe: whether a named pipe is read too; it is waited for.
  ///   - longestRecord: the most bytes of a record that are taken into memory; a longer one is passed over, as a fault.
  ///   - keepsPoints: false to leave the series without points, where only the state of the file is asked for.
  ///   - progress: is told the number of bytes after each piece that was read.
  /// - Throws: `SystemError` if the file cannot be opened, or is a folder or a device.
  /// - Complexity: O(size of the file) in time; memory holds the points and texts, and one piece of the file or its
  ///   longest record, of which at most `longestRecord` bytes.
  public init(
    reading path: String, acceptsPipe: Bool = false, longestRecord: Int = usualLongestRecord,
    keepsPoints: Bool = true, progress: (@Sendable (Int) -> Void)? = nil
  ) throws(SystemError) {
    var reader = try EventFileReader(
      path: path, acceptsPipe: acceptsPipe, longestRecord: longestRecord, progress: progress,
      keepsPoints: keepsPoints, visit: nil)
    reader.readAvailable()
    self = reader.contents
  }

  /// Reads the event file at `path` and gives its points to `visit`, in the order in which they stand in the file.
  ///
  /// - Parameters:
  ///   - acceptsPipe: whether a named pipe is read too; it is waited for.
  ///   - longestRecord: the most bytes of a record that are taken into memory; a longer one is passed over, as a fault.
  /// - Returns: what else the file says; its series have tags, but no points.
  /// - Throws: `SystemError` if the file cannot be opened, or is a folder or a device.
  @discardableResult
  public static func visitPoints(
    of path: String, acceptsPipe: Bool = false, longestRecord: Int = usualLongestRecord,
    _ visit: @escaping (EventPoint) -> Void
  ) throws(SystemError) -> EventFileContents {
    var reader = try EventFileReader(
      path: path, acceptsPipe: acceptsPipe, longestRecord: longestRecord, keepsPoints: false, visit: visit)
    reader.readAvailable()
    return reader.contents
  }
}
