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
}
