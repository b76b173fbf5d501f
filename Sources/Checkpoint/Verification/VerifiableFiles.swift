public import Bytes

/// The files of checkpoints that can be examined one by one.
public struct VerifiableFiles: Sendable {
  /// The paths, sorted.
  public private(set) var paths: [String] = []
  /// Folders that could not be listed.
  public private(set) var problems: [SystemError] = []

  /// The file at `path`, or those in the folder at `path` and below it: weights, states and metadata by their names,
  /// those with names of every kind (`.bin`) by their first bytes.
  public init(at path: String) {
    visit(path, depth: 0)
  }

  private static let endings = [".safetensors", ".pt", ".pth", ".pkl", ".ckpt", ".bin"]
  private static let depthLimit = 16

  private mutating func visit(_ path: String, depth: Int) {
    do throws(SystemError) {
      guard try Files.status(of: path).kind == .directory else {
        if depth == 0 || Self.isCandidate(path) { paths.append(path) }
        return
      }
      guard depth < Self.depthLimit else { return }
      for name in try Files.names(in: path) { visit(Path.join(path, name), depth: depth + 1) }
    } catch { problems.append(error) }
  }

  private static func isCandidate(_ path: String) -> Bool {
    let name = Path.name(of: path)
    if name == ".metadata" { return true }
    guard let ending = endings.first(where: name.hasSuffix) else { return false }
    guard ending == ".bin" else { return true }
    guard let file = try? MappedFile(path: path) else { return false }
    return PyTorchArchive.container(of: file.bytes) != nil
  }
}
