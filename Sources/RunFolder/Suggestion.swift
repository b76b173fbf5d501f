/// What somebody may have meant who wrote the name of something that is not there.
package enum Suggestion {
  /// The candidate that is fewest edits away from `word`, whatever the case; nil where that is more than a third of
  /// the word (a short one may have one edit), or all of it.
  package static func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = min(max(1, word.count / 3), word.count - 1)
    return
      candidates
      .map { (name: $0, distance: distance(word, $0)) }
      .filter { $0.distance <= limit }
      .min { $0.distance < $1.distance }?.name
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
