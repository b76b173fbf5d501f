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

    /// A run from its parts.
    public init(name: String, path: String, files: [String]) {
      self.name = name
      self.path = path
      self.files = files
    }
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
      search()
    } catch {
      problems.append(error)
    }
    runs.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// Whether a file of this name is an event file.
  public static func isEventFile(named name: String) -> Bool {
    name.contains("tfevents") && !name.hasSuffix(".profile-empty")
  }

  private mutating func search() {
    var visited: Set<FileIdentity> = []
    var folders = ["."]
    // Links wait until every real folder has been seen, so that a run goes by its own name.
    var links: [String] = []
    while let folder = folders.popLast() ?? links.popLast() {
      let path = folder == "." ? self.path : Path.join(self.path, folder)
      do throws(SystemError) {
        guard visited.insert(try Files.status(of: path).identity).inserted else { continue }
        var files: [String] = []
        for name in try Files.names(in: path) {
          let child = Path.join(path, name)
          guard Files.kind(of: child) == .directory else {
            if Self.isEventFile(named: name) { files.append(child) }
            continue
          }
          let next = folder == "." ? name : Path.join(folder, name)
          if Files.isSymbolicLink(child) { links.append(next) } else { folders.append(next) }
        }
        if !files.isEmpty { runs.append(Run(name: folder, path: path, files: files)) }
      } catch {
        problems.append(error)
      }
    }
  }
}
