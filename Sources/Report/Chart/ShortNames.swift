/// Names, shortened to what tells them apart.
enum ShortNames {
  /// For each name, the shortest suffix that begins at a boundary (`/`, `_`, `-`, `.`, space) and that no other name
  /// ends with, where all names have one; else the names without what all begin and end with. Equal names stay equal.
  ///
  /// - Complexity: O(total length · boundaries).
  static func suffixes(_ names: [String]) -> [String] {
    var owners: [Substring: Int] = [:]
    for name in Set(names) {
      for suffix in boundarySuffixes(name) { owners[suffix, default: 0] += 1 }
    }
    let suffixes = names.map { name in
      boundarySuffixes(name).first { owners[$0] == 1 && hasSubstance($0) }.map(String.init) ?? name
    }
    let others = telling(names)
    func longest(_ names: [String]) -> Int { names.map(\.utf8.count).max() ?? 0 }
    return longest(others) < longest(suffixes) ? others : suffixes
  }

  /// The names without the parts that all begin with, and those that all end with; no part is cut within a number.
  static func telling(_ names: [String]) -> [String] {
    let parts = names.map(parts)
    guard Set(names).count > 1, let first = parts.first else { return names }
    let shortest = parts.map(\.count).min() ?? 0
    var start = 0
    while start < shortest - 1, parts.allSatisfy({ $0[start] == first[start] }) { start += 1 }
    var end = 0
    while end < shortest - start - 1,
      parts.allSatisfy({ $0[$0.count - 1 - end] == first[first.count - 1 - end] })
    {
      end += 1
    }
    // A number says something only behind the word that it belongs to.
    while start > 0, parts.contains(where: { isNumber($0[start..<($0.count - end)].joined()) }) {
      start -= 1
    }
    return parts.map { part in
      var name = part[start..<(part.count - end)].joined()[...]
      while let last = name.last, isBoundary(last) { name.removeLast() }
      return String(name)
    }
  }

  /// The parts of `name`, each with the boundary behind it.
  private static func parts(_ name: String) -> [String] {
    var parts: [String] = []
    var start = name.startIndex
    for index in name.indices where isBoundary(name[index]) && !isWithinNumber(name, index) {
      let next = name.index(after: index)
      parts.append(String(name[start..<next]))
      start = next
    }
    return parts + [String(name[start...])]
  }

  /// Whether a name is empty, or has no word in it.
  private static func isNumber(_ name: String) -> Bool {
    !name.contains { $0.isLetter && $0 != "e" && $0 != "E" }
  }

  private static func isBoundary(_ character: Character) -> Bool { "/_-. ".contains(character) }

  /// Whether the boundary at `index` is the point of `0.1` or the sign of `1e-05`.
  private static func isWithinNumber(_ name: String, _ index: String.Index) -> Bool {
    func digit(_ index: String.Index) -> Bool { ("0"..."9").contains(name[index]) }
    let next = name.index(after: index)
    guard index > name.startIndex, next < name.endIndex, digit(next) else { return false }
    let before = name.index(before: index)
    if name[index] == "." { return digit(before) }
    return name[index] == "-" && "eE".contains(name[before]) && before > name.startIndex
      && digit(name.index(before: before))
  }

  /// The suffixes of `name` that begin at a boundary, the shortest first, `name` last.
  private static func boundarySuffixes(_ name: String) -> [Substring] {
    var suffixes: [Substring] = []
    var index = name.endIndex
    while index > name.startIndex, suffixes.count < 64 {
      let before = name.index(before: index)
      if isBoundary(name[before]), index < name.endIndex, !isWithinNumber(name, before) {
        suffixes.append(name[index...])
      }
      index = before
    }
    return suffixes + [name[...]]
  }

  /// Whether a suffix says something by itself: a lone digit or the tail of a number (`4` of `1e-4`) does not.
  private static func hasSubstance(_ suffix: Substring) -> Bool {
    suffix.utf8.count >= 3 || suffix.contains { $0.isLetter }
  }
}
