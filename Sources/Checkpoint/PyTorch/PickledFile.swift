internal import Bytes
public import JSON

/// A safe look into a file that `torch.save` or `pickle` wrote, trusted or not: what it holds, and what it would call.
///
/// Nothing of it is imported, called or executed.
public struct PickledFile: Sendable {
  /// The path of the file.
  public let path: String
  /// How the file is laid out.
  public let container: Container
  /// The size of the file.
  public let byteCount: Int
  /// The functions and classes that its pickles name, each once; those that are not known are reason for suspicion.
  public let globals: [PickleGlobal]
  private let archive: PyTorchArchive

  /// The layouts that torch has had.
  public enum Container: String, Sendable {
    /// A zip archive, since torch 1.6.
    case zip
    /// Pickles and storages one after another, before torch 1.6.
    case stream
    /// A tar archive, before torch 0.1.10.
    case tar
    /// A pickle alone.
    case pickle
  }

  /// One value of the tree.
  public struct Line: Equatable, Sendable {
    /// How many values it lies within.
    public let depth: Int
    /// The key that leads to it, empty for the whole.
    public let key: String
    /// What it is, in words.
    public let text: String
  }

  /// Opens the file at `path`, reading its directory and pickle alone.
  ///
  /// - Throws: `CheckpointError` with the fault of the layer that is broken.
  public init(opening path: String) throws(CheckpointError) {
    archive = try PyTorchArchive(path: path)
    self.path = path
    container =
      switch archive.container {
      case .zip: .zip
      case .stream: .stream
      case .tar: .tar
      case .pickle: .pickle
      }
    byteCount = archive.file.count
    globals = archive.globals
  }

  /// The globals that are not on the list of names that checkpoints are known to hold.
  public var unknownGlobals: [PickleGlobal] { globals.filter { !$0.isKnown } }

  /// The whole as JSON, tensors by the word.
  public var json: JSONValue { archive.root.json() }

  /// The values in the order of the pickle, containers before what they hold.
  ///
  /// - Parameters:
  ///   - depthLimit: how many values within each other are shown.
  ///   - childLimit: how many values of one container are shown; the rest is counted.
  ///   - lineLimit: how many lines there may be.
  public func tree(depthLimit: Int = 8, childLimit: Int = 40, lineLimit: Int = 2000) -> [Line] {
    var lines: [Line] = []
    var open: Set<PickleGraph.Index> = []
    func visit(_ value: PickleValue, _ key: String, _ depth: Int) {
      guard lines.count < lineLimit else { return }
      let tensor = (try? archive.tensor(value, name: key)) ?? nil
      lines.append(Line(depth: depth, key: key, text: Self.words(value, tensor)))
      guard tensor == nil, !value.isInline, depth < depthLimit, open.insert(value.index).inserted else {
        return
      }
      defer { open.remove(value.index) }
      let children = value.treeChildren
      for (key, child) in children.prefix(childLimit) { visit(child, key, depth + 1) }
      if children.count > childLimit {
        lines.append(
          Line(depth: depth + 1, key: "…", text: "\(Thousands.text(children.count - childLimit)) more"))
      }
    }
    visit(archive.root, "", 0)
    return lines
  }

  private static func words(_ value: PickleValue, _ tensor: PyTorchTensor?) -> String {
    if let tensor {
      let place =
        tensor.shard.map { $0.wholeShape == tensor.shape ? "" : ", a part of \($0.wholeShape)" } ?? ""
      return "\(tensor.elementType.rawValue) \(tensor.shape)\(place)"
    }
    func counted(_ kind: String, _ count: Int?) -> String { "\(kind) of \(Thousands.text(count ?? 0))" }
    switch value.node {
    case .none: return "None"
    case .bool, .integer, .float, .global: return value.keyText
    case .bigInteger(let digits): return "an integer of \(digits.count) bytes"
    case .string(let text):
      return text.count > 80
        ? "\"\(text.prefix(77))…\" (\(Thousands.text(text.count)) characters)" : "\"\(text)\""
    case .bytes(let bytes): return counted("bytes", bytes.count)
    case .tuple where value.isInline: return value.json().text
    case .list where value.isInline: return value.json().text
    case .tuple: return counted("tuple", value.elements?.count)
    case .list: return counted("list", value.elements?.count)
    case .set: return counted("set", value.elements?.count)
    case .dictionary: return counted("dictionary", value.entries?.count)
    case .persistent: return "a storage"
    case .object:
      let name = value.calleeName ?? "an object"
      if let member = value.enumerationValue { return "\(name) \(member.keyText)" }
      return value.arguments.isEmpty ? name : "\(name)(…)"
    }
  }
}

extension PickleValue {
  /// Whether the value is told in the line of its key: short sequences of plain values.
  fileprivate var isInline: Bool {
    guard case .object = node else {
      guard let elements else { return entries == nil }
      return elements.count <= 8
        && elements.allSatisfy {
          switch $0.node {
          case .none, .bool, .integer, .float: true
          case .string(let text): text.utf8.count <= 40
          default: false
          }
        }
    }
    return enumerationValue != nil
  }

  /// What is shown below a value: what it holds, and for an inert object also what it would be made of.
  fileprivate var treeChildren: [(key: String, value: PickleValue)] {
    guard case .object = node else { return children }
    var shown = arguments.enumerated().map { (key: "argument \($0)", value: $1) }
    if let elements, calleeName != "torch.Size" { shown += elements.enumerated().map { (String($0), $1) } }
    if let entries { shown += entries.map { ($0.key.keyText, $0.value) } }
    if let state {
      if let attributes = state.entries {
        shown += attributes.map { ($0.key.keyText, $0.value) }
      } else {
        shown.append(("state", state))
      }
    }
    return shown
  }
}
