import FileSystem

/// A report that is being made in a hidden folder beside the one that it will take the place of.
///
/// It is locked until the command ends, in whatever way, so that a later command knows which drafts nobody makes any
/// more.
final class ReportDraft {
  /// The path of the hidden folder.
  let path: String
  private let lock: FolderLock?

  /// Writes `files` into a new hidden folder beside `report`.
  init(of report: ReportFolder, _ files: [(name: String, bytes: [UInt8])]) throws(SystemError) {
    let path = Path.join(report.parent, Self.prefix(report) + Files.unpredictableName())
    try Files.makeNewDirectory(path)
    self.path = path
    lock = FolderLock(path)
    do throws(SystemError) {
      // The list comes first: whatever is found here later is known to be the command's own.
      try Self.write(
        Array(ReportFolder.listText(files.map(\.name)).utf8), to: Path.join(path, ReportFolder.list))
      for file in files {
        let target = Path.join(path, file.name)
        try Files.makeDirectory(Path.parent(of: target))
        try Self.write(file.bytes, to: target)
      }
    } catch {
      // The folder is new and nobody else's.
      try? Files.remove(path)
      throw error
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
    try FileDescriptor(creatingNew: path).write(bytes)
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
