import FileSystem
import Process
import Report
import Synchronization

/// A report that is being made in a hidden folder beside the one that it will take the place of.
///
/// It is locked until the command ends, in whatever way, so that a later command knows which drafts nobody makes any
/// more.
final class ReportDraft {
  /// The path of the hidden folder.
  let path: String
  private let lock: FolderLock?

  /// The names of the files, part after part.
  private(set) var names: [String] = []

  /// Writes the files of all parts into a new hidden folder beside `report`, several parts at a time.
  init(
    of report: ReportFolder, parts: Int, _ clean: @Sendable (String) -> String,
    _ files: @Sendable (Int) -> [ReportFile]
  ) throws(SystemError) {
    let path = Path.join(report.parent, Self.prefix(report) + Files.unpredictableName())
    try Files.makeNewDirectory(path)
    self.path = path
    lock = FolderLock(path)
    do throws(SystemError) {
      let list = Path.join(path, ReportFolder.list)
      try FileDescriptor(creatingNew: list).write(ReportFolder.listText([]))
      let hasFailed = Atomic(false)
      let written = concurrentMap(count: parts) { part -> Result<[String], SystemError> in
        // What fails once, as on a disk that is full, would fail for every part.
        if hasFailed.load(ordering: .relaxed) { return .success([]) }
        let result = Result { () throws(SystemError) in
          try Self.write(files(part), clean, in: path, list: list)
        }
        if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
        return result
      }
      for part in written { names += try part.get() }
      // Parts came as they were ready. The same names take the same room: nothing is lost if it ends here.
      if parts > 1 { try FileDescriptor(writingThrough: list).write(ReportFolder.listText(names)) }
    } catch {
      // The folder is new and nobody else's.
      try? Files.remove(path)
      throw error
    }
  }

  /// Writes `files` into the draft at `path`; returns their names.
  private static func write(
    _ files: [ReportFile], _ clean: (String) -> String, in path: String, list: String
  ) throws(SystemError) -> [String] {
    let names = files.map { clean($0.path) }
    // The names come first: whatever is found here later is known to be the command's own.
    try FileDescriptor(appending: list).write(ReportFolder.lines(names))
    var folder: String?
    for (file, name) in zip(files, names) {
      let target = Path.join(path, name)
      let parent = Path.parent(of: target)
      if parent != folder { try Files.makeDirectory(parent) }
      folder = parent
      try file.write(to: target, clean)
    }
    return names
  }

  /// What the names of all hidden folders for `report` begin with: never longer than a name may be.
  static func prefix(_ report: ReportFolder) -> String {
    ".ftreport-\(checksum(Path.name(of: report.path)))-"
  }

  /// The 64 bits of FNV-1a in 16 digits: the same name always has the same.
  static func checksum(_ name: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
