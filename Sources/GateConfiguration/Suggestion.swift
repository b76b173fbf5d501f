/// What someone who wrote a wrong word may have meant.
enum Suggestion {
  /// `; did you mean "x"?` for the word of `known` that is near `word`, else `; known: …`.
  static func text(for word: String, among known: [String]) -> String {
    let nearest = known.map { (distance(word, $0), $0) }.min { $0.0 < $1.0 }
    if let nearest, nearest.0 <= max(1, word.count / 3) { return "; did you mean \"\(nearest.1)\"?" }
    return "; known: \(known.joined(separator: ", "))"
  }

  /// The least number of insertions, deletions, replacements and swaps of neighbours that turn `left` into `right`
  /// (Damerau's distance, optimal string alignment).
  ///
  /// - Complexity: O(left × right); words beyond 64 characters are far from everything.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.lowercased().unicodeScalars)
    let right = Array(right.lowercased().unicodeScalars)
    guard left.count <= 64, right.count <= 64 else { return .max }
    var before: [Int] = []
    var previous = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        var best = Swift.min(
          previous[column + 1] + 1, current[column] + 1,
          previous[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = Swift.min(best, before[column - 1] + 1)
        }
        current.append(best)
      }
      (before, previous) = (previous, current)
    }
    return previous[right.count]
  }
}
