internal import Checkpoint
internal import FileSystem

/// The files that a path leads to and that can be examined one by one: event files, and files of checkpoints.
public struct VerifiableFiles: Equatable, Sendable {
  /// The paths of the event files, by folder and name.
  public private(set) var events: [String] = []
  /// The paths of the files of checkpoints, and of other pickles, by folder and name.
  public private(set) var checkpoints: [String] = []
  /// The folders that were searched and hold files of checkpoints, or an index of such files: what has to be there
  /// together is told of each.
  public private(set) var checkpointFolders: [String] = []
  /// What could not be looked into, or that there is nothing, in words.
  public private(set) var problems: [String] = []
  /// Hidden folders, which were not looked into.
  public private(set) var hidden: [String] = []

  /// The file at `path`, or those in the folder at `path` and below it.
  ///
  /// A file is examined as what its name says; where the name leaves that open, or says nothing, as what its bytes are
  /// (`CheckpointVerification.applies`), so that a folder is searched for whatever a file of it would be condemned for.
  public init(at path: String) {
    do throws(SystemError) {
      switch try Files.status(of: path).kind {
      case .directory: search(path)
      case .file: add(path)
      // A pipe that is named by itself is waited for and read.
      case .pipe: events = [path]
      case .other: problems = ["\(path): a pipe, socket or device, not a file: not opened"]
      }
    } catch {
      problems = [error.isMissing ? "\(path): no such file or folder" : error.description]
    }
  }

  private mutating func search(_ path: String) {
    let scan = FolderScan(path: path, keepsOthers: true)
    problems = scan.problems
    hidden = scan.hidden
    for folder in scan.folders {
      events += folder.eventFiles.map(folder.path(of:))
      let files = folder.checkpointFiles + (folder.others + folder.files).map { ($0, nil) }
      for (name, kind) in files.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
        let place = folder.path(of: name)
        if CheckpointVerification.applies(to: place, named: kind) { checkpoints.append(place) }
      }
      if files.contains(where: { $0.1 != nil || CheckpointFileName.isShardIndex($0.0) }) {
        checkpointFolders.append(folder.path)
      }
    }
    if events.isEmpty, checkpoints.isEmpty, problems.isEmpty {
      problems = [
        "\(path): no event file here or below (their names contain \"tfevents\"), and no file of a checkpoint"
      ]
    }
  }

  private mutating func add(_ path: String) {
    let kind = FileKind(named: Path.name(of: path))
    let name: CheckpointFileName.Kind? = if case .checkpoint(let kind) = kind { kind } else { nil }
    if kind != .events, CheckpointVerification.applies(to: path, named: name) {
      checkpoints = [path]
    } else if name == nil {
      // Who names a file by itself may know better than its name.
      events = [path]
    } else {
      problems = ["\(path): neither an event file nor a file of a checkpoint, by its first bytes"]
    }
  }
}
