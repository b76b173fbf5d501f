/// What changed from one text to another, line by line or, within a line, word by word.
public struct TextDifference: Equatable, Sendable {
  /// The parts, in order.
  public var parts: [Part]

  /// A part of both texts or of one.
  public enum Part: Equatable, Sendable {
    case same(String)
    case removed(String)
    case added(String)

    /// The words of the part.
    public var text: String {
      switch self {
      case .same(let text), .removed(let text), .added(let text): text
      }
    }
  }

  /// The most words that are compared one by one; of longer texts the rest is taken as one part.
  static let mostWords = 2000

  /// The words, with the spaces behind them, that have to go from `old` and to come in for `new`: as few as possible
  /// (the longest common subsequence).
  ///
  /// - Complexity: O(words of the one × words of the other), of `mostWords` each at most.
  public init(from old: String, to new: String) {
    let (left, right) = (Self.words(old), Self.words(new))
    let start = zip(left, right).prefix { $0 == $1 }.count
    let end = zip(left.dropFirst(start).reversed(), right.dropFirst(start).reversed()).prefix { $0 == $1 }
      .count
    let a = Array(left[start..<left.count - end])
    let b = Array(right[start..<right.count - end])
    parts = []
    add(.same(left[..<start].joined()))
    addChanges(a, b)
    add(.same(left[(left.count - end)...].joined()))
  }

  /// The share of the words of both that are the same, from 0 to 1.
  public var similarity: Double {
    var (same, all) = (0, 0)
    for part in parts {
      let count = Self.words(part.text).count
      if case .same = part {
        same += 2 * count
        all += 2 * count
      } else {
        all += count
      }
    }
    return all == 0 ? 1 : Double(same) / Double(all)
  }

  private mutating func addChanges(_ a: [String], _ b: [String]) {
    guard !a.isEmpty, !b.isEmpty, a.count <= Self.mostWords, b.count <= Self.mostWords else {
      add(.removed(a.joined()))
      add(.added(b.joined()))
      return
    }
    // How many words the rests from each pair of places have in common.
    let width = b.count + 1
    var lengths = [UInt16](repeating: 0, count: (a.count + 1) * width)
    for i in a.indices.reversed() {
      for j in b.indices.reversed() {
        lengths[i * width + j] =
          a[i] == b[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
      }
    }
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      if i < a.count, j < b.count, a[i] == b[j] {
        add(.same(a[i]))
        (i, j) = (i + 1, j + 1)
      } else if j == b.count || (i < a.count && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1]) {
        add(.removed(a[i]))
        i += 1
      } else {
        add(.added(b[j]))
        j += 1
      }
    }
  }

  /// Adds a part, joined with the last one of its kind; a removal stands before the addition that it makes room for.
  private mutating func add(_ part: Part) {
    guard !part.text.isEmpty else { return }
    switch (parts.last, part) {
    case (.same(let text)?, .same(let more)): parts[parts.count - 1] = .same(text + more)
    case (.removed(let text)?, .removed(let more)): parts[parts.count - 1] = .removed(text + more)
    case (.added(let text)?, .added(let more)): parts[parts.count - 1] = .added(text + more)
    case (.added?, .removed(let more)) where parts.count > 1:
      if case .removed(let text) = parts[parts.count - 2] {
        parts[parts.count - 2] = .removed(text + more)
      } else {
        parts.insert(part, at: parts.count - 1)
      }
    default: parts.append(part)
    }
  }

  /// The words of `text`, each with the spaces behind it.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    var isSpace = false
    for scalar in text.unicodeScalars {
      let space = scalar.properties.isWhitespace
      if isSpace, !space, !word.isEmpty {
        words.append(String(word))
        word = String.UnicodeScalarView()
      }
      word.append(scalar)
      isSpace = space
    }
    if !word.isEmpty { words.append(String(word)) }
    return words
  }
}
