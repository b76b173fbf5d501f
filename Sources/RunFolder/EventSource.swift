internal import EventFile
internal import FileSystem
internal import Process
internal import Synchronization

/// An event file that was found.
struct FoundFile {
  /// The path, as it can be opened.
  var path: String
  /// The path from where the search began.
  var relative: String
  /// The size in bytes when it was found.
  var size: Int
  /// What it says, once it was read.
  var contents: EventFileContents?
  /// What was trained in it, once it was read.
  var parts: [TrainedPart] = []
}

/// A folder of event files, or a single file.
struct EventSource {
  /// The path, as it can be opened.
  var path: String
  /// The path from where the search began; empty for that itself.
  var relative: String
  /// The files.
  var files: [FoundFile]

  /// The first wall time of its files.
  var startTime: Double? { files.compactMap { $0.contents?.firstWallTime }.min() }
}

extension EventSource {
  /// The event files in `folder`, not yet read.
  init(_ folder: ScannedFolder) {
    self.init(
      path: folder.path, relative: folder.relative,
      files: folder.eventFiles.map { name in
        let file = Path.join(folder.path, name)
        return FoundFile(
          path: file, relative: Path.join(folder.relative, name),
          size: (try? Files.status(of: file))?.size ?? 0)
      })
  }

  /// When the first of its files was begun, in seconds since 1970, by the names that TensorBoard's writers give them:
  /// `events.out.tfevents.1704678206.host…`; nil where none tells.
  var stamp: Int? {
    files.compactMap { file in
      let parts = Path.name(of: file.path).split(separator: ".")
      guard let place = parts.firstIndex(of: "tfevents"), place + 1 < parts.count else { return nil }
      return Int(parts[place + 1])
    }.min()
  }

  /// Whether any of its files has a point.
  var hasPoints: Bool { files.contains { $0.contents?.series.contains { !$0.isEmpty } ?? false } }

  /// Reads all files of `sources`, on every processor where there is enough to do.
  ///
  /// - Parameters:
  ///   - acceptsPipe: whether a named pipe is read too; it is waited for.
  ///   - longestRecord: the most bytes of a record that are taken into memory.
  ///   - followed: the files as they were read before, of which only what was appended is read.
  /// - Returns: why files could not be opened, which are dropped.
  static func read(
    _ sources: inout [EventSource], acceptsPipe: Bool = false,
    longestRecord: Int = EventFileContents.usualLongestRecord, following followed: FollowedEventFiles? = nil,
    progress: (@Sendable (OpenedFolder.Progress) -> Void)?
  ) -> [SystemError] {
    let paths = sources.flatMap { $0.files.map(\.path) }
    let byteCount = sources.flatMap(\.files).reduce(0) { $0 + $1.size }
    let counter = ReadCounter(byteCount: byteCount, progress)
    // Threads are not worth their start for a few small files.
    var results = concurrentMap(count: paths.count, threads: byteCount < 1 << 20 ? 1 : nil) { index in
      Result { () throws(SystemError) in
        if let followed {
          return try followed.contents(of: paths[index], longestRecord: longestRecord)
        }
        return try EventFileContents(
          reading: paths[index], acceptsPipe: acceptsPipe, longestRecord: longestRecord,
          progress: counter.map { $0.add })
      }
    }
    followed?.keep(paths)
    var problems: [SystemError] = []
    var index = 0
    for source in sources.indices {
      for file in sources[source].files.indices {
        switch results[index] {
        case .success(let contents):
          sources[source].files[file].parts = TrainedPart.parts(of: contents)
          sources[source].files[file].contents = contents
        case .failure(let error): problems.append(error)
        }
        // The columns have one owner only, so that a merge can use them up.
        results[index] = .success(EventFileContents(path: ""))
        index += 1
      }
      sources[source].files.removeAll { $0.contents == nil }
    }
    return problems
  }
}

/// The bytes read by all threads.
private final class ReadCounter: Sendable {
  private let bytesRead = Atomic<Int>(0)
  private let byteCount: Int
  private let progress: @Sendable (OpenedFolder.Progress) -> Void

  /// Nil where nobody wants to know.
  init?(byteCount: Int, _ progress: (@Sendable (OpenedFolder.Progress) -> Void)?) {
    guard let progress else { return nil }
    self.byteCount = byteCount
    self.progress = progress
  }

  func add(_ count: Int) {
    let sum = bytesRead.wrappingAdd(count, ordering: .relaxed).newValue
    progress(OpenedFolder.Progress(bytesRead: sum, byteCount: byteCount))
  }
}
