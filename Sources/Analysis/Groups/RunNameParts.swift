internal import RunFolder

/// What the name of a run says of its settings: `lr1e-05_r8_seed3` says three.
///
/// A name is cut at `/ _ - . ,` and spaces, never inside a number (`1e-05`, `0.1`). A number that follows letters, or
/// a word of letters before it, is a setting of that name; what is left are words.
struct RunNameParts: Equatable {
  /// The settings by their names in lower case; of a name that stands twice, the first.
  private(set) var settings: [(key: String, value: String)] = []
  /// The words that are no part of a setting, in their order.
  private(set) var words: [String] = []

  static func == (left: Self, right: Self) -> Bool {
    left.words == right.words && left.settings.elementsEqual(right.settings) { $0 == $1 }
  }

  /// The parts of `name`; what HF Trainer calls a folder by date and host says nothing.
  init(_ name: String) {
    for component in name.split(separator: "/") where !RunName.isTrainers(String(component)) {
      read(Self.pieces(of: component))
    }
  }

  /// The value of the setting `key`.
  func value(_ key: String) -> String? { settings.first { $0.key == key }?.value }

  /// Makes the setting `key` a word, with its number or without.
  mutating func makeWord(_ key: String, keepsNumber: Bool) {
    guard let place = settings.firstIndex(where: { $0.key == key }) else { return }
    words.append(key + (keepsNumber ? settings[place].value : ""))
    settings.remove(at: place)
  }

  private mutating func read(_ pieces: [Substring]) {
    var word: Substring?
    func keep(_ word: Substring?) { if let word { words.append(String(word)) } }
    for piece in pieces {
      if let number = Self.number(atEndOf: piece) {
        let letters = piece[..<number.startIndex]
        if !letters.isEmpty {
          keep(word)
          add(letters, number)
        } else if let key = word {
          add(key, number)
        } else {
          words.append(String(number))
        }
        word = nil
      } else {
        keep(word)
        word = piece
      }
    }
    keep(word)
  }

  private mutating func add(_ key: Substring, _ value: Substring) {
    var key = key
    while let last = key.last, last == "=" || last == ":" { key.removeLast() }
    let name = key.lowercased()
    guard !settings.contains(where: { $0.key == name }) else {
      words.append(name + String(value))
      return
    }
    settings.append((name, String(value)))
  }

  // MARK: Cutting

  /// The pieces of `text` between separators; those within a number are none.
  static func pieces(of text: Substring) -> [Substring] {
    var pieces: [Substring] = []
    var start = text.startIndex
    var index = text.startIndex
    while index < text.endIndex {
      if isSeparator(text[index]), !isWithinNumber(text, index) {
        if start < index { pieces.append(text[start..<index]) }
        start = text.index(after: index)
      }
      index = text.index(after: index)
    }
    if start < text.endIndex { pieces.append(text[start...]) }
    return pieces
  }

  private static func isSeparator(_ character: Character) -> Bool { "/_-.,; ".contains(character) }

  /// Whether the separator at `index` is the point of `0.1` or the sign of `1e-05`.
  private static func isWithinNumber(_ text: Substring, _ index: Substring.Index) -> Bool {
    let next = text.index(after: index)
    guard next < text.endIndex, isDigit(text[next]), index > text.startIndex else { return false }
    let before = text.index(before: index)
    if text[index] == "." { return isDigit(text[before]) }
    guard text[index] == "-", text[before] == "e" || text[before] == "E", before > text.startIndex else {
      return false
    }
    return isDigit(text[text.index(before: before)])
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  /// The number that `piece` ends with, behind nothing but letters, `=` and `:`; nil where there is none.
  private static func number(atEndOf piece: Substring) -> Substring? {
    guard let first = piece.firstIndex(where: isDigit) else { return nil }
    let number = piece[first...]
    let isPlain = piece[..<first].allSatisfy { $0.isLetter || $0 == "=" || $0 == ":" }
    guard isPlain, number.allSatisfy({ isDigit($0) || ".eE-+".contains($0) }), Double(number) != nil else {
      return nil
    }
    return number
  }
}
