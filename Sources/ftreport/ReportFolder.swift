import FileSystem
import Report

/// A folder of pages and pictures, which appears whole or not at all.
///
/// A hidden file in it lists what the command wrote. Only a folder with that list is ever replaced, only what the list
/// names is ever removed, and what somebody put beside it stays, whatever fails and whenever the command is ended.
struct ReportFolder {
  /// The path of the folder.
  let path: String
  static let list = ".ftreport"

  /// The folder of the report on `name`, in `folder`: `name.report`. A name that would be too long for one of a file is
  /// cut, and told from others like it by its checksum.
  init(on name: String, in folder: String) {
    let suffix = ".report"
    guard name.utf8.count + suffix.utf8.count > 255 else {
      path = Path.join(folder, name + suffix)
      return
    }
    var start = Substring(name)
    while start.utf8.count > 220 { start.unicodeScalars.removeLast() }
    path = Path.join(folder, "\(start)~\(ReportDraft.checksum(name))\(suffix)")
  }
  private static let heading = "Files that ftreport wrote, and replaces with the next report:"

  /// Throws where something stands at the path that the command did not make.
  func check() throws(Failure) {
    do throws(SystemError) {
      guard try Files.entry(at: path) != nil, Self.writtenNames(in: path) == nil else { return }
    } catch {
      throw failure("\(error)")
    }
    throw failure(
      "\(path): exists and was not written by ftreport; move it away, or choose another place with -o")
  }

  /// Writes the files of all parts, by their names in the folder (which may have folders in them), and puts them into
  /// place.
  ///
  /// - Parameters:
  ///   - clean: what is done to every name and text before it is written.
  ///   - files: the files of a part, which is called for several at a time and when there is room for them: many runs have
  ///     more pages than memory should hold.
  func write(
    parts: Int = 1, cleaning clean: @Sendable (String) -> String, _ files: @Sendable (Int) -> [ReportFile]
  ) throws(Failure) {
    let strays: [String]
    do {
      try Files.makeDirectory(parent)
      let lock = FolderLock(parent, patience: 10)
      recoverLeftovers()
      let draft = try ReportDraft(of: self, parts: parts, clean, files)
      let checked = Result { try check(for: draft.names) }
      if case .failure = checked { try? Files.remove(draft.path) }
      try checked.get()
      strays = try replace(with: draft)
      _ = consume lock
    } catch let error as Failure {
      throw error
    } catch {
      throw failure("\(error); choose a folder that can be written with -o, or print with --format")
    }
    if let stray = strays.first {
      throw failure("\(path): the new report is there; what stood in the old one is left in \(stray)")
    }
  }

  /// Writes `files` into the folder of the report on what stands at `path`, `name` and `kind` its name; the path of the
  /// page in it.
  ///
  /// - Parameter kind: what tells it from the report of a run of that name, and from those of other verbs.
  static func write(
    _ files: [ReportFile], on path: String, _ kind: String, in output: String
  ) throws(Failure) -> String {
    let name = Path.name(of: (try? Files.realPath(of: path)) ?? path)
    let folder = ReportFolder(on: name + kind, in: output)
    try folder.write(cleaning: { $0 }) { _ in files }
    return Path.join(folder.path, "report.md")
  }

  private func failure(_ message: String) -> Failure { Failure(status: .usage, message: message) }

  /// The folder that the report's folder stands in.
  var parent: String {
    let parent = Path.parent(of: path)
    return parent.isEmpty ? "." : parent
  }

  /// Throws where a file of the new report would take the place of something that the command did not write.
  private func check(for names: [String]) throws {
    guard try Files.entry(at: path) != nil else { return }
    guard let written = Self.writtenNames(in: path).map(Set.init) else { return try check() }
    for name in names {
      for place in Self.ancestors(of: name) + [name] {
        guard let entry = try Files.entry(at: Path.join(path, place)) else { continue }
        // A folder may stand where the report has one, and a file where an earlier report had one.
        guard entry.isFolder ? place != name : written.contains(place) else {
          throw failure("\(Path.join(path, place)): is in the way of the report, and not written by ftreport")
        }
      }
    }
  }

  /// The folders above a name, from its own outwards: `a/b` and `a` of `a/b/c`.
  static func ancestors(of name: String) -> [String] {
    var result: [String] = []
    var place = Path.parent(of: name)
    while !place.isEmpty {
      result.append(place)
      place = Path.parent(of: place)
    }
    return result
  }

  // MARK: The list

  /// The text of the list of `names`.
  static func listText(_ names: [String]) -> String {
    heading + "\n" + lines(names)
  }

  /// `names`, a line each.
  static func lines(_ names: [String]) -> String {
    names.map { $0 + "\n" }.joined()
  }

  /// The names that the list in the folder at `path` has; nil where there is none.
  static func writtenNames(in path: String) -> [String]? {
    guard let bytes = try? Files.read(Path.join(path, list), limit: 1 << 26) else { return nil }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    return lines.first == heading ? Array(lines.dropFirst()) : nil
  }
}
