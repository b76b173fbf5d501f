extension Files {
  /// `path` as it is seen from `folder` (`` is the current one), both with their links resolved, so that whoever moves
  /// the two together still finds it; `.` for the folder itself.
  public static func relativePath(of path: String, from folder: String) -> String {
    let start = Path.components(of: absolutePath(of: folder))
    let end = Path.components(of: absolutePath(of: path))
    let shared = zip(start, end).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: start.count - shared)
    let relative = (up + end[shared...]).joined(separator: "/")
    return relative.isEmpty ? "." : relative
  }

  /// `path` from the root on, links resolved; what is not there yet keeps its name.
  private static func absolutePath(of path: String) -> String {
    if let real = try? realPath(of: path.isEmpty ? "." : path) { return real }
    let parent = Path.parent(of: path)
    return parent == path ? path : Path.join(absolutePath(of: parent), Path.name(of: path))
  }
}
