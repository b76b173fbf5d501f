/// The mentions of `getattr` in a pickle.
///
/// Protocol 2 has no other way to name a class within a class, as the ShardedTensor of FSDP 1 needs. `getattr` is
/// harmless only where each mention is a call that names a known class so; a mention that went anywhere else could
/// be a way to any function.
struct AttributeAccesses {
  private var mentioned: [String: Int] = [:]
  private var resolved: [String: Int] = [:]

  static func isGetter(_ name: String) -> Bool { name == "builtins.getattr" || name == "__builtin__.getattr" }

  /// Whether there may be mentions to count.
  var isEmpty: Bool { mentioned.isEmpty }

  /// Counts a mention, where `name` is that of the function.
  mutating func note(_ name: String) {
    if Self.isGetter(name) { mentioned[name, default: 0] += 1 }
  }

  /// Counts a call that names a known class.
  mutating func resolve(_ name: String) { resolved[name, default: 0] += 1 }

  /// Whether every mention of `name` is a call that names a known class.
  func areHarmless(of name: String) -> Bool {
    guard let count = mentioned[name] else { return false }
    return resolved[name] == count
  }
}

extension PickleReader {
  /// Counts a value that is on the stack once more.
  mutating func noteCopy(of index: Index) {
    guard !attributes.isEmpty, case .global(let number) = nodes[Int(index)] else { return }
    attributes.note(globals[Int(number)].name)
  }

  /// The name of the class that `getattr(class, name)` gives, where the global is that function and the name known.
  func nestedClass(_ number: Int, _ arguments: [Index]) -> String? {
    guard AttributeAccesses.isGetter(globals[number].name), arguments.count == 2,
      case .global(let outer) = nodes[Int(arguments[0])], case .string(let inner) = nodes[Int(arguments[1])]
    else { return nil }
    let name = globals[Int(outer)].name + "." + inner
    return KnownGlobals.contains(name) ? name : nil
  }
}
