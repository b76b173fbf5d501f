internal import RunFolder
internal import YAML

/// Takes the values out of a mapping one by one, and notes every problem instead of stopping at the first.
struct MappingReader {
  /// What the mapping is called in error texts.
  let name: String
  /// Where the mapping begins.
  let position: SourcePosition
  /// The problems so far.
  private(set) var problems: [YAMLProblem] = []
  /// Whether there is a mapping to read.
  let isMapping: Bool
  private let entries: [YAMLNode.Entry]
  private var known: [String] = []

  /// A reader of `node`, without entries and with a problem where that is no mapping.
  init(_ node: YAMLNode, name: String) {
    self.name = name
    position = node.position
    if case .mapping(let entries) = node.content {
      self.entries = entries
      isMapping = true
    } else {
      entries = []
      isMapping = false
      problems.append(.init(node.position, "\(name) must be a mapping (key: value), not \(node.kindName)"))
    }
  }

  /// Whether the mapping holds `key`.
  func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  /// Where the key stands, or where the mapping begins.
  func position(of key: String) -> SourcePosition {
    entries.first { $0.key == key }?.position ?? position
  }

  /// Notes a problem at a key.
  mutating func report(_ message: String, at position: SourcePosition) {
    problems.append(.init(position, message))
  }

  /// Takes over the problems of a reader within.
  mutating func adopt(_ inner: [YAMLProblem]) { problems += inner }

  /// The value of `key` as it stands.
  mutating func node(_ key: String) -> YAMLNode? {
    known.append(key)
    return entries.first { $0.key == key }?.value
  }

  /// The text of `key`.
  mutating func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    if case .scalar(let text, let isPlain) = node.content, !text.isEmpty, !(isPlain && text == "~") {
      return text
    }
    report("\(key) must be a text, not \(node.kindName)", at: node.position)
    return nil
  }

  /// The texts of `key`: one, or a list.
  mutating func texts(_ key: String) -> [String]? {
    guard let node = node(key) else { return nil }
    let elements: [YAMLNode] = if case .sequence(let elements) = node.content { elements } else { [node] }
    var texts: [String] = []
    for element in elements {
      if case .scalar(let text, _) = element.content, !text.isEmpty {
        texts.append(text)
      } else {
        report("\(key) must hold texts, not \(element.kindName)", at: element.position)
      }
    }
    return texts
  }

  /// The finite number of `key`.
  mutating func number(_ key: String) -> Double? {
    guard let node = node(key) else { return nil }
    if case .scalar(let text, isPlain: true) = node.content, let value = Self.number(text) { return value }
    report("\(key) must be a number, not \(node.kindName)", at: node.position)
    return nil
  }

  /// The share of `key`, written as `10%` or `0.1`, within `range`.
  mutating func share(_ key: String, within range: ClosedRange<Double>) -> Double? {
    guard let node = node(key) else { return nil }
    if case .scalar(let text, _) = node.content, let value = Self.percentage(text) ?? Self.number(text),
      range.contains(value)
    {
      return value
    }
    report(
      "\(key) must be a share between \(range.lowerBound) and \(range.upperBound), such as \(range.contains(0.1) ? "10% or 0.1" : "95% or 0.95"), "
        + "not \(node.kindName)", at: node.position)
    return nil
  }

  /// The word of `key`, which has to be one of `choices`.
  mutating func choice<Choice: RawRepresentable<String>>(_ key: String, _ choices: [Choice]) -> Choice? {
    guard let node = node(key) else { return nil }
    let words = choices.map(\.rawValue)
    if case .scalar(let text, _) = node.content, let choice = choices.first(where: { $0.rawValue == text }) {
      return choice
    }
    let hint =
      if case .scalar(let text, _) = node.content { Self.hint(for: text, among: words) } else { "" }
    report("\(key) cannot be \(node.kindName)\(hint)", at: node.position)
    return nil
  }

  /// Notes every key that nobody asked for, and gives all problems.
  mutating func finish() -> [YAMLProblem] {
    for entry in entries where !known.contains(entry.key) {
      let hint = Self.hint(for: entry.key, among: known)
      report("unknown key \"\(entry.key)\" in \(name)\(hint)", at: entry.position)
    }
    return problems
  }

  /// `; did you mean "x"?` for the word of `known` that is near `word`, else `; known: …`.
  static func hint(for word: String, among known: [String]) -> String {
    if let nearest = Suggestion.nearest(to: word, among: known) { return "; did you mean \"\(nearest)\"?" }
    return "; known: \(known.joined(separator: ", "))"
  }

  /// A finite number in YAML's decimal notations.
  static func number(_ text: String) -> Double? {
    guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first),
      text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }), let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// `10%` as 0.1.
  static func percentage(_ text: String) -> Double? {
    guard text.hasSuffix("%") else { return nil }
    return number(String(text.dropLast())).map { $0 / 100 }
  }
}
