import Testing

@testable import Report

@Suite struct MarkdownTextTests {
  @Test func `code takes any name without letting it act`() {
    #expect(MarkdownText.code("train/loss") == "`train/loss`")
    #expect(MarkdownText.code("a`b") == "``a`b``")
    #expect(MarkdownText.code("`a") == "`` `a ``")
    #expect(MarkdownText.code("a``b`c") == "```a``b`c```")
    #expect(MarkdownText.code("a|b", inTable: true) == "`a\\|b`")
    #expect(MarkdownText.code("a|b") == "`a|b`")
    #expect(MarkdownText.code("a\nb\u{202e}") == #"`a\nb\u{202e}`"#)
    #expect(MarkdownText.code("") == "")
  }

  @Test func `plain words lose every mark`() {
    #expect(
      MarkdownText.plain("*a* <b> [c](d) @me #1 |x| ~y~")
        == ##"\*a\* &lt;b&gt; \[c\](d) &#64;me \#1 \|x\| \~y\~"##)
    #expect(MarkdownText.plain("a`c\\d") == #"a\`c\\d"#)
    #expect(MarkdownText.plain("train_loss of _a_ and __b") == #"train_loss of \_a\_ and \_\_b"#)
  }

  @Test func `links keep to letters that need no escape`() {
    #expect(MarkdownText.link("a b/(c)ä.svg") == "a%20b/%28c%29%C3%A4.svg")
  }
}

@Suite struct MarkdownTableTests {
  @Test func `columns line up`() {
    var table = Table(["Name", "N"], sides: [.left, .right])
    table.add(["a", "1,000"])
    table.add(["long name"])
    #expect(
      MarkdownTable(table).text == """
        | Name      |     N |
        | --------- | ----: |
        | a         | 1,000 |
        | long name |       |

        """)
  }
}

@Suite struct RunPageTests {
  @Test func `a long table shows first, last, best and some between`() {
    let chosen = RunPage.chosen(1000, limit: 40) { $0 == 777 }
    #expect(chosen.first == 0 && chosen.last == 999 && chosen.contains(777) && chosen.count <= 42)
    #expect(RunPage.chosen(5, limit: 40) { _ in false } == [0, 1, 2, 3, 4])
  }

  @Test func `hostile names stay inside their code`() {
    let run = Runs.learning("x`|<script>\n# Heading", count: 30, evaluations: 2)
    let page = RunReport(Analyses.fixed(run)).files[0].text
    #expect(page.hasPrefix("# Training run ``x`|<script>\\n# Heading``\n"))
    #expect(!page.contains("\n# Heading"))
  }
}
