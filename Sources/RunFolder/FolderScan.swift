internal import Bytes
internal import Checkpoint
internal import EventFile

/// What a folder and the folders below it hold, by the names of their files; nothing is opened.
struct FolderScan {
  /// The folders with anything of interest, each before those below it, siblings by name.
  private(set) var folders: [ScannedFolder] = []
  /// Folders that could not be listed, and places where the search was given up, in words.
  private(set) var problems: [String] = []

  /// Deeper than any log folder; symbolic links that lead back are recognized by their identity.
  private static let depthLimit = 32
  private static let folderLimit = 100_000

  private var seen: Set<FileIdentity> = []

  /// Looks through the folder at `path`.
  init(path: String) {
    visit(path, relative: "", depth: 0)
  }

  private mutating func visit(_ path: String, relative: String, depth: Int) {
    guard depth <= Self.depthLimit, seen.count < Self.folderLimit else {
      problems.append("\(path): not looked into, there are too many folders")
      return
    }
    let names: [String]
    do {
      guard seen.insert(try Files.status(of: path).identity).inserted else { return }
      names = try Files.names(in: path)
    } catch {
      problems.append(error.description)
      return
    }
    var folder = ScannedFolder(path: path, relative: relative)
    var below: [String] = []
    for name in names where !name.hasPrefix(".") {
      let full = Path.join(path, name)
      // Names decide wherever they can, so that most files need no look of their own.
      if LogDirectory.isEventFile(named: name) {
        if Files.kind(of: full) == .file { folder.eventFiles.append(name) } else { below.append(name) }
      } else if ScannedFolder.known.contains(name) {
        folder.files.insert(name)
      } else if let step = CheckpointName.step(of: name) {
        if Files.kind(of: full) == .directory {
          folder.checkpoints.append(CheckpointFolder(step: step, path: full))
        }
      } else if !Self.isNoFolder(name), Files.kind(of: full) == .directory {
        below.append(name)
      }
    }
    folder.checkpoints.sort { ($0.step, $0.path) < ($1.step, $1.path) }
    if !folder.isEmpty { folders.append(folder) }
    for name in below {
      visit(Path.join(path, name), relative: Path.join(relative, name), depth: depth + 1)
    }
  }

  /// Whether the end of the name is that of a file that trainers write in numbers.
  private static func isNoFolder(_ name: String) -> Bool {
    [
      ".json", ".jsonl", ".safetensors", ".bin", ".pt", ".pth", ".png", ".txt", ".md", ".yaml",
      ".profile-empty",
    ]
    .contains { name.hasSuffix($0) }
  }
}

/// The files of interest in one folder.
struct ScannedFolder {
  /// The path, as it can be opened.
  var path: String
  /// The path from the folder where the search began; empty for that one itself.
  var relative: String
  /// The names of the event files, in order.
  var eventFiles: [String] = []
  /// Those of `known` that are there.
  var files: Set<String> = []
  /// The checkpoints, by step.
  var checkpoints: [CheckpointFolder] = []

  init(path: String, relative: String) {
    self.path = path
    self.relative = relative
  }

  /// The names of the files that a trainer leaves beside its event files.
  static let known: Set<String> = [
    "trainer_state.json", "trainer_log.jsonl", "all_results.json", "train_results.json", "eval_results.json",
    "adapter_config.json", "training_args.yaml", "args.json", "llamaboard_config.yaml",
  ]

  var isEmpty: Bool { eventFiles.isEmpty && files.isEmpty && checkpoints.isEmpty }

  /// Whether a trainer wrote its output here, to which the event files below belong.
  var isOutput: Bool {
    files.contains("trainer_state.json") || files.contains("trainer_log.jsonl")
      || files.contains("all_results.json")
      || checkpoints.contains { CheckpointName.isTrainers(Path.name(of: $0.path)) }
  }

  func path(of name: String) -> String { Path.join(path, name) }

  /// The path of the known file `name`, where it is there.
  func path(ofKnown name: String) -> String? { files.contains(name) ? path(of: name) : nil }
}
