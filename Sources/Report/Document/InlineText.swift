/// Words within a block, in runs: plain text, and what stands out of it.
///
/// String interpolation builds it. Plain strings are text, never markup:
///
///     let text: InlineText = "The best of \(code: tag) is \(strong: NumberText.significant(value))."
public struct InlineText: Equatable, Sendable {
  /// The runs, in order.
  public var runs: [Run]

  /// A run of words of one kind.
  public indirect enum Run: Equatable, Sendable {
    /// Words as they are.
    case text(String)
    /// A name or value as a machine spells it.
    case code(String)
    /// Words that carry the most weight.
    case strong(InlineText)
    /// A number with its unit, which no line break may part.
    case number(String)
    /// Words that lead to `target`, a path relative to the page or an address.
    case link(InlineText, target: String)
    /// Words whose meaning has a colour where a format has colours.
    case toned(Tone, InlineText)
  }

  /// What a colour means.
  public enum Tone: String, Equatable, Sendable {
    case good, warning, bad
    /// What may be passed over.
    case quiet
    /// The line of a chart.
    case curve
    /// A mark on the line of a chart.
    case mark
  }

  /// The text of `runs`.
  public init(_ runs: [Run] = []) { self.runs = runs }

  /// Plain words.
  public init(_ text: String) { runs = text.isEmpty ? [] : [.text(text)] }

  /// A name or value as a machine spells it; nothing for an empty one.
  public static func code(_ text: String) -> Self { Self(text.isEmpty ? [] : [.code(text)]) }

  /// Words that carry the most weight.
  public static func strong(_ text: InlineText) -> Self { Self([.strong(text)]) }

  /// Words that lead to `target`.
  public static func link(_ text: InlineText, to target: String) -> Self {
    Self([.link(text, target: target)])
  }

  /// Words in the colour that `tone` has.
  public static func toned(_ tone: Tone, _ text: InlineText) -> Self { Self([.toned(tone, text)]) }

  /// Whether there is nothing to read.
  public var isEmpty: Bool { runs.isEmpty }

  /// The words alone.
  public var plain: String {
    runs.map { run in
      switch run {
      case .text(let text), .code(let text), .number(let text): text
      case .strong(let text), .link(let text, _), .toned(_, let text): text.plain
      }
    }.joined()
  }

  /// One text after the other.
  public static func + (left: Self, right: Self) -> Self { Self(left.runs + right.runs) }

  /// Adds a text at the end.
  public static func += (left: inout Self, right: Self) { left.runs += right.runs }
}

extension InlineText: ExpressibleByStringInterpolation {
  /// Plain words, as a literal.
  public init(stringLiteral value: String) { self.init(value) }

  /// The runs that were interpolated.
  public init(stringInterpolation: StringInterpolation) { runs = stringInterpolation.runs }

  /// Collects runs from an interpolated literal.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var runs: [Run] = []

    /// Nothing yet.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// The plain words of the literal.
    public mutating func appendLiteral(_ literal: String) { append(literal) }

    /// Plain words.
    public mutating func appendInterpolation(_ text: String) { append(text) }

    /// Runs as they are.
    public mutating func appendInterpolation(_ text: InlineText) { runs += text.runs }

    /// A whole number, without separators.
    public mutating func appendInterpolation(_ number: some BinaryInteger) { append("\(number)") }

    /// A name or value as a machine spells it.
    public mutating func appendInterpolation(code text: String) { runs += InlineText.code(text).runs }

    /// Words that carry the most weight.
    public mutating func appendInterpolation(strong text: InlineText) { runs.append(.strong(text)) }

    /// Words that carry the most weight.
    public mutating func appendInterpolation(strong text: String) { runs.append(.strong(InlineText(text))) }

    /// A number with its unit, which no line break may part.
    public mutating func appendInterpolation(number text: String) { runs.append(.number(text)) }

    private mutating func append(_ text: String) {
      if case .text(let before)? = runs.last {
        runs[runs.count - 1] = .text(before + text)
      } else if !text.isEmpty {
        runs.append(.text(text))
      }
    }
  }
}

extension Sequence<InlineText> {
  /// All texts with `separator` between them.
  func joined(separator: InlineText) -> InlineText {
    var joined = InlineText()
    for (index, text) in enumerated() {
      if index > 0 { joined += separator }
      joined += text
    }
    return joined
  }
}
