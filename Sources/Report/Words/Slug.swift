/// Names of runs as names of folders.
enum Slug {
  /// A name for each of `names`, of letters, digits, `.`, `_` and `-` only, at most 80 long, no two the same on file
  /// systems that do not tell capitals from small letters.
  static func unique(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    // The next number of each base, so that many of one base cost no search.
    var numbers: [String: Int] = [:]
    return names.map { name in
      let base = make(name)
      var slug = base
      var number = numbers[base] ?? 2
      defer { numbers[base] = number }
      while !taken.insert(slug.lowercased()).inserted {
        slug = "\(base)-\(number)"
        number += 1
      }
      return slug
    }
  }

  private static func make(_ name: String) -> String {
    var slug = ""
    for character in name {
      let isPlain =
        character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
      if isPlain { slug.append(character) } else if slug.last != "-" { slug += "-" }
    }
    slug = String(slug.suffix(80))
    while let first = slug.first, first == "." || first == "-" { slug.removeFirst() }
    while slug.last == "-" || slug.last == "." { slug.removeLast() }
    return slug.isEmpty ? "run" : slug
  }
}
