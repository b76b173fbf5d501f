/// What a regular expression consists of.
indirect enum TagPatternNode {
  case set(ScalarSet)
  case condition(TagPattern.Condition)
  case sequence([TagPatternNode])
  case choice([TagPatternNode])
  /// So many times at least, and at most; nil for as often as one likes.
  case repetition(TagPatternNode, Int, Int?)
}

/// Reads a regular expression as Python's `re` has them, as far as it needs no backtracking.
struct TagPatternParser {
  private var rest: Substring.UnicodeScalarView
  private var depth = 0
  private var ignoresCase = false
  private var isMultiline = false
  private var isDotAll = false

  /// The most groups within one another.
  private static let deepest = 50
  /// The most times that something can be asked for by number.
  private static let mostTimes = 1000

  init(_ pattern: String) { rest = Substring(pattern).unicodeScalars }

  mutating func parse() throws(TagPatternError) -> TagPatternNode {
    try readFlags()
    let node = try choice()
    guard rest.isEmpty else { throw .invalid("a closing parenthesis too many") }
    return node
  }

  // MARK: Structure

  /// The flags that stand before everything: `(?i)`.
  private mutating func readFlags() throws(TagPatternError) {
    while rest.starts(with: "(?".unicodeScalars) {
      let letters = rest.dropFirst(2).prefix { ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
      guard !letters.isEmpty, rest.dropFirst(2 + letters.count).first == ")" else { return }
      for letter in letters {
        switch letter {
        case "i": ignoresCase = true
        case "m": isMultiline = true
        case "s": isDotAll = true
        case "u": break
        default: throw .unsupported("the flag \(letter)")
        }
      }
      rest = rest.dropFirst(letters.count + 3)
    }
  }

  private mutating func choice() throws(TagPatternError) -> TagPatternNode {
    var nodes = [try sequence()]
    while rest.first == "|" {
      rest.removeFirst()
      nodes.append(try sequence())
    }
    return nodes.count == 1 ? nodes[0] : .choice(nodes)
  }

  private mutating func sequence() throws(TagPatternError) -> TagPatternNode {
    var nodes: [TagPatternNode] = []
    while let scalar = rest.first, scalar != "|", scalar != ")" {
      rest.removeFirst()
      let node = try element(scalar)
      nodes.append(try repeated(node))
    }
    return .sequence(nodes)
  }

  private mutating func element(_ scalar: Unicode.Scalar) throws(TagPatternError) -> TagPatternNode {
    switch scalar {
    case "(": return try group()
    case "[": return .set(try bracketed())
    case ".": return .set(.any(withLineFeed: isDotAll))
    case "^": return .condition(isMultiline ? .lineStart : .start)
    case "$": return .condition(isMultiline ? .lineEnd : .lastLineEnd)
    case "*", "+", "?": throw .invalid("nothing to repeat")
    case "\\": return try escape()
    default: return literal(scalar)
    }
  }

  private mutating func group() throws(TagPatternError) -> TagPatternNode {
    if rest.first == "?" {
      rest.removeFirst()
      if rest.first == ":" {
        rest.removeFirst()
      } else if rest.starts(with: "P<".unicodeScalars) {
        guard let end = rest.firstIndex(of: ">") else { throw .invalid("a name of a group without its end") }
        rest = rest[rest.index(after: end)...]
      } else {
        throw .unsupported("a group that begins with (?\(rest.first.map { String($0) } ?? "")")
      }
    }
    depth += 1
    guard depth <= Self.deepest else { throw .unsupported("groups within more than \(Self.deepest) others") }
    let node = try choice()
    depth -= 1
    guard rest.popFirst() == ")" else { throw .invalid("a closing parenthesis is missing") }
    // A group is one thing, whatever is in it.
    return .sequence([node])
  }

  private func literal(_ scalar: Unicode.Scalar) -> TagPatternNode {
    .set(ScalarSet(ranges: [scalar...scalar], ignoresCase: ignoresCase))
  }

  // MARK: Repetitions

  private mutating func repeated(_ node: TagPatternNode) throws(TagPatternError) -> TagPatternNode {
    guard let (least, most) = try quantifier() else { return node }
    if case .condition = node { throw .invalid("nothing to repeat") }
    // Whether much or little is taken makes no difference to whether there is a match.
    if rest.first == "?" { rest.removeFirst() }
    if rest.first == "+" { throw .unsupported("a repetition that gives nothing back") }
    if rest.first == "*" { throw .invalid("a repetition of a repetition") }
    if try quantifier() != nil { throw .invalid("a repetition of a repetition") }
    return .repetition(node, least, most)
  }

  /// How often; nil where the next sign is none that says so.
  private mutating func quantifier() throws(TagPatternError) -> (Int, Int?)? {
    switch rest.first {
    case "*":
      rest.removeFirst()
      return (0, nil)
    case "+":
      rest.removeFirst()
      return (1, nil)
    case "?":
      rest.removeFirst()
      return (0, 1)
    case "{":
      var after = rest.dropFirst()
      let least = Self.digits(&after)
      var most = least
      var hasComma = false
      if after.first == "," {
        hasComma = true
        after.removeFirst()
        most = Self.digits(&after)
      }
      // A brace that says no number stands for itself.
      guard after.first == "}", hasComma || !least.isEmpty else { return nil }
      rest = after.dropFirst()
      let lower = least.isEmpty ? 0 : Int(least) ?? .max
      let upper = most.isEmpty ? nil : Int(most) ?? .max
      guard lower <= upper ?? .max else { throw .invalid("a repetition of at most less than at least") }
      guard max(lower, upper ?? 0) <= Self.mostTimes else {
        throw .unsupported("more than \(Self.mostTimes) repetitions")
      }
      return (lower, upper)
    default: return nil
    }
  }

  private static func digits(_ text: inout Substring.UnicodeScalarView) -> String {
    let digits = text.prefix { ("0"..."9").contains($0) }
    text = text.dropFirst(digits.count)
    return String(digits)
  }

  // MARK: Escapes and classes

  private mutating func escape() throws(TagPatternError) -> TagPatternNode {
    guard let scalar = rest.popFirst() else { throw .invalid("a backslash at the end") }
    switch scalar {
    case "A": return .condition(.start)
    case "Z": return .condition(.end)
    case "b": return .condition(.wordEdge(true))
    case "B": return .condition(.wordEdge(false))
    case "1"..."9": throw .unsupported("a reference to a group")
    default:
      if let found = Self.classes[scalar] {
        return .set(ScalarSet(classes: [found], ignoresCase: ignoresCase))
      }
      return literal(try escaped(scalar))
    }
  }

  private static let classes: [Unicode.Scalar: (class: ScalarSet.Class, isNegated: Bool)] = [
    "d": (.digit, false), "D": (.digit, true), "s": (.space, false), "S": (.space, true),
    "w": (.word, false), "W": (.word, true),
  ]
  private static let controls: [Unicode.Scalar: Unicode.Scalar] = [
    "a": "\u{7}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{b}",
  ]

  /// The scalar that an escape stands for, whose first sign behind the backslash was taken.
  private mutating func escaped(_ scalar: Unicode.Scalar) throws(TagPatternError) -> Unicode.Scalar {
    if let control = Self.controls[scalar] { return control }
    switch scalar {
    case "x": return try number(digits: 2)
    case "u": return try number(digits: 4)
    case "U": return try number(digits: 8)
    case "0":
      let digits = rest.prefix(2).prefix { ("0"..."7").contains($0) }
      rest = rest.dropFirst(digits.count)
      return Unicode.Scalar(UInt32(String(digits), radix: 8) ?? 0) ?? "\0"
    case "a"..."z", "A"..."Z": throw .invalid("\\\(scalar) means nothing")
    default: return scalar
    }
  }

  private mutating func number(digits count: Int) throws(TagPatternError) -> Unicode.Scalar {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ $0.properties.isASCIIHexDigit }),
      let value = UInt32(String(digits), radix: 16), let scalar = Unicode.Scalar(value)
    else { throw .invalid("an escape without its digits") }
    rest = rest.dropFirst(count)
    return scalar
  }

  /// A class, whose opening bracket was taken.
  private mutating func bracketed() throws(TagPatternError) -> ScalarSet {
    var set = ScalarSet(ignoresCase: ignoresCase)
    if rest.first == "^" {
      rest.removeFirst()
      set.isNegated = true
    }
    var isFirst = true
    while let scalar = rest.popFirst() {
      if scalar == "]", !isFirst { return set }
      isFirst = false
      let lower = try member(scalar, &set)
      guard rest.first == "-", let next = rest.dropFirst().first, next != "]" else {
        if let lower { set.ranges.append(lower...lower) }
        continue
      }
      rest = rest.dropFirst(2)
      var other = ScalarSet()
      guard let lower, let upper = try member(next, &other), lower <= upper else {
        throw .invalid("a range in brackets that is none")
      }
      set.ranges.append(lower...upper)
    }
    throw .invalid("a closing bracket is missing")
  }

  /// A scalar in brackets; nil for a class, which goes into `set`.
  private mutating func member(
    _ scalar: Unicode.Scalar, _ set: inout ScalarSet
  ) throws(TagPatternError) -> Unicode.Scalar? {
    guard scalar == "\\" else { return scalar }
    guard let next = rest.popFirst() else { throw .invalid("a backslash at the end") }
    if let found = Self.classes[next] {
      set.classes.append(found)
      return nil
    }
    if next == "b" { return "\u{8}" }
    if ("1"..."7").contains(next) { throw .unsupported("an octal escape in brackets") }
    if ("8"..."9").contains(next) { throw .invalid("\\\(next) means nothing in brackets") }
    return try escaped(next)
  }
}
