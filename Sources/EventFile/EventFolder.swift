/// A folder with event files, which is one run to TensorBoard.
public struct EventFolder: Equatable, Sendable {
  /// The path of the folder from where the search for it began, `.` for that place itself.
  public var name: String
  /// The path of the folder.
  public var path: String
  /// The paths of its event files.
  public var files: [String]

  /// A folder from its parts.
  public init(name: String, path: String, files: [String]) {
    self.name = name
    self.path = path
    self.files = files
  }
}
