internal import Bytes

/// The pickle machine, which builds inert values and calls nothing.
///
/// Python's `pickletools` documents the opcodes. All of protocols 0 to 5 are understood, more than torch's
/// `weights_only` reader accepts, because an untrusted file is told by the names in it, and a reader that stops
/// at an old opcode would not see them.
///
/// Frames (protocol 4) say how many bytes Python reads at once, and change nothing in what stands there as long as they
/// hold whole opcodes. Where one cuts an opcode, Python's two readers go on at different bytes, so that a pickle can
/// show one thing here and do another there: such a frame is a fault. A value outside of any frame is none: that is how
/// large ones are written.
struct PickleReader {
  typealias Index = PickleGraph.Index
  typealias Node = PickleGraph.Node

  var nodes: [Node]
  var depths: [UInt16]
  var lists: [[Index]] = []
  var dictionaries: [[PickleGraph.Entry]] = []
  var objects: [PickleGraph.Object] = []
  var globals: [(name: String, offset: Int, uses: Int)] = []
  var globalByName: [String: Int32] = [:]
  var stack: [Index] = []
  var marks: [Int] = []
  var denseMemo: [Index] = []
  var sparseMemo: [UInt64: Index] = [:]
  let limits: PickleLimits
  /// The values that containers made from other containers have taken over.
  var copiedCount = 0
  var attributes = AttributeAccesses()
  /// The offset of the opcode that is being read.
  var opcodeOffset = 0
  /// Where the frame ends that is being read; nil outside of one.
  private var frameEnd: Int?

  /// The nodes that every graph starts with: none, false, true, and the integers 0 to 255.
  static let commonNodes: [Node] = [.none, .bool(false), .bool(true)] + (0..<256).map { .integer($0) }
  static let noneIndex: Index = 0

  static func index(_ value: Bool) -> Index { value ? 2 : 1 }
  static func index(_ value: UInt8) -> Index { 3 + Index(value) }

  init(limits: PickleLimits) {
    self.limits = limits
    nodes = Self.commonNodes
    depths = Array(repeating: 0, count: nodes.count)
  }

  /// Reads one pickle from the reader's position and moves past its end.
  ///
  /// - Complexity: O(bytes), in time and memory; at most about 30 bytes for each byte of the pickle.
  /// - Throws: the first `PickleFault`, with its offset from the start of the reader's bytes.
  static func read(
    _ reader: inout ByteReader, limits: PickleLimits = PickleLimits()
  ) throws(Located<PickleFault>) -> PickleGraph {
    let start = reader.position
    var machine = PickleReader(limits: limits)
    do throws(PickleFault) {
      let root = try machine.run(&reader)
      return machine.graph(root: root, from: start)
    } catch {
      throw Located(error, at: machine.opcodeOffset)
    }
  }

  /// The functions and classes that a pickle names, as far as it can be read: what stands before a fault is executed by
  /// Python all the same.
  static func globals(
    _ reader: inout ByteReader, limits: PickleLimits = PickleLimits()
  ) -> (globals: [PickleGlobal], fault: Located<PickleFault>?) {
    let start = reader.position
    var machine = PickleReader(limits: limits)
    do throws(PickleFault) {
      _ = try machine.run(&reader)
      return (machine.globals(from: start), nil)
    } catch {
      return (machine.globals(from: start), Located(error, at: machine.opcodeOffset - start))
    }
  }

  private func globals(from start: Int) -> [PickleGlobal] {
    globals.map {
      PickleGlobal(
        name: $0.name, offset: $0.offset - start, uses: $0.uses,
        isKnown: KnownGlobals.contains($0.name) || attributes.areHarmless(of: $0.name))
    }
  }

  /// Whether the bytes that remain begin with a pickle, of whatever protocol, or with opcodes that call something before
  /// they make no sense any more: Python has called it by then.
  static func recognises(_ reader: inout ByteReader) -> Bool {
    var machine = PickleReader(limits: PickleLimits())
    return (try? machine.run(&reader)) != nil || machine.globals.contains { $0.uses > 0 }
  }

  private func graph(root: Index, from start: Int) -> PickleGraph {
    PickleGraph(
      nodes: nodes, lists: lists, dictionaries: dictionaries, objects: objects,
      globals: globals(from: start), root: root)
  }

  private mutating func run(_ reader: inout ByteReader) throws(PickleFault) -> Index {
    while true {
      opcodeOffset = reader.position
      guard let byte = reader.byte() else { throw .truncated }
      guard let opcode = PickleOpcode(rawValue: byte) else { throw .unknownOpcode(byte) }
      if opcode == .frame { try beginFrame(&reader) }
      let root = opcode == .stop ? try pop(opcode) : nil
      if opcode != .stop, opcode != .frame { try perform(opcode, &reader) }
      if let end = frameEnd, opcodeOffset < end {
        guard reader.position <= end else { throw .cutByFrame(opcode: opcode.rawValue) }
        if reader.position == end { frameEnd = nil }
      }
      if let root { return root }
    }
  }

