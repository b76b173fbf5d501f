import Testing

@testable import Report

@Suite struct TerminalWriterTests {
  private func text(_ blocks: [Document.Block], width: Int = 40, isColoured: Bool = false) -> String {
    TerminalWriter(TerminalStyle(width: width, isColoured: isColoured)).text(Document(blocks))
  }

  @Test func `words wrap between words, behind the label of their item`() {
    let items = [
      Document.Item(label: "note", ["one two three four five six seven eight nine"]),
      Document.Item(label: "warning", ["ten"]),
    ]
    #expect(
      text([.list(isNumbered: false, items)]) == """
        note     one two three four five six
                 seven eight nine
        warning  ten

        """)
  }

  @Test(arguments: [
    "The change was 30.4 %, which", "a level of 4.786 ± 0.021 then", "it took 3 h 20 min in all",
    "a file of 12.3 kB, read", "a speed of 1.45 steps/s there",
  ])
  func `no line ends between a number and its unit or its uncertainty`(sentence: String) {
    let parts = ["30.4 %", "4.786 ± 0.021", "3 h 20 min", "12.3 kB", "1.45 steps/s"]
    for padding in 0..<60 {
      let words = String(repeating: "x", count: padding) + " " + sentence
      let lines = text([.paragraph(InlineText(words))]).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 40 })
      for part in parts where sentence.contains(part) {
        #expect(lines.contains { $0.contains(part) }, "\(lines)")
      }
    }
  }

  @Test func `a word that no line holds breaks behind a slash`() {
    let path = String(repeating: "folder/", count: 8)
    let lines = text([.paragraph(InlineText(path))]).split(separator: "\n").map(String.init)
    #expect(lines.joined() == path && lines.allSatisfy { $0.count <= 40 && $0.hasSuffix("/") })
  }

  @Test func `a table too wide gives up the width of its words, never that of its numbers`() {
    var table = Table(["run", "loss", "verdict"], sides: [.left, .right, .left])
    table.add(["experiments/a-very-long-name-of-a-run", "1.1804 ± 0.0140", .init(.toned(.bad, "failed"))])
    let lines = text([.table(table)]).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 40 }, "\(lines)")
    #expect(lines.map { $0.prefix { $0 != " " } }.joined() == "runexperiments/a-very-long-name-of-a-run")
    #expect(text([.table(table)]).contains("1.1804 ± 0.0140"))
  }

  @Test func `a table that no width fits stands row by row`() {
    var table = Table(
      ["metric", "base", "new", "change", "share"], sides: [.left, .right, .right, .right, .right])
    table.add(["eval/loss", "1.2345678", "1.2345678", "0.0000001", "+12.3 %"])
    #expect(
      text([.table(table)]) == """
        eval/loss
          base: 1.2345678
          new: 1.2345678
          change: 0.0000001
          share: +12.3 %

        """)
  }

  @Test func `facts show no header, and their notes wrap in a column`() {
    let facts = Table.facts(
      ["Figure", "Value", "Note"], sides: [.left, .right, .left],
      rows: [["Loss", "1.2", "the mean of the last twenty points"], ["Steps", "1,000", ""]])
    #expect(
      text([.table(facts)]) == """
        Loss   1.2    the mean of the last
                      twenty points
        Steps  1,000

        """)
  }

  @Test func `tones are colours where there are some, line by line`() {
    let paragraph = Document.Block.paragraph(
      .toned(.bad, "a b c d e f g h i j k l m n o p q r s t u v w x"))
    let lines = text([paragraph], isColoured: true).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.hasPrefix("\u{1b}[31m") && $0.hasSuffix("\u{1b}[0m") })
    #expect(!text([paragraph]).contains("\u{1b}"))
  }

  @Test func `wide signs take two columns`() {
    #expect(TerminalText.width("漢字 a") == 6)
    #expect(TerminalText.width("é e\u{301}") == 3)
    #expect(TerminalText.width("✅ ❌") == 5)
    let lines = text([.paragraph(InlineText(String(repeating: "漢", count: 50)))]).split(separator: "\n")
    #expect(lines.map(\.count) == [20, 20, 10])
  }
}
