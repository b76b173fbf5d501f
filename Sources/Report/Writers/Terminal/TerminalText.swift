/// Words with the looks that a terminal gives them, measured in columns and cut into lines.
///
/// Nothing foreign is in it that acts: it is made from documents alone, and shows what acts as an escape.
struct TerminalText {
  typealias Pen = TerminalStyle.Pen

  /// Signs of one look.
  struct Piece {
    var text: String
    var pens: [Pen]
  }

  private(set) var pieces: [Piece] = []
  /// The columns that it takes.
  private(set) var width = 0

  init() {}

  /// The words of `text`, all of them in `pens` and what their runs add.
  init(_ text: InlineText, pens: [Pen] = []) {
    for run in text.runs { add(run, pens) }
  }

  private mutating func add(_ run: InlineText.Run, _ pens: [Pen]) {
    switch run {
    case .text(let text), .code(let text), .number(let text): append(ForeignText.visible(text), pens)
    case .strong(let text): for run in text.runs { add(run, pens + [.bold]) }
    case .link(let text, _): for run in text.runs { add(run, pens) }
    case .toned(let tone, let text): for run in text.runs { add(run, pens + [Pen(tone)]) }
    }
  }

  mutating func append(_ text: String, _ pens: [Pen] = []) {
    guard !text.isEmpty else { return }
    pieces.append(Piece(text: text, pens: pens))
    width += Self.width(text)
  }

  mutating func append(_ text: TerminalText) {
    pieces += text.pieces
    width += text.width
  }

  /// The line with the codes of its looks, where colours are used, and without anything that a CI system acts on.
  func painted(_ style: TerminalStyle) -> String {
    guard ForeignText.line(plain) == plain else {
      var line = TerminalText()
      line.append(ForeignText.line(plain))
      return line.painted(style)
    }
    return pieces.map { piece in
      guard style.isColoured, !piece.pens.isEmpty else { return piece.text }
      return "\u{1b}[\(piece.pens.map(\.rawValue).joined(separator: ";"))m\(piece.text)\u{1b}[0m"
    }.joined()
  }

  // MARK: Columns

  /// The columns that `text` takes: two for the wide signs of East Asia and for emoji, one for each other.
  static func width(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.reduce(0) { $0 + width($1) }
  }

  private static func width(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first, first.value >= 0x1100 else { return 1 }
    let isEmoji = first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{fe0f}")
    switch first.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
      0xff00...0xff60, 0xffe0...0xffe6, 0x20000...0x3fffd:
      return 2
    default: return isEmoji ? 2 : 1
    }
  }

  // MARK: Lines

  /// The same words in lines of at most `width` columns, the first of at most `first`.
  ///
  /// Lines break between words, never between a number and its unit or its uncertainty. A word that no line holds
  /// breaks behind a sign such as `/`, else where the line ends.
  func lines(width: Int, first: Int? = nil) -> [TerminalText] {
    // Most cells of a table are one word that fits.
    if pieces.count == 1, self.width <= (first ?? width), !pieces[0].text.utf8.contains(UInt8(ascii: " ")) {
      return [self]
    }
    var lines: [TerminalText] = []
    var line = TerminalText()
    var used = 0
    var room = max(first ?? width, 1)
    func end() {
      lines.append(line)
      line = TerminalText()
      used = 0
      room = max(width, 1)
    }
    for word in words {
      let size = word.width
      if used > 0, used + 1 + size > room { end() }
      if used > 0 {
        line.append(" ", line.pieces.last?.pens == word.pieces.first?.pens ? word.pieces[0].pens : [])
        used += 1
      }
      var rest = word
      while used + rest.width > room {
        let (head, tail) = rest.split(at: room - used)
        line.append(head)
        end()
        rest = tail
      }
      line.append(rest)
      used += rest.width
    }
    if used > 0 || lines.isEmpty { lines.append(line) }
    return lines.map(\.joined)
  }

  /// What no line may break within: words, and a number with its unit.
  private var words: [TerminalText] {
    var words: [TerminalText] = []
    var word = TerminalText()
    for piece in pieces {
      for (index, part) in piece.text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
        if index > 0, !word.pieces.isEmpty {
          words.append(word)
          word = TerminalText()
        }
        word.append(String(part), piece.pens)
      }
    }
    if !word.pieces.isEmpty { words.append(word) }
    return words.reduce(into: []) { joined, word in
      guard let last = joined.last, Self.belongs(word.plain, behind: last.plain) else {
        return joined.append(word)
      }
      joined[joined.count - 1].append(" ", word.pieces[0].pens)
      joined[joined.count - 1].append(word)
    }
  }

  private var plain: String { pieces.map(\.text).joined() }

  /// Pieces that look the same, as one.
  private var joined: TerminalText {
    var result = TerminalText()
    for piece in pieces {
      if result.pieces.last?.pens == piece.pens {
        result.pieces[result.pieces.count - 1].text += piece.text
      } else {
        result.pieces.append(piece)
      }
    }
    result.width = width
    return result
  }

  private static let units: Set<String> = [
    "%", "B", "kB", "MB", "GB", "TB", "PB", "ms", "s", "min", "h", "d", "steps/s", "samples/s",
  ]

  /// Whether `word` is the unit or the uncertainty of the number that `text` ends with.
  private static func belongs(_ word: String, behind text: String) -> Bool {
    if word == "±" || text.hasSuffix("±") { return true }
    let number = text.split(separator: " ").last ?? ""
    guard let first = number.unicodeScalars.last(where: { $0.properties.numericType != nil }),
      first == number.unicodeScalars.last
    else {
      // `3 h 20 min` is one duration.
      return units.contains(String(number)) && text.contains(" ")
        && word.unicodeScalars.first?.properties.numericType != nil && ["h", "min", "d"].contains(number)
    }
    let unit = word.prefix { !",.;:)".contains($0) }
    return units.contains(String(unit))
  }

  /// The words that fit into `width` columns, at least one sign, and the others.
  private func split(at width: Int) -> (head: TerminalText, tail: TerminalText) {
    var head = TerminalText()
    var tail = TerminalText()
    var room = max(width, 1)
    for piece in pieces {
      guard tail.pieces.isEmpty else {
        tail.append(piece)
        continue
      }
      var end = piece.text.startIndex
      var boundary: String.Index?
      while end < piece.text.endIndex {
        let size = Self.width(piece.text[end])
        if size > room, !(head.pieces.isEmpty && end == piece.text.startIndex) { break }
        room -= size
        let isBoundary = "/_-.,=".contains(piece.text[end])
        end = piece.text.index(after: end)
        if isBoundary { boundary = end }
      }
      if end < piece.text.endIndex, let boundary { end = boundary }
      head.append(String(piece.text[..<end]), piece.pens)
      tail.append(String(piece.text[end...]), piece.pens)
    }
    return (head, tail)
  }

  private mutating func append(_ piece: Piece) { append(piece.text, piece.pens) }
}

extension TerminalStyle.Pen {
  /// How a terminal shows `tone`.
  init(_ tone: InlineText.Tone) {
    self =
      switch tone {
      case .good: .green
      case .warning, .mark: .yellow
      case .bad: .red
      case .quiet: .dim
      case .curve: .blue
      }
  }
}
