import FileSystem
import JSON
import Media

/// A folder that exported pictures and sounds are put into, each under the checksum of its bytes, with a list of where
/// each is from.
///
/// What is no picture or sound of a known type, or would harm who looks at it, is not put there: its line says why.
final class MediaFolder {
  private let path: String
  private var room: Int
  private var names: Set<String> = []
  private var lines = ""
  /// How many were left out because the folder would grow beyond its limit.
  private(set) var omittedCount = 0
  /// The name of the list.
  static let manifest = "manifest.ndjson"

  /// The folder at `path`, which is made where it is missing, for `limit` bytes.
  init(_ path: String, limit: Int) throws(SystemError) {
    self.path = path
    room = limit
    try Files.makeDirectory(path)
  }

  /// Keeps a picture or a sound; its name in the folder, or nil where it is not kept.
  func keep(_ bytes: [UInt8], _ header: MediaHeader) throws(SystemError) -> String? {
    guard header.isShowable, let type = header.type else { return nil }
    let name = "\(SHA256.digits(of: bytes)).\(type.fileExtension)"
    if names.contains(name) { return name }
    guard bytes.count <= room else {
      omittedCount += 1
      return nil
    }
    room -= bytes.count
    names.insert(name)
    try Files.write(bytes, to: Path.join(path, name))
    return name
  }

  /// Adds a line to the list.
  func list(_ line: JSONValue) { lines += line.text + "\n" }

  /// Writes the list.
  func finish() throws(SystemError) { try Files.write(lines, to: Path.join(path, Self.manifest)) }
}
