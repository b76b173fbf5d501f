public import EventFile
internal import FileSystem

/// The folders with event files at a path and below it, as TensorBoard takes each for a run of its own.
///
/// `OpenedFolder` makes trainings of them; this is for who wants the files as they lie.
public struct FoundEventFolders: Equatable, Sendable {
  /// The folders, each before those below it, siblings by name.
  public var folders: [EventFolder]
  /// What could not be looked into, in words.
  public var problems: [String]

  /// Searches the folder at `path` and all below it; a path of a file is a folder of this one file.
  public init(at path: String) {
    do throws(SystemError) {
      guard try Files.status(of: path).kind == .directory else {
        folders = [EventFolder(name: Path.name(of: path), path: Path.parent(of: path), files: [path])]
        problems = []
        return
      }
    } catch {
      folders = []
      problems = [error.description]
      return
    }
    let scan = FolderScan(path: path)
    folders = scan.folders.filter { !$0.eventFiles.isEmpty }.map { folder in
      EventFolder(
        name: folder.relative.isEmpty ? "." : folder.relative, path: folder.path,
        files: folder.eventFiles.map(folder.path(of:)))
    }
    problems = scan.problems
  }
}
