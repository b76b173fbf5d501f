internal import Bytes

// Containers and the inert objects that calls become.
extension PickleReader {
  mutating func pushContainer(_ opcode: PickleOpcode) throws(PickleFault) {
    switch opcode {
    case .emptyTuple: try pushNode(.tuple([]))
    case .emptyList: try pushNode(.list(addList([])))
    case .emptySet: try pushNode(.set(addList([])))
    case .emptyDictionary: try pushNode(.dictionary(addDictionary([])))
    case .tuple1: try pushTuple(count: 1, opcode)
    case .tuple2: try pushTuple(count: 2, opcode)
    case .tuple3: try pushTuple(count: 3, opcode)
    case .dictionary:
      let values = try popToMark(opcode)
      try pushNode(.dictionary(addDictionary(try Self.entries(values))), depth: depth(over: values))
    default:
      let values = try popToMark(opcode)
      let depth = depth(over: values)
      switch opcode {
      case .tuple: try pushNode(.tuple(values), depth: depth)
      case .list: try pushNode(.list(addList(values)), depth: depth)
      default: try pushNode(.set(addList(values)), depth: depth)
      }
    }
  }

  private mutating func pushTuple(count: Int, _ opcode: PickleOpcode) throws(PickleFault) {
    guard stack.count - (marks.last ?? 0) >= count else { throw .emptyStack(opcode: opcode.rawValue) }
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    try pushNode(.tuple(values), depth: depth(over: values))
  }

  mutating func addList(_ values: [Index]) -> Int32 {
    lists.append(values)
    return Int32(lists.count - 1)
  }

  mutating func addDictionary(_ entries: [PickleGraph.Entry]) -> Int32 {
    dictionaries.append(entries)
    return Int32(dictionaries.count - 1)
  }

  static func entries(_ values: [Index]) throws(PickleFault) -> [PickleGraph.Entry] {
    guard values.count.isMultiple(of: 2) else { throw .oddEntries }
    return stride(from: 0, to: values.count, by: 2).map { .init(key: values[$0], value: values[$0 + 1]) }
  }

  mutating func change(_ opcode: PickleOpcode) throws(PickleFault) {
    switch opcode {
    case .append:
      let value = try pop(opcode)
      try append([value], opcode)
    case .appends, .addItems: try append(try popToMark(opcode), opcode)
    case .setItem:
      let value = try pop(opcode)
      let key = try pop(opcode)
      try set([key, value], opcode)
    case .setItems: try set(try popToMark(opcode), opcode)
    default:
      let state = try pop(opcode)
      let target = try top(opcode)
      try deepen(target, over: state)
      // State on a container of Python's own (an OrderedDict's attributes) is of no interest.
      if case .object(let number) = nodes[Int(target)] { objects[Int(number)].state = state }
    }
  }

  private mutating func append(_ values: [Index], _ opcode: PickleOpcode) throws(PickleFault) {
    let target = try top(opcode)
    for value in values { try deepen(target, over: value) }
    switch nodes[Int(target)] {
    case .list(let number), .set(let number): lists[Int(number)].append(contentsOf: values)
    case .object(let number):
      if let items = objects[Int(number)].items {
        lists[Int(items)].append(contentsOf: values)
      } else {
        objects[Int(number)].items = addList(values)
      }
    default: throw .wrongTarget(opcode: opcode.rawValue, kind: kind(of: target))
    }
  }

  private mutating func set(_ values: [Index], _ opcode: PickleOpcode) throws(PickleFault) {
    let target = try top(opcode)
    for value in values { try deepen(target, over: value) }
    let entries = try Self.entries(values)
    switch nodes[Int(target)] {
    case .dictionary(let number): dictionaries[Int(number)].append(contentsOf: entries)
    case .object(let number):
      if let existing = objects[Int(number)].entries {
        dictionaries[Int(existing)].append(contentsOf: entries)
      } else {
        objects[Int(number)].entries = addDictionary(entries)
      }
    default: throw .wrongTarget(opcode: opcode.rawValue, kind: kind(of: target))
    }
  }

