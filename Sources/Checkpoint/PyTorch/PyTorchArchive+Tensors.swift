/// A tensor and the keys that lead to it, joined by dots.
struct NamedPyTorchTensor: Sendable {
  var name: String
  var tensor: PyTorchTensor
}

extension PyTorchArchive {
  static let tensorLimit = 1 << 20
  /// The most times that tensors may be named which have a name already.
  static let aliasLimit = 10_000
  /// The most bytes in a name.
  static let nameByteLimit = 1 << 16

  /// All tensors below `value`, in the order of the pickle, named by the keys that lead to them.
  ///
  /// Cycles are passed over. A tensor that is reached by several keys is named by each.
  ///
  /// - Complexity: O(values), and at most `tensorLimit` tensors.
  func tensors(below value: PickleValue, path: String = "") throws(PyTorchFault) -> [NamedPyTorchTensor] {
    var walk = TensorWalk(archive: self)
    _ = try walk.visit(value, path: path, depth: 0)
    return walk.found
  }
}

/// A walk through the containers of a pickle that looks for tensors.
private struct TensorWalk {
  static let depthLimit = 100

  let archive: PyTorchArchive
  var found: [NamedPyTorchTensor] = []
  private var names: [String: Int] = [:]
  private var aliasCount = 0
  /// The values that tensors were made of.
  private var named: Set<PickleGraph.Index> = []
  /// Containers that lead to no tensor: not walked again, however often they are shared.
  private var barren: Set<PickleGraph.Index> = []
  private var open: Set<PickleGraph.Index> = []
  private var steps = 0

  init(archive: PyTorchArchive) { self.archive = archive }

  /// Whether there is a tensor at or below `value`.
  mutating func visit(_ value: PickleValue, path: String, depth: Int) throws(PyTorchFault) -> Bool {
    switch value.node {
    case .none, .bool, .integer, .bigInteger, .float, .string, .bytes, .global: return false
    case .object, .persistent:
      if let tensor = try archive.tensor(value, name: path) {
        if !named.insert(value.index).inserted { aliasCount += 1 }
        guard aliasCount <= PyTorchArchive.aliasLimit else {
          throw .tooMany(limit: PyTorchArchive.aliasLimit)
        }
        try add(tensor, path)
        return true
      }
    case .tuple, .list, .dictionary, .set: break
    }
    guard depth < Self.depthLimit, !barren.contains(value.index), open.insert(value.index).inserted else {
      return false
    }
    defer { open.remove(value.index) }
    steps += 1
    guard steps <= 4 * PyTorchArchive.tensorLimit else { throw .tooMany(limit: PyTorchArchive.tensorLimit) }
    var isFertile = false
    for (key, child) in value.children {
      let name = path.isEmpty ? key : key.isEmpty ? path : path + "." + key
      if try visit(child, path: name, depth: depth + 1) { isFertile = true }
    }
    if !isFertile { barren.insert(value.index) }
    return isFertile
  }

  private mutating func add(_ tensor: PyTorchTensor, _ path: String) throws(PyTorchFault) {
    var name = path
    if let count = names[path] {
      // Two paths of one spelling ("a.b" as one key, and as two).
      name = "\(path)#\(count + 1)"
      names[path] = count + 1
    }
    names[name] = 1
    guard found.count < PyTorchArchive.tensorLimit, name.utf8.count <= PyTorchArchive.nameByteLimit else {
      throw .tooMany(limit: PyTorchArchive.tensorLimit)
    }
    found.append(NamedPyTorchTensor(name: name, tensor: tensor))
  }
}

extension PickleValue {
  /// The values directly within a container or an inert object, each with the text of its key.
  var children: [(key: String, value: PickleValue)] {
    var children: [(key: String, value: PickleValue)] = []
    if let elements { children += elements.enumerated().map { (String($0), $1) } }
    if let entries { children += entries.map { ($0.key.keyText, $0.value) } }
    if case .object = node, calleeName != "torch.Size" {
      if calleeName == "torch._utils._rebuild_sparse_tensor" {
        children += arguments.enumerated().map { (String($0), $1) }
      }
      if let state { children.append(("", state)) }
      if let inner = wrappedTensors { children += inner.members }
    }
    return children
  }

  /// What a tensor of a class of its own is made of, by the names of its attributes, and its shape: torchao's codes and
  /// scales. Nil for distributed tensors, which stand for one tensor.
  var wrappedTensors: (shape: [Int], members: [(key: String, value: PickleValue)])? {
    let arguments = arguments
    guard calleeName == "torch._tensor._rebuild_from_type_v2", arguments.count >= 4,
      arguments[0].globalName == "torch._utils._rebuild_wrapper_subclass",
      let shape = arguments[2].elements.flatMap({ $0.count > 2 ? $0[2].extents : nil }),
      let entries = arguments[3].entries, arguments[3].member("_local_tensor") == nil
    else { return nil }
    return (shape, entries.filter { $0.value.calleeName != nil }.map { ($0.key.keyText, $0.value) })
  }

  /// A key in words: a text as it is, a number by its digits.
  var keyText: String {
    switch node {
    case .string(let text): text
    case .integer(let number): String(number)
    case .bool(let value): value ? "True" : "False"
    case .float(let number): number.description
    case .none: "None"
    case .global(let number): graph.globals[Int(number)].name
    case .tuple:
      "("
        + (elements ?? []).prefix(4).map { $0.string ?? $0.int.map(String.init) ?? "…" }
        .joined(separator: ", ") + ")"
    default: enumerationValue?.keyText ?? "…"
    }
  }
}
