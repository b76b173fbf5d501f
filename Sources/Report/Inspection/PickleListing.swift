public import Checkpoint
public import JSON

/// A look into a file that `torch.save` or `pickle` wrote: what it would call, and the tree of what it holds.
public struct PickleListing: Presentable {
  private let file: PickledFile

  /// A listing of `file`.
  public init(_ file: PickledFile) { self.file = file }

  /// The listing under keys that stay (`docs/schema/ftreport.pickle.json`): `path`, `container`, `bytes`, `globals[]` (`name`, `known`, `uses`,
  /// `offset`), `tree[]` (`depth`, `key`, `text`), `value` (everything but tensors, as far as JSON has it).
  public var value: JSONValue {
    let globals: [JSONValue] = file.globals.map {
      .object([
        "name": .string($0.name), "known": .bool($0.isKnown), "uses": .number($0.uses),
        "offset": .number($0.offset),
      ])
    }
    let tree: [JSONValue] = file.tree().map {
      .object(["depth": .number($0.depth), "key": .string($0.key), "text": .string($0.text)])
    }
    return .document(
      "ftreport.pickle", version: 2,
      [
        "path": .string(file.path), "container": .string(file.container.rawValue),
        "bytes": .number(file.byteCount), "globals": .array(globals), "tree": .array(tree),
        "value": file.json,
      ])
  }

  /// The path of the file.
  public var title: String { file.path }

  /// The listing as a page.
  public func page(isIllustrated: Bool) -> Document {
    var page = Document([.heading(level: 1, .code(file.path)), .paragraph("\(headline).")])
    var names = Table(["Name in the pickle", "Known", "Use"], sides: [.left, .left, .left])
    for global in file.globals {
      names.add([
        .code(global.name), global.isKnown ? "yes" : Table.Cell(.toned(.bad, .strong("no"))),
        Table.Cell(use(global)),
      ])
    }
    if !names.isEmpty { page.add(.table(names)) }
    var values = Table(["Value", "What it is"], sides: [.left, .left])
    for line in file.tree() {
      let key = String(repeating: "· ", count: line.depth) + (line.key.isEmpty ? "(all)" : line.key)
      values.add([.code(key), .code(line.text)])
    }
    page.add(.table(values))
    return page
  }

  private var headline: String {
    let container =
      switch file.container {
      case .zip: "PyTorch archive"
      case .stream: "PyTorch file from before torch 1.6"
      case .tar: "PyTorch file from before torch 0.1.10"
      case .pickle: "pickle"
      }
    let unknown = file.unknownGlobals.count
    let safety =
      unknown == 0
      ? "names only what checkpoints need"
      : "names \(NumberText.count(unknown, "thing")) that no checkpoint needs, marked below; do not load it"
    return "\(container), \(QuantityText.bytes(file.byteCount)), \(safety)"
  }

  private func use(_ global: PickleGlobal) -> String {
    global.uses == 0 ? "named" : "called or built \(NumberText.count(global.uses, "time"))"
  }
}
