import Testing

@testable import GateConfiguration

struct SuggestionTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 1), ("Max", "max", 0),
    ("metirc", "metric", 1),
  ])
  func `the distance counts edits and swaps`(left: String, right: String, distance: Int) {
    #expect(Suggestion.distance(left, right) == distance)
  }

  @Test func `a word near nothing gets the whole list`() {
    #expect(Suggestion.text(for: "zzzzzz", among: ["error", "warn"]) == "; known: error, warn")
    #expect(Suggestion.text(for: "eror", among: ["error", "warn"]) == "; did you mean \"error\"?")
  }
}
