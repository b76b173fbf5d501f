/// Paths as text: joining and taking apart, without a look at the file system.
public enum Path {
  private static let slash = UInt8(ascii: "/")

  /// The names between the slashes.
  public static func components(of path: String) -> [String] {
    path.utf8.split(separator: slash).map { String(Substring($0)) }
  }

  /// `folder/name`, or `name` alone where it is absolute or `folder` is empty.
  public static func join(_ folder: String, _ name: String) -> String {
    // Bytes, because a slash and a combining mark behind it are one `Character`.
    if name.utf8.first == slash || folder.isEmpty { return name }
    return folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// The last component, trailing slashes dropped; `/` for the root.
  public static func name(of path: String) -> String {
    components(of: path).last ?? (path.utf8.first == slash ? "/" : "")
  }

  /// What stands before the last component: `` for a bare name, `/` below the root.
  public static func parent(of path: String) -> String {
    var bytes = path.utf8[...]
    while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
    guard let last = bytes.lastIndex(of: slash) else { return "" }
    var parent = bytes[..<last]
    while parent.count > 1, parent.last == slash { parent.removeLast() }
    return parent.isEmpty ? "/" : String(Substring(parent))
  }
}
