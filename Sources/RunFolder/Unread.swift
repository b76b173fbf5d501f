internal import Checkpoint
internal import FileSystem

/// Something that stands in a folder and was not read.
struct Unread: Equatable, Sendable {
  /// Its path.
  var path: String
  /// What it is, and why it was not read: `path: why`.
  var text: String
  /// Whether the system refused it: else it is of a kind that is not opened.
  var isRefused: Bool

  /// Something that is not opened.
  init(_ path: String, _ reason: String) {
    self.path = path
    text = "\(path): \(reason)"
    isRefused = false
  }

  /// Something that the system refused.
  init(_ error: SystemError) {
    path = error.path
    text = error.description
    isRefused = error.isRefusal
  }

  /// A file of another tracker.
  init(_ error: TrackerError) {
    path = error.path
    text = error.description
    isRefused = error.isRefused
  }
}

extension TrainingRun {
  /// Takes note of something of the run that was not read.
  mutating func note(_ unread: Unread) {
    problems.append(unread.text)
    if unread.isRefused { refused.append(unread.path) }
  }

  /// Takes note of a file of a checkpoint that was not read.
  mutating func note(_ error: CheckpointError) {
    problems.append(error.description)
    if case .system(let error) = error.fault, error.isRefusal { refused.append(error.path) }
  }

  /// The bytes of the file at `path`; nil where it cannot be read, of which note is taken.
  mutating func bytes(of path: String) -> [UInt8]? {
    do throws(SystemError) {
      return try Files.read(path)
    } catch {
      note(Unread(error))
      return nil
    }
  }
}

extension [TrainingRun] {
  /// Gives what was not read in the folders of the runs to them, the innermost; returns what is of none.
  mutating func take(_ unread: [Unread]) -> [Unread] {
    unread.filter { unread in
      guard let index = index(around: unread.path) else { return true }
      self[index].note(unread)
      return false
    }
  }

  /// The run whose folder `path` is in; the only run, whatever was looked through for it.
  private func index(around path: String) -> Int? {
    if count == 1 { return 0 }
    var found: (index: Int, length: Int)?
    for index in indices {
      let place = (self[index].outputPath ?? self[index].path).utf8
      guard path.utf8.starts(with: place),
        path.utf8.count == place.count || path.utf8.dropFirst(place.count).first == UInt8(ascii: "/"),
        found.map({ $0.length < place.count }) ?? true
      else { continue }
      found = (index, place.count)
    }
    return found?.index
  }
}
