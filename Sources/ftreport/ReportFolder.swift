import Bytes

/// A folder of pages and pictures, which appears whole or not at all.
///
/// A hidden file in it lists what the command wrote. Only a folder with that list is ever replaced, and what
/// somebody put beside the listed files stays.
struct ReportFolder {
  /// The path of the folder.
  let path: String
  private static let list = ".ftreport"
  private static let heading = "Files that ftreport wrote, and replaces with the next report:"

  /// Throws where something stands at the path that the command did not make.
  func check() throws(Failure) {
    guard Files.kind(of: path) != nil, (try? writtenNames()) == nil else { return }
    throw Failure(
      status: .usage,
      message:
        "\(path): exists and was not written by ftreport; move it away, or choose another place with -o")
  }

  /// Writes the files, by their names in the folder (which may have folders in them), and puts them into place.
  func write(_ files: [(name: String, text: String)]) throws(Failure) {
    try check()
    do throws(SystemError) {
      try replace(files)
    } catch {
      throw Failure(
        status: .usage,
        message: "\(error); choose a folder that can be written with -o, or print with --format")
    }
  }

  private func replace(_ files: [(name: String, text: String)]) throws(SystemError) {
    let parent = Path.parent(of: path)
    if !parent.isEmpty { try Files.makeDirectory(parent) }
    let suffix = "\(Path.name(of: path)).\(Environment.processIdentifier)"
    let new = Path.join(parent, ".\(suffix).new")
    let old = Path.join(parent, ".\(suffix).old")
    do throws(SystemError) {
      try Files.makeDirectory(new)
      for file in files {
        let target = Path.join(new, file.name)
        try Files.makeDirectory(Path.parent(of: target))
        try Files.write(file.text, to: target)
      }
      try Files.write(
        ([Self.heading] + files.map(\.name)).joined(separator: "\n") + "\n", to: Path.join(new, Self.list))
      guard Files.kind(of: path) != nil else { return try Files.rename(new, to: path) }

      try keepForeignFiles(in: new)
      try Files.rename(path, to: old)
      do throws(SystemError) {
        try Files.rename(new, to: path)
      } catch {
        try Files.rename(old, to: path)
        throw error
      }
    } catch {
      try? Files.remove(new)
      throw error
    }
    try Files.remove(old)
  }

  /// Moves what the command did not write over to the folder that is about to take the place.
  private func keepForeignFiles(in new: String) throws(SystemError) {
    let written = Set(try writtenNames() + [Self.list])
    let folders = Set(written.map { Path.parent(of: $0) })
    try keepForeignFiles(below: "", in: new, written: written, folders: folders)
  }

  private func keepForeignFiles(
    below folder: String, in new: String, written: Set<String>, folders: Set<String>
  ) throws(SystemError) {
    for name in try Files.names(in: Path.join(path, folder)) {
      let name = Path.join(folder, name)
      if written.contains(name) { continue }
      if folders.contains(name) {
        try keepForeignFiles(below: name, in: new, written: written, folders: folders)
      } else if Files.kind(of: Path.join(new, name)) == nil {
        try Files.makeDirectory(Path.join(new, Path.parent(of: name)))
        try Files.rename(Path.join(path, name), to: Path.join(new, name))
      }
    }
  }

  /// The names in the list.
  private func writtenNames() throws(SystemError) -> [String] {
    let listPath = Path.join(path, Self.list)
    let lines = String(decoding: try Files.read(listPath), as: UTF8.self).split(separator: "\n")
    guard lines.first ?? "" == Self.heading else {
      throw SystemError(operation: "recognise", path: listPath, code: 0)
    }
    return lines.dropFirst().map(String.init)
  }
}
