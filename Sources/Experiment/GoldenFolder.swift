internal import FileSystem
internal import RunFolder

/// A folder of golden files, each known by its tag: the file `sft.json` has the tag `sft`.
public struct GoldenFolder {
  /// The folder.
  public let path: String

  /// The folder at `path`, which need not be there.
  public init(path: String) { self.path = path }

  private static let ending = ".json"

  /// The path of the file that has `tag`; nil where there is none.
  public func file(tagged tag: String) -> String? {
    guard Path.components(of: tag) == [tag] else { return nil }
    let file = Path.join(path, tag + Self.ending)
    return Files.kind(of: file) == .file ? file : nil
  }

  /// The tags of all files, sorted; none where the folder cannot be read.
  public var tags: [String] {
    ((try? Files.names(in: path)) ?? []).filter { name in
      name.hasSuffix(Self.ending) && FileKind(named: name) == nil
        && Files.kind(of: Path.join(path, name)) == .file
    }.map { String($0.dropLast(Self.ending.count)) }.sorted()
  }
}