  mutating func construct(_ opcode: PickleOpcode, _ reader: inout ByteReader) throws(PickleFault) {
    switch opcode {
    case .global:
      let module = try Self.line(&reader)
      let name = try Self.line(&reader)
      try push(try global(module + "." + name))
    case .stackGlobal:
      let name = try pop(opcode)
      let module = try pop(opcode)
      guard case .string(let moduleText) = nodes[Int(module)], case .string(let nameText) = nodes[Int(name)]
      else { throw .wrongTarget(opcode: opcode.rawValue, kind: kind(of: name)) }
      try push(try global(moduleText + "." + nameText))
    case .instance:
      let module = try Self.line(&reader)
      let name = try Self.line(&reader)
      let arguments = try popToMark(opcode)
      try pushObject(try global(module + "." + name), arguments)
    case .object:
      var arguments = try popToMark(opcode)
      guard !arguments.isEmpty else { throw .emptyStack(opcode: opcode.rawValue) }
      let callee = arguments.removeFirst()
      try pushObject(callee, arguments)
    case .extension1, .extension2, .extension4:
      let code: UInt32? =
        switch opcode {
        case .extension1: reader.byte().map(UInt32.init)
        case .extension2: reader.littleEndian(UInt16.self).map(UInt32.init)
        default: reader.littleEndian(UInt32.self)
        }
      guard let code else { throw .truncated }
      try push(try global("copyreg.extension.\(code)"))
    case .newObjectEx:
      let keywords = try pop(opcode)
      let arguments = try pop(opcode)
      try pushObject(try pop(opcode), [arguments, keywords])
    default:
      let arguments = try pop(opcode)
      try call(try pop(opcode), arguments)
    }
  }

  /// The node of the global `name`, made at its first appearance.
  private mutating func global(_ name: String) throws(PickleFault) -> Index {
    attributes.note(name)
    if let number = globalByName[name] { return try add(.global(number)) }
    let number = Int32(globals.count)
    globals.append((name, opcodeOffset, 0))
    globalByName[name] = number
    return try add(.global(number))
  }

  private mutating func pushObject(_ callee: Index, _ arguments: [Index]) throws(PickleFault) {
    let tuple = try add(.tuple(arguments), depth: depth(over: arguments))
    try pushObject(callee, argumentsAt: tuple)
  }

  private mutating func pushObject(_ callee: Index, argumentsAt arguments: Index) throws(PickleFault) {
    countUse(of: callee)
    objects.append(PickleGraph.Object(callee: callee, arguments: arguments))
    try pushNode(.object(Int32(objects.count - 1)), depth: depth(over: [callee, arguments]))
  }

  private mutating func countUse(of callee: Index) {
    if case .global(let number) = nodes[Int(callee)] { globals[Int(number)].uses += 1 }
  }

  /// What REDUCE and NEWOBJ would make: containers of Python's own become such, all else an inert object.
  private mutating func call(_ callee: Index, _ arguments: Index) throws(PickleFault) {
    guard case .global(let number) = nodes[Int(callee)], case .tuple(let values) = nodes[Int(arguments)]
    else {
      return try pushObject(callee, argumentsAt: arguments)
    }
    if let nested = nestedClass(Int(number), values) {
      countUse(of: callee)
      attributes.resolve(globals[Int(number)].name)
      return try push(try global(nested))
    }
    let container: Node? =
      switch globals[Int(number)].name {
      case "collections.OrderedDict": try orderedDictionary(values)
      case "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset":
        try elements(values).map { .set(addList($0)) }
      default: nil
      }
    guard let container else { return try pushObject(callee, argumentsAt: arguments) }
    countUse(of: callee)
    try pushNode(container, depth: Int(depths[Int(arguments)]) + 1)
  }

  private mutating func orderedDictionary(_ values: [Index]) throws(PickleFault) -> Node? {
    guard let pairs = try elements(values) else { return nil }
    var entries: [PickleGraph.Entry] = []
    entries.reserveCapacity(pairs.count)
    for pair in pairs {
      guard let parts = try elements([pair]), parts.count == 2 else { return nil }
      entries.append(.init(key: parts[0], value: parts[1]))
    }
    return .dictionary(addDictionary(entries))
  }

  /// The elements of the only argument, where that is a list or tuple; none where there is no argument.
  private mutating func elements(_ arguments: [Index]) throws(PickleFault) -> [Index]? {
    guard let only = arguments.first else { return [] }
    guard arguments.count == 1 else { return nil }
    let values: [Index]
    switch nodes[Int(only)] {
    case .list(let number): values = lists[Int(number)]
    case .tuple(let elements): values = elements
    default: return nil
    }
    // One list in the memo can be copied by every few bytes of a pickle.
    copiedCount += values.count
    guard copiedCount <= limits.values else { throw .tooManyValues(limit: limits.values) }
    return values
  }

  func kind(of index: Index) -> String {
    switch nodes[Int(index)] {
    case .none: "None"
    case .bool: "a truth value"
    case .integer, .bigInteger: "an integer"
    case .float: "a float"
    case .string: "a string"
    case .bytes: "bytes"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .set: "a set"
    case .global: "a global"
    case .object: "an object"
    case .persistent: "a storage"
    }
  }
}
