internal import Checkpoint
internal import FileSystem

/// What a folder and the folders below it hold, by the names of their files: the one walk, which reports, exports,
/// comparisons and verifications go. Nothing is opened.
///
/// - Every folder is visited once. Links are followed, after all real folders, so that a folder goes by its own path.
/// - Hidden folders are left out, and listed in `hidden`; one that is named itself is looked through.
/// - Only regular files count: a pipe, socket or device under a name of the catalogue is a problem.
/// - Complexity: O(names).
struct FolderScan {
  /// The folders with anything of interest, each before those below it, siblings by name.
  private(set) var folders: [ScannedFolder] = []
  /// Folders that could not be listed, files that are none, and places where the search was given up.
  private(set) var unread: [Unread] = []
  /// The same in words.
  var problems: [String] { unread.map(\.text) }
  /// The hidden folders, which were not looked into.
  private(set) var hidden: [String] = []

  private static let folderLimit = 1_000_000

  private var seen: Set<FileIdentity> = []

  /// A folder that is still to be looked into.
  private struct Pending {
    var path: String
    var relative: String
    var isInSave: Bool
  }

  private var pending: [Pending]
  /// Links to folders, in the order in which they were found.
  private var links: [Pending] = []

  private let keepsOthers: Bool

  /// Looks through the folder at `path`.
  ///
  /// - Parameter keepsOthers: whether files that the catalogue does not know are listed too.
  init(path: String, keepsOthers: Bool = false) {
    self.keepsOthers = keepsOthers
    pending = [Pending(path: path, relative: "", isInSave: false)]
    var linkCount = 0
    while true {
      // One link after the other, each with all below it.
      if pending.isEmpty, linkCount < links.count {
        pending = [links[linkCount]]
        linkCount += 1
      }
      guard let next = pending.popLast() else { break }
      guard seen.count < Self.folderLimit else {
        unread.append(Unread(next.path, "not looked into, there are more than \(Self.folderLimit) folders"))
        break
      }
      visit(next)
    }
  }

  private mutating func visit(_ place: Pending) {
    let entries: [FolderEntry]
    do throws(SystemError) {
      guard seen.insert(try Files.status(of: place.path).identity).inserted else { return }
      entries = try Files.entries(in: place.path)
    } catch {
      unread.append(Unread(error))
      return
    }
    var folder = ScannedFolder(path: place.path, relative: place.relative, isInSave: place.isInSave)
    var below: [Pending] = []
    for entry in entries {
      let path = Path.join(place.path, entry.name)
      guard entry.kind == .directory else {
        if entry.kind == .file, TrackerFile.Kind(named: entry.name) != nil {
          folder.trackerFiles.append(entry.name)
        }
        guard let kind = FileKind(named: entry.name) else {
          if keepsOthers, entry.kind == .file { folder.others.append(entry.name) }
          continue
        }
        switch entry.kind {
        case .file: folder.add(entry.name, kind)
        case nil: unread.append(Unread(path, "a link that leads nowhere"))
        default: unread.append(Unread(path, "a pipe, socket or device, not a file: not opened"))
        }
        continue
      }
      if FileKind.isHidden(entry.name) {
        hidden.append(path)
        continue
      }
      let step = CheckpointName.step(of: entry.name)
      if let step, !place.isInSave { folder.checkpoints.append(CheckpointFolder(step: step, path: path)) }
      let unfinished = CheckpointName.unfinishedStep(of: entry.name)
      if let unfinished, !place.isInSave {
        folder.unfinishedSaves.append(CheckpointFolder(step: unfinished, path: path))
      }
      let next = Pending(
        path: path, relative: Path.join(place.relative, entry.name),
        isInSave: place.isInSave || step != nil || unfinished != nil)
      if entry.isLink { links.append(next) } else { below.append(next) }
    }
    folder.checkpoints.sort { ($0.step, $0.path) < ($1.step, $1.path) }
    if !folder.isEmpty { folders.append(folder) }
    pending += below.reversed()
  }
}

/// The files of interest in one folder.
struct ScannedFolder {
  /// The path, as it can be opened.
  var path: String
  /// The path from the folder where the search began; empty for that one itself.
  var relative: String
  /// Whether it is a save (`checkpoint-500`), or in one: what stands there is the save's, and no run.
  var isInSave = false
  /// The names of the event files, in order.
  var eventFiles: [String] = []
  /// The names of the trainer's files.
  var files: Set<String> = []
  /// The names of the files of other trackers, as far as names tell.
  var trackerFiles: [String] = []
  /// The names of the files of checkpoints, in order.
  var checkpointFiles: [(name: String, kind: CheckpointFileName.Kind?)] = []
  /// The names of all other files, where they were asked for.
  var others: [String] = []
  /// The folders of saves that were never finished (`tmp-checkpoint-500`).
  var unfinishedSaves: [CheckpointFolder] = []
  /// The checkpoints, by step.
  var checkpoints: [CheckpointFolder] = []

  init(path: String, relative: String, isInSave: Bool = false) {
    self.path = path
    self.relative = relative
    self.isInSave = isInSave
  }

  /// Takes the file `name` in.
  mutating func add(_ name: String, _ kind: FileKind) {
    switch kind {
    case .events: eventFiles.append(name)
    case .trainer: files.insert(name)
    case .checkpoint(let kind): checkpointFiles.append((name, kind))
    }
  }

  var isEmpty: Bool {
    eventFiles.isEmpty && files.isEmpty && trackerFiles.isEmpty && checkpointFiles.isEmpty
      && checkpoints.isEmpty && others.isEmpty
  }

  /// Whether a trainer wrote its output here, to which the event files below belong.
  var isOutput: Bool {
    guard !isInSave else { return false }
    return !files.isDisjoint(with: FileKind.progress) || files.contains("all_results.json")
      || checkpoints.contains { CheckpointName.isTrainers(Path.name(of: $0.path)) }
  }

  func path(of name: String) -> String { Path.join(path, name) }

  /// The path of the trainer's file `name`, where it is there.
  func path(ofKnown name: String) -> String? { files.contains(name) ? path(of: name) : nil }
}
