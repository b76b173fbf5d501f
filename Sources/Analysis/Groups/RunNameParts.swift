internal import RunFolder

/// What the name of a run says of its settings: `lr1e-05_r8_seed3` says three.
///
/// A name is cut at `/ _ - . , ;` and spaces, never inside a number (`1e-05`, `0.1`). A number that follows letters, or
/// a word of letters before it, is a setting of that name, with the words before where trainers write the name in several
/// (`weight_decay0.1`); what is left are words. Where `=` or `:` stands, the key and the value are what stands beside it.
struct RunNameParts: Equatable {
  /// A setting that a name tells.
  struct Setting: Equatable {
    /// Its name in lower case.
    var key: String
    /// Its value.
    var value: String
    /// Whether a sign stood between the two, so that the key is one whoever knows it.
    var isExplicit: Bool
  }

  /// The settings; of a key that stands twice, the first.
  private(set) var settings: [Setting] = []
  /// The words that are no part of a setting, in their order.
  private(set) var words: [String] = []

  /// The parts of `name`; what HF Trainer calls a folder by date and host says nothing.
  init(_ name: String) {
    for component in name.split(separator: "/") where !RunName.isTrainers(String(component)) {
      for field in component.split(whereSeparator: { ",; ".contains($0) }) {
        if !readPairs(field) { read(Self.pieces(of: field)) }
      }
    }
  }

  /// The value of the setting `key`.
  func value(_ key: String) -> String? { setting(key)?.value }

  /// The setting `key`.
  func setting(_ key: String) -> Setting? { settings.first { $0.key == key } }

  /// Makes the setting `key` a word, with its number or without.
  mutating func makeWord(_ key: String, keepsNumber: Bool) {
    guard let place = settings.firstIndex(where: { $0.key == key }) else { return }
    words.append(key + (keepsNumber ? settings[place].value : ""))
    settings.remove(at: place)
  }

  mutating func read(_ pieces: [Substring]) {
    // The words since the last setting: the last of them may be the key of a number.
    var pending: [Substring] = []
    for piece in pieces {
      guard let number = Self.number(atEndOf: piece) else {
        pending.append(piece)
        continue
      }
      if number.startIndex > piece.startIndex { pending.append(piece[..<number.startIndex]) }
      if pending.isEmpty {
        words.append(String(number))
      } else {
        add(takeKey(from: &pending), String(number))
      }
    }
    words += pending.map(String.init)
  }

  /// The key that `pending` ends with: the words of a known setting, else the last word, or the last two where the last
  /// alone has a value already. The words before it are kept as such.
  private mutating func takeKey(from pending: inout [Substring]) -> String {
    func joined(_ count: Int) -> String { pending.suffix(count).joined(separator: "_").lowercased() }
    let known = (2...3).reversed().first { pending.count >= $0 && KnownSetting.isSpelling(joined($0)) }
    let isTaken = setting(joined(1)) != nil
    let length = known ?? (isTaken && pending.count > 1 ? 2 : 1)
    let key = joined(length)
    words += pending.dropLast(length).map(String.init)
    pending = []
    return key
  }

  mutating func add(_ key: String, _ value: String, isExplicit: Bool = false) {
    guard setting(key) == nil else {
      words.append(key + value)
      return
    }
    settings.append(Setting(key: key, value: value, isExplicit: isExplicit))
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

  static func isSeparator(_ character: Character) -> Bool { "/_-.,; ".contains(character) }

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

  /// The number that `piece` ends with, behind nothing but letters; nil where there is none.
  static func number(atEndOf piece: Substring) -> Substring? {
    guard let first = piece.firstIndex(where: isDigit) else { return nil }
    let number = piece[first...]
    let isPlain = piece[..<first].allSatisfy(\.isLetter)
    guard isPlain, number.allSatisfy({ isDigit($0) || ".eE-+".contains($0) }), Double(number) != nil else {
      return nil
    }
    return number
  }
}
