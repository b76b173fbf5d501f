/// A pattern for metric names: `*` for any text, slashes too, `?` for one character, `[ab]`, `[a-z]`, `[!a]` for one
/// of a set; everything else for itself.
public struct Glob: Equatable, Sendable {
  /// The pattern as it was given.
  public let pattern: String
  private let elements: [Element]

  private enum Element: Equatable, Sendable {
    case any
    case one
    case character(Character)
    case set([ClosedRange<Character>], negated: Bool)
  }

  /// The pattern `pattern`; a `[` without its `]` stands for itself.
  public init(_ pattern: String) {
    self.pattern = pattern
    var elements: [Element] = []
    var rest = Substring(pattern)
    while let character = rest.popFirst() {
      switch character {
      case "*": if elements.last != .any { elements.append(.any) }
      case "?": elements.append(.one)
      case "[": elements.append(Self.set(&rest) ?? .character("["))
      default: elements.append(.character(character))
      }
    }
    self.elements = elements
  }

  /// Whether the pattern has any sign with a meaning of its own.
  public var isLiteral: Bool {
    elements.allSatisfy { if case .character = $0 { true } else { false } }
  }

  /// Whether the whole of `name` fits.
  ///
  /// - Complexity: O(name · pattern).
  public func matches(_ name: String) -> Bool {
    let name = Array(name)
    var position = 0
    var element = 0
    // Where to go on after the last `*` took one character more.
    var retry: (position: Int, element: Int)?
    while position < name.count {
      if element < elements.count {
        if elements[element] == .any {
          element += 1
          retry = (position, element)
          continue
        }
        if Self.accepts(elements[element], name[position]) {
          position += 1
          element += 1
          continue
        }
      }
      guard let again = retry else { return false }
      retry = (again.position + 1, again.element)
      position = again.position + 1
      element = again.element
    }
    return elements[element...].allSatisfy { $0 == .any }
  }

  private static func accepts(_ element: Element, _ character: Character) -> Bool {
    switch element {
    case .any, .one: true
    case .character(let wanted): character == wanted
    case .set(let ranges, let negated): ranges.contains { $0.contains(character) } != negated
    }
  }

  /// Takes the rest of a set whose `[` was taken; leaves `text` alone where there is no `]`.
  private static func set(_ text: inout Substring) -> Element? {
    var rest = text
    var negated = false
    if rest.first == "!" || rest.first == "^" {
      negated = true
      rest.removeFirst()
    }
    var ranges: [ClosedRange<Character>] = []
    while let lower = rest.popFirst() {
      if lower == "]", !ranges.isEmpty {
        text = rest
        return .set(ranges, negated: negated)
      }
      let next = rest.dropFirst()
      if rest.first == "-", let upper = next.first, upper != "]", lower <= upper {
        ranges.append(lower...upper)
        rest = next.dropFirst()
      } else {
        ranges.append(lower...lower)
      }
    }
    return nil
  }
}
