/// A pattern of Python's `re` for the names of parameters, of those that checkpoints hold: literals, `.`, `\d`, an
/// escaped character, each with `+`, `*` or `?` behind it, between `^` and `$`.
///
/// As with `re.match`, a pattern must fit from the start of a name on, and without `$` need not reach its end. It is
/// matched without backtracking: O(pattern × name) steps, whoever wrote it.
struct NamePattern: Sendable {
  private enum Element: Equatable {
    case character(UInt8)
    case digit
    case any
  }

  private struct Step {
    var element: Element
    var isOptional = false
    var repeats = false
  }

  static let lengthLimit = 1 << 10

  private var steps: [Step] = []

  /// The steps that a match takes for each byte of a name.
  var stepCount: Int { steps.count + 1 }

  private var reachesEnd = false

  /// The name that alone fits, where the pattern has no other than plain characters between `^` and `$`.
  var literal: String? {
    guard reachesEnd else { return nil }
    var bytes: [UInt8] = []
    for step in steps {
      guard case .character(let byte) = step.element, !step.isOptional, !step.repeats else { return nil }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Nil where `text` has anything else in it: groups, classes, alternatives.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.lengthLimit else { return nil }
    var index = bytes.first == UInt8(ascii: "^") ? 1 : 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "$"):
        guard index == bytes.count else { return nil }
        reachesEnd = true
      case UInt8(ascii: "\\"):
        guard index < bytes.count else { return nil }
        let escaped = bytes[index]
        index += 1
        if escaped == UInt8(ascii: "d") {
          steps.append(Step(element: .digit))
        } else {
          guard !Self.isLetterOrDigit(escaped) else { return nil }
          steps.append(Step(element: .character(escaped)))
        }
      case UInt8(ascii: "."): steps.append(Step(element: .any))
      case UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "?"):
        // A second one would make the first reluctant or possessive.
        guard let last = steps.last, !last.isOptional, !last.repeats else { return nil }
        steps[steps.count - 1].repeats = byte != UInt8(ascii: "?")
        steps[steps.count - 1].isOptional = byte != UInt8(ascii: "+")
      case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
        UInt8(ascii: "}"), UInt8(ascii: "|"), UInt8(ascii: "^"):
        return nil
      default: steps.append(Step(element: .character(byte)))
      }
    }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (0x30...0x39).contains(byte) || (0x61...0x7a).contains(lower)
  }

  /// Whether the pattern fits `name` from its start on.
  func matches(_ name: String) -> Bool {
    // The steps that may come next; the last number stands for the end of the pattern.
    var open = [Bool](repeating: false, count: steps.count + 1)
    open[0] = true
    skipOptional(&open)
    for byte in name.utf8 {
      if open[steps.count], !reachesEnd { return true }
      var next = [Bool](repeating: false, count: steps.count + 1)
      var isAlive = false
      for (index, step) in steps.enumerated() where open[index] && Self.fits(byte, step.element) {
        next[index + 1] = true
        if step.repeats { next[index] = true }
        isAlive = true
      }
      guard isAlive else { return false }
      skipOptional(&next)
      open = next
    }
    return open[steps.count]
  }

  /// A step that was passed once and repeats stands open again; so does all behind optional steps.
  private func skipOptional(_ open: inout [Bool]) {
    for (index, step) in steps.enumerated() where open[index] && step.isOptional { open[index + 1] = true }
  }

  private static func fits(_ byte: UInt8, _ element: Element) -> Bool {
    switch element {
    case .character(let other): byte == other
    case .digit: (0x30...0x39).contains(byte)
    case .any: byte != 0x0a
    }
  }
}
