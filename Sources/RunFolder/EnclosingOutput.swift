internal import Checkpoint
internal import EventFile
internal import FileSystem

/// The trainer's output folder that a folder of event files lies in: `out` for `out/runs/Jan08_02-43-26_ubun`.
///
/// HF Trainer logs into `<output_dir>/runs/<date>_<host>` where it is told nothing else. So the folders above are
/// looked at where the run folder, or the folder it is in, has a name that is given to logs, and nowhere else; and the
/// one above that counts only where a trainer's own files stand in it.
struct EnclosingOutput {
  /// The output folder.
  let folder: ScannedFolder
  /// The folders of the last run in it, to which its checkpoints and the trainer's files belong.
  private let owners: [(path: String, identity: FileIdentity)]

  /// Names that are given to folders of logs.
  private static let logFolders: Set<String> = [
    "runs", "logs", "log", "logging", "tensorboard", "tensorboard_logs", "tb", "tb_logs",
  ]

  /// Files that a trainer leaves in its output folder and hardly anything else in any other.
  private static let marks = FileKind.progress.union([
    "all_results.json", "train_results.json", "training_args.bin", "training_args.yaml",
    "adapter_config.json",
  ])

  /// Looks for the output folder around the folder at `path`, whose own event files are `sources`, already read. The
  /// event files beside them are read to tell whose the trainer's files are.
  init?(around path: String, sources: [EventSource]) {
    guard !sources.isEmpty, let place = Self.place(around: path) else { return nil }
    let scan = FolderScan(path: place)
    guard let folder = scan.folders.first(where: \.relative.isEmpty) else { return nil }
    let own = Dictionary(
      sources.compactMap { source in Self.identity(of: source.path).map { ($0, source) } },
      uniquingKeysWith: { first, _ in first })
    // What lies in an output folder of its own is not this one's.
    let inner = OutputPlaces(scan.folders.filter { $0.isOutput && !$0.relative.isEmpty })
    var others: [EventSource] = []
    var all: [EventSource] = []
    for found in scan.folders where !found.eventFiles.isEmpty && !found.isInSave {
      guard inner.output(of: found.relative) == nil else { continue }
      let source = EventSource(found)
      if let identity = Self.identity(of: found.path), let read = own[identity] {
        all.append(EventSource(path: found.path, relative: found.relative, files: read.files))
      } else {
        others.append(source)
      }
    }
    others = Self.near(sources, others)
    _ = EventSource.read(&others, progress: nil)
    let groups = RunAssembly.groups(all + others.filter { !$0.files.isEmpty })
    guard let last = RunAssembly.owner(of: RunAssembly.inTime(groups)) else { return nil }
    self.folder = folder
    owners = last.compactMap { source in Self.identity(of: source.path).map { (source.path, $0) } }
  }

  /// How many folders are read on either side.
  private static let reach = 8

  /// Those of `others` that can tell whose the trainer's files are: the last of all, and the ones just before the
  /// folder's own, which may be its earlier parts. What many runs in one folder cost stays in proportion to their number
  /// so, when each is opened by itself.
  private static func near(_ own: [EventSource], _ others: [EventSource]) -> [EventSource] {
    let start = own.compactMap(\.stamp).min() ?? .max
    let inTime = others.map { (stamp: $0.stamp ?? .max, source: $0) }.sorted { $0.stamp < $1.stamp }
    let earlier = inTime.filter { $0.stamp <= start }.suffix(reach)
    let later = inTime.filter { $0.stamp > start }.suffix(reach)
    return (earlier + later).map(\.source)
  }

  /// The output folder around `path` by names alone; nil where there is none.
  private static func place(around path: String) -> String? {
    // `.` and `..` say nothing of where they are, nor does a path that begins at the folder of logs.
    let parts = path.split(separator: "/").filter { $0 != "." }
    var place = path
    if parts.count < 3 || parts.contains("..") { place = (try? Files.realPath(of: path)) ?? path }
    let parent = Path.parent(of: place)
    for (logs, above) in [(parent, Path.parent(of: parent)), (place, parent)]
    where logFolders.contains(Path.name(of: logs)) && isOutput(above) {
      // Who stands in the output folder is told of it as they see it.
      let isHere = !path.hasPrefix("/") && identity(of: ".") == identity(of: above)
      return isHere ? "." : above
    }
    return nil
  }

  private static func isOutput(_ path: String) -> Bool {
    guard !path.isEmpty, let names = try? Files.names(in: path) else { return false }
    return names.contains { name in
      marks.contains(name)
        || (CheckpointName.isTrainers(name) && Files.kind(of: Path.join(path, name)) == .directory)
    }
  }

  private static func identity(of path: String) -> FileIdentity? {
    (try? Files.status(of: path.isEmpty ? "." : path))?.identity
  }

  /// How a run of event files stands to the output folder.
  enum Ownership {
    /// The trainer's files are its own.
    case owner
    /// They are those of the training whose last part this is; the parts before it are in these folders.
    case lastPart(before: [String])
    /// They are those of the training that went on, from this part, in this folder.
    case earlierPart(last: String)
    /// They are those of a later run, in this folder.
    case older(last: String)
  }

  /// How the run made of `group` stands to the output folder.
  func ownership(of group: [EventSource]) -> Ownership {
    let identities = Set(group.compactMap { Self.identity(of: $0.path) })
    guard let last = owners.last else { return .older(last: folder.path) }
    let missing = owners.filter { !identities.contains($0.identity) }
    if missing.isEmpty { return .owner }
    if identities.contains(last.identity) { return .lastPart(before: missing.map(\.path)) }
    return missing.count < owners.count ? .earlierPart(last: last.path) : .older(last: last.path)
  }
}
