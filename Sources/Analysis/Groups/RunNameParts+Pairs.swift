internal import RunFolder

extension RunNameParts {
  /// Reads a field in which `=` or `:` stands between keys and values, as `lr=1e-4_lora_dropout=0.1`; false, with nothing
  /// read, where there is no such sign, or nothing on one side of it.
  ///
  /// A key goes back over `_` and `.` to the last number before it. A value is a number, or the words up to the next
  /// key; between two signs the words of a known setting are the key, else the last word is.
  mutating func readPairs(_ field: Substring) -> Bool {
    let segments = field.split(omittingEmptySubsequences: false) { $0 == "=" || $0 == ":" }
    guard segments.count > 1, segments.allSatisfy({ !Self.pieces(of: $0).isEmpty }) else { return false }
    var key = take(keyAtEndOf: segments[0])
    for segment in segments[1...].dropLast() {
      let value = Self.number(atStartOf: segment)
      let rest = value.map { segment[$0.endIndex...] } ?? segment
      if let value, !Self.pieces(of: rest).isEmpty {
        add(key, String(value), isExplicit: true)
        key = take(keyAtEndOf: rest)
      } else {
        let (words, next) = Self.split(segment)
        add(key, String(words), isExplicit: true)
        key = next
      }
    }
    if let last = segments.last {
      let value = Self.value(atStartOf: last)
      add(key, String(value), isExplicit: true)
      read(Self.pieces(of: last[value.endIndex...]))
    }
    return true
  }

  /// The key that `text` ends with; what stands before it is read as words and settings.
  private mutating func take(keyAtEndOf text: Substring) -> String {
    let start = text.lastIndex { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
    let identifier = start.map { text[text.index(after: $0)...] } ?? text
    let parts = Self.pieces(of: identifier)
    guard let last = parts.last else { return text.lowercased() }
    // `trainable_1_lr`, `qwen2_lr`: what ends with a number is a thing of its own.
    let first = parts.dropLast().lastIndex { $0.last?.isNumber == true }.map { $0 + 1 } ?? 0
    var begin = parts[first].startIndex
    let whole = text[begin...].lowercased()
    if !KnownSetting.isSpelling(whole), Self.abbreviations.contains(last.lowercased()) {
      begin = last.startIndex
    }
    read(Self.pieces(of: text[..<begin]))
    return text[begin...].lowercased()
  }

  /// What people write for a setting alone, and trainers in no longer name.
  private static let abbreviations: Set<String> = ["lr", "wd", "bs", "bsz", "ga", "gas", "ep"]

  /// The number that `text` begins with, up to a separator; nil where its first piece is none.
  private static func number(atStartOf text: Substring) -> Substring? {
    guard let first = pieces(of: text).first else { return nil }
    let number = text[..<first.endIndex]
    return Double(number) == nil ? nil : number
  }

  /// The value that `text` begins with: a number, or the words before the first setting that is written without a sign.
  private static func value(atStartOf text: Substring) -> Substring {
    if let number = number(atStartOf: text) { return number }
    let parts = pieces(of: text)
    let end = parts.dropFirst().prefix { number(atEndOf: $0) == nil }.last ?? parts[0]
    return text[..<end.endIndex]
  }

  /// The value and the key of `adamw_torch_weight_decay`.
  private static func split(_ text: Substring) -> (value: Substring, key: String) {
    let parts = pieces(of: text)
    let known = (1...3).reversed().first { count in
      count < parts.count && KnownSetting.isSpelling(parts.suffix(count).joined(separator: "_").lowercased())
    }
    guard parts.count > 1 else { return (text, text.lowercased()) }
    let key = parts.suffix(known ?? 1)
    return (text[..<parts[parts.count - key.count - 1].endIndex], key.joined(separator: "_").lowercased())
  }
}
