import Analysis
import Experiment
import FileSystem
import GateConfiguration
import RunFolder

/// The configuration that a gate goes by, and what it names.
struct GateConfigurationFile {
  /// What the file is called by custom.
  static let customaryName = "ftreport.yml"

  /// The path of the file.
  let path: String
  /// What is in it.
  let plan: GatePlan

  /// Reads the configuration at `path`; without one, the nearest of this folder and those above it.
  init(at path: String?) throws(Failure) {
    self.path = path ?? Self.nearest() ?? Self.customaryName
    // A pipe that somebody named is waited for; one that is only there is not.
    plan = try Self.plan(self.path, acceptsPipe: path != nil)
  }

  private static func plan(_ path: String, acceptsPipe: Bool) throws(Failure) -> GatePlan {
    let text: [UInt8]
    do throws(SystemError) {
      text = try Files.read(path, limit: 1 << 21, acceptsPipe: acceptsPipe)
    } catch {
      let hint = Files.kind(of: path) == nil ? "; 'ftreport init' writes a configuration from a good run" : ""
      throw Failure(status: .usage, message: "\(error)\(hint)")
    }
    do throws(ConfigurationError) {
      return try GatePlan(parsing: text, path: path)
    } catch {
      throw Failure(status: .usage, lines: error.lines)
    }
  }

  /// `ftreport.yml` of this folder, else of the nearest one above it, as linters find theirs.
  private static func nearest() -> String? {
    guard let here = try? Files.realPath(of: ".") else { return nil }
    var folder = ""
    for _ in 0...Path.components(of: here).count {
      let file = Path.join(folder, customaryName)
      if Files.kind(of: file) == .file { return file }
      folder = Path.join(folder, "..")
    }
    return nil
  }

  /// The paths of the baselines: those of the command line, seen from here, else the configuration's own, seen from its
  /// folder. A name at which nothing lies is the tag of a golden file.
  func baselines(_ arguments: [String]) throws(Failure) -> [String] {
    let folder = Path.parent(of: path)
    let goldens = plan.goldens.map { GoldenFolder(path: Path.join(folder, $0)) }
    var paths: [String] = []
    for name in arguments.isEmpty ? plan.baselines : arguments {
      let path = arguments.isEmpty ? Path.join(folder, name) : name
      paths.append(Files.kind(of: path) == nil ? try Self.golden(name, goldens) ?? path : path)
    }
    return paths
  }

  /// The golden file tagged `name`; nil where there is no folder of them, or the name is a path.
  private static func golden(_ name: String, _ goldens: GoldenFolder?) throws(Failure) -> String? {
    guard let goldens, Path.components(of: name) == [name] else { return nil }
    if let file = goldens.file(tagged: name) { return file }
    let tags = goldens.tags
    let hint =
      if let nearest = Suggestion.nearest(to: name, among: tags) {
        "; did you mean '\(nearest)'?"
      } else if tags.isEmpty {
        ""
      } else {
        "; there are \(tags.prefix(8).joined(separator: ", "))\(tags.count > 8 ? ", …" : "")"
      }
    throw Failure(
      status: .unreadable,
      message: "\(name): no run, and no golden file of that tag in \(goldens.path)\(hint)")
  }
}
