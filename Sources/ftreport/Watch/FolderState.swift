import FileSystem

/// What is in a folder and below it, as far as it shows that something was written: names, sizes and times.
struct FolderState: Equatable {
  private var files: [String: FileStatus] = [:]

  /// The files that are looked at, and the folders below folders: a run has fewer, a disk more.
  private static let limit = 20_000, depth = 8

  /// What is at `path` now, all of which `watch` watches from before it is looked at.
  init(of path: String, _ watch: inout ChangeWatch) { add(path, depth: 0, &watch) }

  /// Whether there is nothing yet.
  var isEmpty: Bool { files.isEmpty }

  private mutating func add(_ path: String, depth: Int, _ watch: inout ChangeWatch) {
    guard files.count < Self.limit, let kind = Files.kind(of: path) else { return }
    if kind == .directory || depth == 0 || !ChangeWatch.reachesIntoFolders { watch.add(path) }
    guard let status = try? Files.status(of: path) else { return }
    guard status.kind == .directory else {
      files[path] = status
      return
    }
    guard depth < Self.depth, let entries = try? Files.entries(in: path) else { return }
    // A link may lead back up.
    for entry in entries where !(entry.isLink && entry.kind == .directory && depth > 0) {
      add(Path.join(path, entry.name), depth: depth + 1, &watch)
    }
  }
}
