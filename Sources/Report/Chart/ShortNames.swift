/// Names, shortened to what tells them apart.
enum ShortNames {
  /// For each name, the shortest suffix that begins at a boundary (`/`, `_`, `-`, `.`, space) and that no other name
  /// ends with; the whole name where there is none. Equal names stay equal.
  ///
  /// - Complexity: O(total length · boundaries).
  static func suffixes(_ names: [String]) -> [String] {
    var owners: [Substring: Int] = [:]
    for name in Set(names) {
      for suffix in boundarySuffixes(name) { owners[suffix, default: 0] += 1 }
    }
    return names.map { name in
      boundarySuffixes(name).first { owners[$0] == 1 && hasSubstance($0) }.map(String.init) ?? name
    }
  }

  /// The suffixes of `name` that begin at a boundary, the shortest first, `name` last.
  private static func boundarySuffixes(_ name: String) -> [Substring] {
    var suffixes: [Substring] = []
    var index = name.endIndex
    while index > name.startIndex, suffixes.count < 64 {
      let before = name.index(before: index)
      if "/_-. ".contains(name[before]), index < name.endIndex { suffixes.append(name[index...]) }
      index = before
    }
    return suffixes + [name[...]]
  }

  /// Whether a suffix says something by itself: a lone digit or the tail of a number (`4` of `1e-4`) does not.
  private static func hasSubstance(_ suffix: Substring) -> Bool {
    suffix.utf8.count >= 3 || suffix.contains { $0.isLetter }
  }
}
