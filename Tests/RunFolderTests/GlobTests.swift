import RunFolder
import Testing

@Suite struct GlobTests {
  @Test(arguments: [
    ("train/*", "train/loss", true), ("*loss*", "train/loss", true), ("*loss", "train/loss_step", false),
    ("train/loss", "train/loss", true), ("train/loss", "Train/loss", false), ("*", "", true), ("", "", true),
    ("", "a", false), ("?", "a", true), ("?", "", false), ("a?c", "abc", true), ("[ab]c", "bc", true),
    ("[ab]c", "cc", false), ("[!ab]c", "cc", true), ("[a-c]*", "b", true), ("[a-c]*", "d", false),
    ("[]]", "]", true), ("[", "[", true), ("a[b", "a[b", true), ("*a*b*c", "xxaxxbxxc", true),
    ("*a*b*c", "xxaxxcxxb", false), ("**", "anything", true), ("[a-]", "-", true),
  ])
  func `a pattern fits as a shell's would, slashes included`(pattern: String, name: String, fits: Bool) {
    #expect(Glob(pattern).matches(name) == fits)
  }

  @Test func `a hostile pattern ends soon`() {
    let name = String(repeating: "a", count: 2000)
    #expect(!Glob(String(repeating: "*a", count: 200) + "*b").matches(name))
  }

  @Test func `only a pattern without signs is literal`() {
    #expect(Glob("train/loss").isLiteral)
    #expect(Glob("a[b").isLiteral)
    #expect(!Glob("train/*").isLiteral)
    #expect(!Glob("los[st]").isLiteral)
  }
}
