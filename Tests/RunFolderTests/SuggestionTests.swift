import Testing

@testable import RunFolder

struct SuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 1), ("Max", "max", 0),
    ("metirc", "metric", 1),
  ])
  func `the distance counts edits and swaps`(left: String, right: String, distance: Int) {
    #expect(Suggestion.distance(left, right) == distance)
  }

  @Test(arguments: [
    ("eror", "error"), ("finla", "final"), ("EVAL/LOSS", "eval/loss"), ("tarin/loss", "train/loss"),
    ("zzzzzz", nil), ("warning", nil), ("x", nil), ("", nil),
  ])
  func `the nearest word is told, and a far one is not`(word: String, meant: String?) {
    let known = ["error", "warn", "final", "eval/loss", "train/loss", "a"]
    #expect(Suggestion.nearest(to: word, among: known) == meant)
  }
}
