/// What somebody may have meant who typed something that is not there.
enum Suggestion {
  /// The candidate that is fewest edits away from `word`, at most two and less than half of the word.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = min(2, word.count / 2)
    return
      candidates
      .map { (name: $0, distance: distance(word, $0)) }
      .filter { $0.distance <= limit }
      .min { $0.distance < $1.distance }?.name
  }

  /// The number of characters to insert, remove, replace or swap with their neighbour (optimal string alignment).
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left), right = Array(right)
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var rows = [Array(0...right.count)]
    for row in 1...left.count {
      rows.append([row] + Array(repeating: 0, count: right.count))
      for column in 1...right.count {
        let replaced = rows[row - 1][column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
        var best = min(rows[row - 1][column] + 1, rows[row][column - 1] + 1, replaced)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          best = min(best, rows[row - 2][column - 2] + 1)
        }
        rows[row][column] = best
      }
    }
    return rows[left.count][right.count]
  }
}
