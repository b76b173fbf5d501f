public import Analysis
internal import Bytes
internal import FileSystem
public import GateConfiguration
internal import RunFolder

extension GoldenBaseline {
  /// The golden file at `path`; nil where there is something else.
  ///
  /// A file counts by its ending `.json`, or by how it begins, whatever it is called.
  /// - Throws: `GoldenFileError` for a file that cannot be read, or is no golden file.
  public init?(opening path: String) throws(GoldenFileError) {
    guard Files.kind(of: path) == .file, FileKind(named: Path.name(of: path)) == nil,
      path.hasSuffix(".json") || Self.begins(path)
    else { return nil }
    let text: [UInt8]
    do throws(SystemError) {
      text = try Files.read(path, limit: 1 << 26)
    } catch {
      throw GoldenFileError(path: path, what: "cannot \(error.operation): \(error.reason)")
    }
    try self.init(parsing: text, path: path)
  }

  /// Whether the file at `path` begins as a golden file does.
  private static func begins(_ path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }
    let bytes = file.bytes
    let start = bytes.extracting(0..<min(bytes.byteCount, 200)).repairedText()
    return start.hasPrefix("{") && start.contains(GoldenBaseline.formatName)
  }
}
