public import Bytes

/// A folder of logs: the runs in it, found as TensorBoard finds them.
///
/// A run is a folder with event files in it, named by its path from the log folder, the log folder itself `.`. A file
/// is an event file when its name contains `tfevents` and does not end in `.profile-empty`. Symbolic links are
/// followed, but every folder is visited once, by its own path where there is one.
public struct LogDirectory: Equatable, Sendable {
  /// A run: a folder with event files.
  public struct Run: Equatable, Sendable {
    /// The path of the folder from the log folder.
    public var name: String
    /// The path of the folder.
    public var path: String
    /// The paths of its event files, in the order of the bytes of their names.
    public var files: [String]
  }

  /// The path that was searched.
  public var path: String
  /// The runs, in the order of the bytes of their names.
  public var runs: [Run]
  /// The folders that could not be read.
  public var problems: [SystemError]

  /// Searches the folder at `path` and all below it; a path of a file is a run of this one file.
  public init(searching path: String) {
    self.path = path
    runs = []
    problems = []
    do throws(SystemError) {
      let status = try Files.status(of: path)
      guard status.kind == .directory else {
        runs = [Run(name: Path.name(of: path), path: Path.parent(of: path), files: [path])]
        return
      }
      search(try Files.realPath(of: path))
    } catch {
      problems.append(error)
    }
    runs.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Whether a file of this name is an event file.
  public static func isEventFile(named name: String) -> Bool {
    name.contains("tfevents") && !name.hasSuffix(".profile-empty")
  }

  private struct Folder {
    var name: String
    var realPath: String
  }

  private mutating func search(_ root: String) {
    var visited: Set<FileIdentity> = []
    var folders = [Folder(name: ".", realPath: root)]
    // Links wait until every real folder has been seen, so that a run goes by its own name.
    var links: [Folder] = []
    while let folder = folders.popLast() ?? (links.isEmpty ? nil : links.removeFirst()) {
      let path = folder.name == "." ? self.path : Path.join(self.path, folder.name)
      do throws(SystemError) {
        guard visited.insert(try Files.status(of: path).identity).inserted else { continue }
        var files: [String] = []
        for name in try Files.names(in: path) {
          let child = Path.join(path, name)
          guard let kind = Files.kind(of: child) else { continue }
          guard kind == .directory else {
            if Self.isEventFile(named: name) { files.append(child) }
            continue
          }
          let real = Path.join(folder.realPath, name)
          let found = try Files.realPath(of: child)
          let next = Folder(name: folder.name == "." ? name : Path.join(folder.name, name), realPath: found)
          if found == real { folders.append(next) } else { links.append(next) }
        }
        if !files.isEmpty { runs.append(Run(name: folder.name, path: path, files: files)) }
      } catch {
        problems.append(error)
      }
    }
  }
}
