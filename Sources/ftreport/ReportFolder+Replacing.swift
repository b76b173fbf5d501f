import FileSystem

// Putting a new report in the place of an old one. At every moment there is a whole report in the place, and every file
// that the command did not write has a name: first it gets a second one in the new folder, then the two folders change
// places in one step, then its first one is removed. Folders of the user's cannot have two names; they are moved over
// after the change.
extension ReportFolder {
  /// Puts `draft` into place; returns the folders that could not be emptied of what is not the command's.
  func replace(with draft: ReportDraft) throws(SystemError) -> [String] {
    do throws(SystemError) {
      guard try Files.entry(at: path) != nil else {
        try Files.move(draft.path, to: path)
        return []
      }
      try addNames(of: Files.names(in: path), below: "", in: draft.path)
    } catch {
      try? Files.remove(draft.path)
      throw error
    }
    var old = draft.path
    do throws(SystemError) {
      if try !Files.exchange(draft.path, path) {
        old += Self.oldSuffix
        try Files.move(path, to: old)
        do throws(SystemError) {
          try Files.move(draft.path, to: path)
        } catch {
          try Files.move(old, to: path)
          throw error
        }
      }
    } catch {
      try? Files.remove(draft.path)
      throw error
    }
    return dissolve(old) ? [] : [old]
  }

  /// What the name of an old report ends with, on file systems that cannot exchange two folders.
  private static let oldSuffix = "-old"

  /// Gives every file in the folders of the report that the command did not write a second name in `draft`.
  private func addNames(of names: [String], below folder: String, in draft: String) throws(SystemError) {
    let written = Set((Self.writtenNames(in: path) ?? []) + [Self.list])
    let folders = Set(written.flatMap(Self.ancestors))
    var rest = names.map { Path.join(folder, $0) }
    while let place = rest.popLast() {
      let here = Path.join(path, place)
      guard !written.contains(place), let entry = try Files.entry(at: here) else { continue }
      if entry.isFolder {
        if folders.contains(place) { rest += try Files.names(in: here).map { Path.join(place, $0) } }
        continue
      }
      try Files.makeDirectory(Path.join(draft, Path.parent(of: place)))
      _ = try Files.addName(Path.join(draft, place), to: here)
    }
  }

  /// Removes a folder that a report no longer stands in: what the command wrote, and second names; everything else is
  /// moved to where the report stands now. False where some of it has no place there, and stays.
  private func dissolve(_ folder: String) -> Bool {
    guard let written = Self.writtenNames(in: folder) else {
      // A command was ended before or while it wrote the list.
      if (try? Files.names(in: folder)) == [Self.list] { try? Files.removeFile(Path.join(folder, Self.list)) }
      return (try? Files.removeFolder(folder)) != nil
    }
    // The list goes last, so that what is left of the folder is still known after a kill.
    guard dissolve("", of: folder, Set(written)) else { return false }
    do throws(SystemError) {
      try Files.removeFile(Path.join(folder, Self.list))
      try Files.removeFolder(folder)
      return true
    } catch {
      return false
    }
  }

  private func dissolve(_ below: String, of folder: String, _ written: Set<String>) -> Bool {
    let folders = Set(written.flatMap(Self.ancestors))
    var isEmpty = true
    guard let names = try? Files.names(in: Path.join(folder, below)) else { return false }
    for name in names {
      let place = Path.join(below, name)
      if place == Self.list { continue }
      do throws(SystemError) {
        let here = Path.join(folder, place)
        let there = Path.join(path, place)
        guard let entry = try Files.entry(at: here) else { continue }
        let target = try Files.entry(at: there)
        if entry.isFolder, folders.contains(place) || target?.isFolder == true {
          if dissolve(place, of: folder, written) { try Files.removeFolder(here) } else { isEmpty = false }
        } else if !entry.isFolder, written.contains(place) || target?.identity == entry.identity {
          try Files.removeFile(here)
        } else if try Files.entry(at: path) != nil {
          try Files.makeDirectory(Path.parent(of: there))
          try Files.move(here, to: there)
        } else {
          isEmpty = false
        }
      } catch {
        isEmpty = false
      }
    }
    return isEmpty
  }

  /// Takes up what commands that were ended have left beside the report: drafts are removed, what belongs into the
  /// report is moved there, and an old report comes back where there is none.
  func recoverLeftovers() {
    let prefix = ReportDraft.prefix(self)
    for name in (try? Files.names(in: parent)) ?? [] where name.hasPrefix(prefix) {
      let leftover = Path.join(parent, name)
      guard (try? Files.entry(at: leftover))?.isFolder == true, let lock = FolderLock(leftover) else {
        continue
      }
      if name.hasSuffix(Self.oldSuffix), (try? Files.entry(at: path)) == .some(nil) {
        try? Files.move(leftover, to: path)
      } else {
        _ = dissolve(leftover)
      }
      _ = consume lock
    }
  }
}
