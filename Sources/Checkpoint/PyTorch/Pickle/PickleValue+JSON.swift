internal import Bytes
package import JSON

extension PickleValue {
  /// The value as JSON, as far as JSON has it: sets and tuples become arrays, members of an enumeration their
  /// values, other objects their attributes.
  ///
  /// - Parameter budget: how many values may be written; what is beyond is left out, and so is what lies deeper than
  ///   32 levels.
  package func json(budget: Int = 100_000) -> JSONValue {
    var writing = JSONWriting(budget: budget)
    return json(&writing)
  }

  private func json(_ writing: inout JSONWriting) -> JSONValue {
    writing.budget -= 1
    guard writing.budget > 0, writing.open.count < 32 else { return .string("…") }
    switch node {
    case .none: return .null
    case .bool(let value): return .bool(value)
    case .integer(let value): return .number(value)
    case .bigInteger(let digits): return .string("an integer of \(digits.count) bytes")
    case .float(let value): return .number(value)
    case .string(let text): return .string(text)
    case .bytes(let bytes): return .string("\(Thousands.text(bytes.count)) bytes")
    case .global: return .string(globalName ?? "")
    case .persistent: return .string("storage")
    case .tuple, .list, .set, .dictionary, .object:
      // A value within itself is not followed again.
      guard writing.open.insert(index).inserted else { return .string("…") }
      defer { writing.open.remove(index) }
      if case .object = node { return inert(&writing) }
      if let entries { return object(entries, &writing) }
      return array(elements ?? [], &writing)
    }
  }

  private func array(_ values: [PickleValue], _ writing: inout JSONWriting) -> JSONValue {
    var elements: [JSONValue] = []
    for value in values {
      guard writing.budget > 0 else { break }
      elements.append(value.json(&writing))
    }
    return .array(elements)
  }

  private func object(
    _ entries: [(key: PickleValue, value: PickleValue)], _ writing: inout JSONWriting
  ) -> JSONValue {
    var members: [JSONValue.Member] = []
    for (key, value) in entries {
      guard writing.budget > 0 else { break }
      members.append(.init(key.keyText, value.json(&writing)))
    }
    return .object(members)
  }

  private func inert(_ writing: inout JSONWriting) -> JSONValue {
    if let value = enumerationValue { return value.json(&writing) }
    let name = calleeName ?? ""
    if name.hasPrefix("pathlib."), let parts = path { return .string(parts) }
    if name == "datetime.timedelta", let seconds = timedelta { return .number(seconds) }
    if name.hasPrefix("torch._utils._rebuild") || name == "torch._tensor._rebuild_from_type_v2" {
      return .string("tensor")
    }
    if name == "torch.device" { return .string(arguments.map(\.keyText).joined(separator: ":")) }
    if let elements { return array(elements, &writing) }
    if let entries { return object(entries, &writing) }
    if let entries = state?.entries { return object(entries, &writing) }
    return .string(name)
  }

  /// What is left to write, and what is being written.
  private struct JSONWriting {
    var budget: Int
    var open: Set<PickleGraph.Index> = []
  }

  /// The text of a path of `pathlib`.
  private var path: String? {
    let parts = arguments.compactMap(\.string)
    guard parts.count == arguments.count, let first = parts.first else { return nil }
    return first == "/" ? "/" + parts.dropFirst().joined(separator: "/") : parts.joined(separator: "/")
  }

  /// The seconds of a `datetime.timedelta(days, seconds, microseconds)`.
  private var timedelta: Double? {
    let parts = arguments.compactMap(\.double)
    guard parts.count == 3 else { return nil }
    return parts[0] * 86_400 + parts[1] + parts[2] * 1e-6
  }
}
