internal import Bytes
public import FileSystem
internal import Synchronization

/// Event files that are read again and again while they grow: each time only what was appended.
///
/// What was read of a file, and where in it reading stands, is kept from one reading to the next. A file that became
/// shorter, that another one took the place of, or that holds other bytes than before is read from its start.
public final class FollowedEventFiles: Sendable {
  private let known = Mutex<[ExactText: Followed]>([:])
  private let readByteCount = Atomic<Int>(0)

  /// No files yet.
  public init() {}

  /// The bytes that were read so far, of all files together.
  public var byteCount: Int { readByteCount.load(ordering: .relaxed) }

  /// What the event file at `path` says now.
  ///
  /// - Parameter longestRecord: the most bytes of a record that are taken into memory; a longer one is passed over, as a
  ///   fault.
  /// - Throws: `SystemError` if the file cannot be opened, or is a folder, a pipe or a device.
  /// - Complexity: O(what was appended since the last time).
  public func contents(
    of path: String, longestRecord: Int = EventFileContents.usualLongestRecord
  ) throws(SystemError) -> EventFileContents {
    let name = ExactText(path)
    let file = known.withLock { known in
      let file = known[name] ?? Followed()
      known[name] = file
      return file
    }
    return try file.contents(of: path, longestRecord: longestRecord) { [self] count in
      readByteCount.wrappingAdd(count, ordering: .relaxed)
    }
  }

  /// Forgets all files but those at `paths`.
  public func keep(_ paths: [String]) {
    let names = Set(paths.map { ExactText($0) })
    known.withLock { known in known = known.filter { names.contains($0.key) } }
  }
}

/// One file, and where its reading stands.
private final class Followed: Sendable {
  private struct State: ~Copyable {
    var reader: EventFileReader?
    /// What the file was when it was read last.
    var status: FileStatus?
  }

  private let state = Mutex(State())

  func contents(
    of path: String, longestRecord: Int, progress: @escaping @Sendable (Int) -> Void
  ) throws(SystemError) -> EventFileContents {
    try state.withLock { (state) throws(SystemError) in
      // Before it is read: what is appended meanwhile is read now or the next time, or both times looked for.
      let status = try Files.status(of: path)
      let isUnchanged = state.status == status
      if !isUnchanged, try state.reader?.reopen() != true {
        state.reader = try EventFileReader(path: path, longestRecord: longestRecord, progress: progress)
      }
      if !isUnchanged {
        state.status = status
        state.reader?.readAvailable()
        state.reader?.close()
      }
      return state.reader?.contents ?? EventFileContents(path: path)
    }
  }
}
