import Testing

@testable import Report

@Suite struct ForeignTextTests {
  @Test func `what acts instead of showing becomes an escape`() {
    #expect(ForeignText.visible("a\u{1b}[31mb\nc\u{7f}") == #"a\x1b[31mb\nc\x7f"#)
    #expect(ForeignText.visible("x\u{202e}y\u{2066}\u{feff}") == #"x\u{202e}y\u{2066}\u{feff}"#)
    #expect(ForeignText.visible("\u{9b}2J\u{85}\u{ffff}") == #"\x9b2J\x85\u{ffff}"#)
  }

  @Test func `ordinary text of any language stays`() {
    let text = "Ünïcode 漢字 עברית 🦙 a|b<c>`d`"
    #expect(ForeignText.visible(text) == text)
  }

  @Test func `shortening keeps both ends`() {
    #expect(ForeignText.shortened("abcdefghij", to: 5) == "ab…ij")
    #expect(ForeignText.shortened("abc", to: 5) == "abc")
  }
}
