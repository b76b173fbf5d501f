import Bytes
import Testing

struct StringHoldingTests {
  @Test(arguments: [
    ("", "", true), ("a", "", true), ("", "a", false), ("loss", "loss", true), ("train/loss", "loss", true),
    ("train/loss", "train", true), ("train/loss", "lost", false), ("aaab", "aab", true), ("ab", "abc", false),
    ("größe", "ö", true), ("eval_samples_per_second", "per_second", true),
  ])
  func `A text holds what stands in it`(text: String, part: String, holds: Bool) {
    #expect(text.holds(part) == holds)
  }

  @Test func `Bytes are compared, not characters`() {
    // A combining mark makes another character of the point, and no other bytes.
    #expect("model.\u{301}layers".holds("model."))
    #expect(!"e\u{301}".holds("\u{e9}"))
  }

  @Test(arguments: [
    ("", "", 0, true), ("a", "", 0, true), ("a", "", 1, true), ("a", "", 2, false), ("loss", "loss", 0, true),
    ("loss", "losses", 0, false), ("train/loss", "loss", 6, true), ("train/loss", "loss", 7, false),
    ("train/loss", "train", 0, true),
  ])
  func `A text begins with what stands at its place`(text: String, part: String, place: Int, begins: Bool) {
    #expect(text.begins(with: part, at: place) == begins)
  }

  @Test(arguments: [
    ("", "", true), ("a", "", true), ("", "a", false), ("a.weight", ".weight", true),
    ("weight", ".weight", false),
    ("a.weights", ".weight", false),
  ])
  func `A text ends with its last bytes`(text: String, part: String, ends: Bool) {
    #expect(text.ends(with: part) == ends)
  }
}
