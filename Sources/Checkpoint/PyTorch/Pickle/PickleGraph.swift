/// What a pickle builds, as inert values: nothing of it was called, imported or executed.
///
/// Values refer to each other by number, so cycles, shared values and deep nesting cost nothing to hold or to
/// free. `PickleValue` is the view on one of them.
final class PickleGraph: Sendable {
  typealias Index = Int32

  enum Node: Sendable {
    case none
    case bool(Bool)
    case integer(Int64)
    /// An integer beyond 64 bits: two's complement, least significant byte first.
    case bigInteger([UInt8])
    case float(Double)
    case string(String)
    case bytes([UInt8])
    case tuple([Index])
    /// By its number in `lists`.
    case list(Int32)
    /// By its number in `dictionaries`.
    case dictionary(Int32)
    /// By its number in `lists`.
    case set(Int32)
    /// By its number in `globals`.
    case global(Int32)
    /// By its number in `objects`.
    case object(Int32)
    /// The identifier of something that stands outside of the pickle: a storage.
    case persistent(Index)
  }

  /// What a call, a construction or an extension code would have made.
  struct Object: Sendable {
    var callee: Index
    var arguments: Index
    /// The last state that was set on it.
    var state: Index?
    /// What was appended to it, by number in `lists`.
    var items: Int32?
    /// What was set in it, by number in `dictionaries`.
    var entries: Int32?
  }

  /// A key and its value.
  struct Entry: Sendable {
    var key: Index
    var value: Index
  }

  let nodes: [Node]
  let lists: [[Index]]
  let dictionaries: [[Entry]]
  let objects: [Object]
  /// Every global the pickle names, each once, in the order of first appearance.
  let globals: [PickleGlobal]
  let root: Index

  init(
    nodes: [Node], lists: [[Index]], dictionaries: [[Entry]], objects: [Object], globals: [PickleGlobal],
    root: Index
  ) {
    self.nodes = nodes
    self.lists = lists
    self.dictionaries = dictionaries
    self.objects = objects
    self.globals = globals
    self.root = root
  }
}

/// A function or class that a pickle names, and would call or build when Python loads it.
public struct PickleGlobal: Hashable, Sendable {
  /// The dotted name, for example `torch._utils._rebuild_tensor_v2`.
  public let name: String
  /// The offset, from the start of the pickle, of the opcode that names it first.
  public let offset: Int
  /// How many times the pickle calls it or builds it.
  public let uses: Int
  /// Whether it is on the list of names that checkpoints are known to hold (`KnownGlobals`).
  public let isKnown: Bool
}
