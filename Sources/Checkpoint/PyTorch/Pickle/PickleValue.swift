/// A value of a pickle: a view on one node of its graph.
///
/// Nothing here follows references by itself except through the accessor that is called, so a cycle is harmless.
package struct PickleValue: Sendable {
  let graph: PickleGraph
  let index: PickleGraph.Index

  init(_ graph: PickleGraph, _ index: PickleGraph.Index) {
    self.graph = graph
    self.index = index
  }

  /// The whole pickle.
  init(root graph: PickleGraph) { self.init(graph, graph.root) }

  var node: PickleGraph.Node { graph.nodes[Int(index)] }

  private func at(_ index: PickleGraph.Index) -> PickleValue { PickleValue(graph, index) }

  package var isNone: Bool { if case .none = node { true } else { false } }

  var bool: Bool? { if case .bool(let value) = node { value } else { nil } }

  /// The integer, where it fits.
  package var int: Int? {
    switch node {
    case .integer(let value): Int(exactly: value)
    case .object: enumerationValue?.int
    default: nil
    }
  }

  /// The number, integer or float.
  var double: Double? {
    switch node {
    case .integer(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  package var string: String? { if case .string(let text) = node { text } else { nil } }

  /// The bytes, also where protocol 2 stored them as the Latin-1 text that they are.
  var bytes: [UInt8]? {
    if case .bytes(let bytes) = node { return bytes }
    guard calleeName == "_codecs.encode", let text = arguments.first?.string else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard let byte = UInt8(exactly: scalar.value) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  /// The elements of a tuple, list or set, and of an object that is one (`torch.Size`).
  var elements: [PickleValue]? {
    switch node {
    case .tuple(let values): return values.map(at)
    case .list(let number), .set(let number): return graph.lists[Int(number)].map(at)
    case .object(let number):
      if let items = graph.objects[Int(number)].items { return graph.lists[Int(items)].map(at) }
      guard calleeName == "torch.Size" else { return nil }
      return arguments.isEmpty ? [] : arguments[0].elements
    default: return nil
    }
  }

  private var dictionary: [PickleGraph.Entry]? {
    switch node {
    case .dictionary(let number): graph.dictionaries[Int(number)]
    case .object(let number): graph.objects[Int(number)].entries.map { graph.dictionaries[Int($0)] }
    default: nil
    }
  }

  /// The entries of a dictionary, and of an object that is one (`defaultdict`), in their order.
  package var entries: [(key: PickleValue, value: PickleValue)]? {
    dictionary?.map { (at($0.key), at($0.value)) }
  }

  /// The value of the last entry with the key `key`.
  ///
  /// - Complexity: O(entries).
  package subscript(key: String) -> PickleValue? {
    let entry = dictionary?.last {
      if case .string(let text) = graph.nodes[Int($0.key)] { text == key } else { false }
    }
    return entry.map { at($0.value) }
  }

  /// The dotted name of a global.
  var globalName: String? {
    if case .global(let number) = node { graph.globals[Int(number)].name } else { nil }
  }

  private var object: PickleGraph.Object? {
    if case .object(let number) = node { graph.objects[Int(number)] } else { nil }
  }

  /// The name of what an object would have been made by.
  package var calleeName: String? { object.flatMap { at($0.callee).globalName } }

  /// What an object would have been made from.
  var arguments: [PickleValue] { object.flatMap { at($0.arguments).elements } ?? [] }

  /// The state that was set on an object.
  package var state: PickleValue? { object?.state.map(at) }

  /// The identifier of something outside of the pickle.
  var persistentID: PickleValue? {
    if case .persistent(let index) = node { at(index) } else { nil }
  }

  /// The attribute `name` of an object, from its state or, for a slotted class, the second part of its state.
  package func attribute(_ name: String) -> PickleValue? { state?.member(name) }

  /// The member `name` of a state: a dictionary, or the pair of one for plain and one for slotted attributes.
  func member(_ name: String) -> PickleValue? {
    if let value = self[name] { return value }
    guard case .tuple(let parts) = node, parts.count == 2 else { return nil }
    return at(parts[1])[name] ?? at(parts[0])[name]
  }

  /// The value of a member of an enumeration: the only argument of an object of a known class, without state.
  var enumerationValue: PickleValue? {
    guard let object, object.state == nil, object.items == nil, object.entries == nil, arguments.count == 1,
      case .global(let number) = at(object.callee).node, graph.globals[Int(number)].isKnown
    else { return nil }
    switch arguments[0].node {
    case .string, .integer: return arguments[0]
    default: return nil
    }
  }

  /// The extents of a `torch.Size` or a tuple of integers.
  var extents: [Int]? {
    guard let elements else { return nil }
    var extents: [Int] = []
    for element in elements {
      guard let extent = element.int else { return nil }
      extents.append(extent)
    }
    return extents
  }
}
