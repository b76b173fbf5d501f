internal import Bytes

/// What a recorded graph is made of: how many nodes, of which operations, in which scopes.
///
/// The bytes are walked once and nothing but counts is kept, so that a graph of tens of megabytes costs no memory.
public struct GraphOutline: Equatable, Sendable {
  /// The number of bytes of the graph.
  public var byteCount: Int
  /// The number of nodes.
  public private(set) var nodeCount = 0
  /// The number of functions in the graph's library.
  public private(set) var functionCount = 0
  /// The operations with the number of their nodes, the most frequent first.
  public private(set) var operations: [Count] = []
  /// The outermost two scopes of the nodes' names with the number of nodes in them, in order of first appearance.
  public private(set) var scopes: [Count] = []
  /// The number of elements of all variables whose shape the graph tells; nil where it tells none.
  public private(set) var parameterCount: Int?
  /// Whether there are more names of operations or scopes than are kept.
  public private(set) var isCut = false

  /// A name and how many nodes it stands for.
  public struct Count: Equatable, Sendable {
    /// The name.
    public var name: String
    /// The number of nodes.
    public var count: Int
  }

  /// The most names that are kept.
  static let mostNames = 4096

  /// The outline of the graph whose message is `bytes`; nil where it is none.
  init?(_ bytes: RawSpan) {
    byteCount = bytes.byteCount
    var kinds = Counter()
    var scopes = Counter()
    var reader = ByteReader(bytes)
    while !reader.isAtEnd {
      guard let field = WireField(&reader) else { return nil }
      switch (field.number, field.content) {
      case (1, .bytes(let range)):
        guard let node = Node(bytes.extracting(range)) else { return nil }
        nodeCount += 1
        kinds.add(node.operation)
        scopes.add(node.scope)
        if let count = node.elementCount {
          parameterCount = (parameterCount ?? 0).clampedAdd(count)
        }
      case (2, .bytes(let range)):
        guard let count = Self.functions(bytes.extracting(range)) else { return nil }
        functionCount = count
      default: break
      }
    }
    operations = kinds.counts.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    self.scopes = scopes.counts
    isCut = kinds.isCut || scopes.isCut
  }

  /// The outline of the graph in the meta graph whose message is `bytes`; nil where it is none or has none.
  init?(metaGraph bytes: RawSpan) {
    var reader = ByteReader(bytes)
    while !reader.isAtEnd {
      guard let field = WireField(&reader) else { return nil }
      guard field.number == 2, case .bytes(let range) = field.content else { continue }
      self.init(bytes.extracting(range))
      return
    }
    return nil
  }

  private static func functions(_ library: RawSpan) -> Int? {
    var reader = ByteReader(library)
    var count = 0
    while !reader.isAtEnd {
      guard let field = WireField(&reader) else { return nil }
      if field.number == 1 { count += 1 }
    }
    return count
  }

  /// Names counted in order of first appearance.
  private struct Counter {
    var counts: [Count] = []
    var places: [String: Int] = [:]
    var isCut = false

    mutating func add(_ name: String) {
      if let place = places[name] {
        counts[place].count += 1
      } else if counts.count < mostNames {
        places[name] = counts.count
        counts.append(Count(name: name, count: 1))
      } else {
        isCut = true
      }
    }
  }

  /// What is needed of a node.
  private struct Node {
    var operation = ""
    var scope = ""
    var elementCount: Int?

    init?(_ bytes: RawSpan) {
      var reader = ByteReader(bytes)
      var shape: Int?
      while !reader.isAtEnd {
        guard let field = WireField(&reader) else { return nil }
        guard case .bytes(let range) = field.content else { continue }
        switch field.number {
        case 1:
          let name = bytes.extracting(range).repairedText()
          scope = name.split(separator: "/", maxSplits: 2).prefix(2).joined(separator: "/")
        case 2: operation = bytes.extracting(range).repairedText()
        case 5: shape = Self.shape(bytes.extracting(range)) ?? shape
        default: break
        }
      }
      if Self.variables.contains(operation) { elementCount = shape }
    }

    private static let variables: Set<String> = ["Variable", "VariableV2", "VarHandleOp"]

    /// The number of elements of the attribute `shape`; nil for another attribute, and where it is not all known.
    private static func shape(_ entry: RawSpan) -> Int? {
      var reader = ByteReader(entry)
      var isShape = false
      var count: Int?
      while !reader.isAtEnd {
        guard let field = WireField(&reader) else { return nil }
        guard case .bytes(let range) = field.content else { continue }
        if field.number == 1 { isShape = entry.extracting(range).repairedText() == "shape" }
        if field.number == 2, let value = WireField.first(7, in: entry.extracting(range)) {
          count = product(entry.extracting(range).extracting(value))
        }
      }
      return isShape ? count : nil
    }

    private static func product(_ shape: RawSpan) -> Int? {
      var reader = ByteReader(shape)
      var product = 1
      while !reader.isAtEnd {
        guard let field = WireField(&reader) else { return nil }
        guard field.number == 2, case .bytes(let range) = field.content else { return nil }
        var inner = ByteReader(shape.extracting(range))
        guard let size = WireField(&inner), size.number == 1, case .varint(let value) = size.content,
          let extent = Int(exactly: value)
        else { return nil }
        let (next, overflow) = product.multipliedReportingOverflow(by: extent)
        if overflow { return nil }
        product = next
      }
      return product
    }
  }
}

/// One field of a message on the wire.
struct WireField {
  /// The field's number.
  var number: UInt64
  /// What it holds.
  var content: Content

  enum Content {
    case varint(UInt64)
    case fixed
    /// The place of its bytes in the message.
    case bytes(Range<Int>)
  }

  /// The next field of `reader`; nil where the bytes are no message.
  init?(_ reader: inout ByteReader) {
    guard let key = reader.varint(), key >> 3 > 0 else { return nil }
    number = key >> 3
    switch key & 7 {
    case 0:
      guard let value = reader.varint() else { return nil }
      content = .varint(value)
    case 1, 5:
      guard reader.skip(key & 7 == 1 ? 8 : 4) else { return nil }
      content = .fixed
    case 2:
      guard let length = reader.varint(), let count = Int(exactly: length) else { return nil }
      let start = reader.position
      guard reader.skip(count) else { return nil }
      content = .bytes(start..<start + count)
    default: return nil
    }
  }

  /// The place of the first field `number` in `message` that holds bytes.
  static func first(_ number: UInt64, in message: RawSpan) -> Range<Int>? {
    var reader = ByteReader(message)
    while !reader.isAtEnd {
      guard let field = WireField(&reader) else { return nil }
      if field.number == number, case .bytes(let range) = field.content { return range }
    }
    return nil
  }
}
