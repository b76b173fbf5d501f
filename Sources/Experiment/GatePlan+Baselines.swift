public import Analysis
internal import FileSystem
internal import RunFolder

/// Why the name of a baseline leads to nothing: neither a run nor a golden file goes by it.
public struct UnknownBaseline: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name.
  public var name: String
  /// The folder of golden files.
  public var folder: String
  /// The tags that are there.
  public var tags: [String]

  /// The name, where it was looked for, and what may have been meant.
  public var description: String {
    let hint =
      if let nearest = Suggestion.nearest(to: name, among: tags) {
        "; did you mean '\(nearest)'?"
      } else if tags.isEmpty {
        ""
      } else {
        "; there are \(tags.prefix(8).joined(separator: ", "))\(tags.count > 8 ? ", …" : "")"
      }
    return "\(name): no run, and no golden file of that tag in \(folder)\(hint)"
  }
}

extension GatePlan {
  /// What the file of a plan is called by custom.
  public static let customaryName = "ftreport.yml"

  /// The plan's file of the current folder, else of the nearest one above it, as linters find theirs; nil where there is
  /// none.
  public static func nearestPath() -> String? {
    guard let here = try? Files.realPath(of: ".") else { return nil }
    var folder = ""
    for _ in 0...Path.components(of: here).count {
      let file = Path.join(folder, customaryName)
      if Files.kind(of: file) == .file { return file }
      folder = Path.join(folder, "..")
    }
    return nil
  }

  /// The paths of the baselines: `names`, seen from the current folder, or without any the plan's own, seen from its
  /// folder. A name at which nothing lies is the tag of a golden file, where the plan has a folder of them.
  ///
  /// - Throws: `UnknownBaseline` for a tag that no golden file has.
  public func baselinePaths(named names: [String] = []) throws(UnknownBaseline) -> [String] {
    let folder = Path.parent(of: path)
    let goldens = goldens.map { GoldenFolder(path: Path.join(folder, $0)) }
    var paths: [String] = []
    for name in names.isEmpty ? baselines : names {
      let path = names.isEmpty ? Path.join(folder, name) : name
      if Files.kind(of: path) == nil, let goldens, Path.components(of: name) == [name] {
        guard let file = goldens.file(tagged: name) else {
          throw UnknownBaseline(name: name, folder: goldens.path, tags: goldens.tags)
        }
        paths.append(file)
      } else {
        paths.append(path)
      }
    }
    return paths
  }
}