  private mutating func beginFrame(_ reader: inout ByteReader) throws(PickleFault) {
    guard frameEnd == nil else { throw .frameWithinFrame }
    guard let length = reader.littleEndian(UInt64.self) else { throw .truncated }
    guard length <= UInt64(reader.remaining), let count = Int(exactly: length) else {
      throw .length(length, remaining: reader.remaining)
    }
    if count > 0 { frameEnd = reader.position + count }
  }

  private mutating func perform(_ opcode: PickleOpcode, _ reader: inout ByteReader) throws(PickleFault) {
    switch opcode {
    case .none: try push(Self.noneIndex)
    case .newTrue: try push(Self.index(true))
    case .newFalse: try push(Self.index(false))
    case .binaryInt, .binaryInt1, .binaryInt2, .long1, .long4, .binaryFloat:
      try pushNumber(opcode, &reader)
    case .int, .long, .float, .string, .unicode, .persistentID, .get, .put:
      try performTextual(opcode, &reader)
    case .binaryUnicode, .shortBinaryUnicode, .binaryUnicode8, .binaryString, .shortBinaryString,
      .binaryBytes,
      .shortBinaryBytes, .binaryBytes8, .byteArray8:
      try pushText(opcode, &reader)
    case .binaryGet, .longBinaryGet, .binaryPut, .longBinaryPut, .memoize: try memoise(opcode, &reader)
    case .mark:
      guard marks.count < limits.marks else { throw .tooManyMarks(limit: limits.marks) }
      marks.append(stack.count)
    case .pop: try popOrMark()
    case .popMark: _ = try popToMark(opcode)
    case .duplicate:
      guard let top = stack.last else { throw .emptyStack(opcode: opcode.rawValue) }
      noteCopy(of: top)
      try push(top)
    case .emptyTuple, .emptyList, .emptyDictionary, .emptySet, .tuple, .tuple1, .tuple2, .tuple3, .list,
      .dictionary, .frozenSet:
      try pushContainer(opcode)
    case .append, .appends, .addItems, .setItem, .setItems, .build: try change(opcode)
    case .global, .stackGlobal, .instance, .object, .newObject, .newObjectEx, .reduce, .extension1,
      .extension2,
      .extension4:
      try construct(opcode, &reader)
    case .binaryPersistentID: try pushNode(.persistent(try pop(opcode)))
    case .proto:
      guard let number = reader.byte() else { throw .truncated }
      guard number <= 5 else { throw .unknownProtocol(Int(number)) }
    case .nextBuffer, .readOnlyBuffer: throw .outOfBandBuffer
    case .frame, .stop: break
    }
  }
}

// The stack and the arena.
extension PickleReader {
  mutating func push(_ index: Index) throws(PickleFault) {
    guard stack.count < limits.stack else { throw .tooManyValues(limit: limits.stack) }
    stack.append(index)
  }

  /// Takes the top of the stack, which must not lie before the last mark.
  mutating func pop(_ opcode: PickleOpcode) throws(PickleFault) -> Index {
    guard stack.count > (marks.last ?? 0) else { throw .emptyStack(opcode: opcode.rawValue) }
    return stack.removeLast()
  }

  /// The top of the stack.
  func top(_ opcode: PickleOpcode) throws(PickleFault) -> Index {
    guard stack.count > (marks.last ?? 0), let top = stack.last else {
      throw .emptyStack(opcode: opcode.rawValue)
    }
    return top
  }

  /// Takes everything after the last mark, and the mark.
  mutating func popToMark(_ opcode: PickleOpcode) throws(PickleFault) -> [Index] {
    guard let mark = marks.popLast() else { throw .noMark(opcode: opcode.rawValue) }
    let values = Array(stack[mark...])
    stack.removeLast(values.count)
    return values
  }

  private mutating func popOrMark() throws(PickleFault) {
    if let mark = marks.last, mark == stack.count {
      marks.removeLast()
    } else {
      _ = try pop(.pop)
    }
  }

  /// Adds a value to the arena and pushes it.
  mutating func pushNode(_ node: Node, depth: Int = 1) throws(PickleFault) {
    try push(try add(node, depth: depth))
  }

  mutating func add(_ node: Node, depth: Int = 1) throws(PickleFault) -> Index {
    guard nodes.count < limits.values else { throw .tooManyValues(limit: limits.values) }
    guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
    nodes.append(node)
    depths.append(UInt16(depth))
    return Index(nodes.count - 1)
  }

  /// One more than the depth of the deepest of `values`.
  func depth(over values: [Index]) -> Int {
    values.reduce(0) { max($0, Int(depths[Int($1)])) } + 1
  }

  /// Makes `target` at least one level deeper than `value`.
  mutating func deepen(_ target: Index, over value: Index) throws(PickleFault) {
    let depth = Int(depths[Int(value)]) + 1
    guard depth > Int(depths[Int(target)]), target != value else { return }
    guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
    depths[Int(target)] = UInt16(depth)
  }
}
