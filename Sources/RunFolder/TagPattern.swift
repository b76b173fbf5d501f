/// A regular expression over tags, as the plugin `custom_scalars` has them: that of Python's `re.match`, so that it has to
/// fit the beginning of a tag, and not all of it.
///
/// All places that a match may be at are gone through at once (Thompson's construction), so that no pattern takes
/// exponential time. What only a search with backtracking finds (references, looks ahead and behind, atomic groups) is
/// refused.
///
/// - Complexity: O(tag · pattern).
public struct TagPattern: Sendable {
  /// The pattern as it was written.
  public let pattern: String
  private let program: [Instruction]

  /// The most scalars of a pattern.
  static let longestPattern = 1000
  /// The most instructions that a pattern becomes, its counted repetitions written out.
  static let longestProgram = 4000

  /// A step of the automaton.
  enum Instruction: Sendable {
    /// Takes a scalar of the set.
    case take(ScalarSet)
    /// Goes on only where the condition holds.
    case require(Condition)
    /// Goes on at both places.
    case split(Int, Int)
    case jump(Int)
    case match
  }

  /// What has to hold at a place.
  enum Condition: Sendable {
    /// The beginning of the text.
    case start
    /// The beginning of the text or of a line.
    case lineStart
    /// The end of the text.
    case end
    /// The end of the text, or before the line feed that ends it.
    case lastLineEnd
    /// The end of the text or of a line.
    case lineEnd
    /// Between a sign of a word and another sign, or not so.
    case wordEdge(Bool)
  }

  /// The pattern `pattern`.
  public init(_ pattern: String) throws(TagPatternError) {
    self.pattern = pattern
    guard pattern.unicodeScalars.count <= Self.longestPattern else { throw .unsupported("it is too long") }
    var parser = TagPatternParser(pattern)
    var writing = Writing()
    try writing.append(try parser.parse())
    program = writing.program + [.match]
  }

  /// A program that is being written.
  private struct Writing {
    var program: [Instruction] = []
    /// The parts that were written, those of no instruction too.
    var partCount = 0

    mutating func append(_ node: TagPatternNode) throws(TagPatternError) {
      partCount += 1
      guard program.count < longestProgram, partCount < 8 * longestProgram else {
        throw .unsupported("its repetitions are too many")
      }
      switch node {
      case .set(let set): program.append(.take(set))
      case .condition(let condition): program.append(.require(condition))
      case .sequence(let nodes): for node in nodes { try append(node) }
      case .choice(let nodes): try append(choice: nodes)
      case .repetition(let node, let least, let most):
        for _ in 0..<least { try append(node) }
        guard let most else {
          let split = program.count
          program.append(.split(0, 0))
          try append(node)
          program.append(.jump(split))
          program[split] = .split(split + 1, program.count)
          return
        }
        var splits: [Int] = []
        for _ in least..<most {
          splits.append(program.count)
          program.append(.split(0, 0))
          try append(node)
        }
        for split in splits { program[split] = .split(split + 1, program.count) }
      }
    }

    private mutating func append(choice nodes: [TagPatternNode]) throws(TagPatternError) {
      var ends: [Int] = []
      for node in nodes.dropLast() {
        let split = program.count
        program.append(.split(split + 1, 0))
        try append(node)
        ends.append(program.count)
        program.append(.jump(0))
        program[split] = .split(split + 1, program.count)
      }
      if let last = nodes.last { try append(last) }
      for end in ends { program[end] = .jump(program.count) }
    }
  }

  /// Whether the pattern fits the beginning of `tag`.
  public func matches(_ tag: String) -> Bool {
    let scalars = Array(tag.unicodeScalars)
    var marks = [Int](repeating: -1, count: program.count)
    var threads = [0]
    for position in 0...scalars.count {
      // Every place that can be reached without taking a scalar, each once.
      var next: [Int] = []
      while let place = threads.popLast() {
        guard marks[place] != position else { continue }
        marks[place] = position
        switch program[place] {
        case .match: return true
        case .jump(let target): threads.append(target)
        case .split(let one, let other): threads += [other, one]
        case .require(let condition):
          if Self.holds(condition, at: position, of: scalars) { threads.append(place + 1) }
        case .take(let set):
          if position < scalars.count, set.contains(scalars[position]) { next.append(place + 1) }
        }
      }
      if next.isEmpty { return false }
      threads = next
    }
    return false
  }

  private static func holds(_ condition: Condition, at position: Int, of scalars: [Unicode.Scalar]) -> Bool {
    let isEnd = position == scalars.count
    switch condition {
    case .start: return position == 0
    case .lineStart: return position == 0 || scalars[position - 1] == "\n"
    case .end: return isEnd
    case .lastLineEnd: return isEnd || (position == scalars.count - 1 && scalars[position] == "\n")
    case .lineEnd: return isEnd || scalars[position] == "\n"
    case .wordEdge(let isEdge):
      let before = position > 0 && ScalarSet.Class.word.contains(scalars[position - 1])
      let after = !isEnd && ScalarSet.Class.word.contains(scalars[position])
      return (before != after) == isEdge
    }
  }
}

/// Why a pattern finds no tag.
public enum TagPatternError: Error, Equatable, Sendable {
  /// It is no regular expression; why, in words.
  case invalid(String)
  /// It is one with something that is not followed here; what, in words.
  case unsupported(String)
}

/// A set of scalars, as a class in brackets names one.
struct ScalarSet: Sendable {
  var ranges: [ClosedRange<Unicode.Scalar>] = []
  var classes: [(class: Class, isNegated: Bool)] = []
  var isNegated = false
  var ignoresCase = false

  /// The classes of scalars that have a sign of their own.
  enum Class: Sendable {
    case digit, space, word

    /// Whether `scalar` is of the class, as Python has it for texts.
    func contains(_ scalar: Unicode.Scalar) -> Bool {
      switch self {
      case .digit: return scalar.properties.generalCategory == .decimalNumber
      case .space: return scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
      case .word:
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
          .decimalNumber, .letterNumber, .otherNumber:
          return true
        default: return scalar == "_"
        }
      }
    }
  }

  /// Every scalar, or every one but a line feed.
  static func any(withLineFeed: Bool) -> ScalarSet {
    ScalarSet(ranges: withLineFeed ? [] : ["\n"..."\n"], isNegated: true)
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    guard ignoresCase else { return holds(scalar) != isNegated }
    let forms = [
      scalar, Self.only(scalar.properties.lowercaseMapping), Self.only(scalar.properties.uppercaseMapping),
    ]
    return forms.contains { $0.map(holds) ?? false } != isNegated
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar) } || classes.contains { $0.class.contains(scalar) != $0.isNegated }
  }

  /// The scalar that a text is; nil for one of several.
  private static func only(_ text: String) -> Unicode.Scalar? {
    text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
  }
}
