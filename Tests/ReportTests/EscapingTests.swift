import Analysis
import EventFile
import RunFolder
import Testing

@testable import Report

/// Foreign text in every channel: it shows, and does nothing, whatever sign extends the one that would act.
@Suite struct EscapingTests {
  /// Texts that act in some format.
  static let specials = [
    "<img src=x onerror=a()>", "<", ">", "&lt;", "&", "\"", "'", "|", "\\", "\\|", "`", "``", "*a*", "_a_",
    "[a](b)", "![a](b)", "@a", "#1", "- a", "+ a", "1. a", "1) a", "> a", "# a", "    a", "===", "---",
    "~~a~~",
    "$a$", "<!--", "]]>", "::error::a", " ::error::a", "##[error]a", "##vso[a]b", "http://a.b", "www.a.b",
    "a\nb", "a\r::error::b", "\u{1b}[31m", "\u{9b}31m", "\u{202e}a", "\u{2028}a", "$(a)", "%0A::error::a",
  ]
  /// Scalars that join the one before them to one `Character`.
  static let extenders = ["", "\u{301}", "\u{200d}", "\u{fe0f}"]

  /// Each special with each extender behind each of its signs.
  static let hostile = specials.flatMap { special in
    extenders.map { extender in
      String(special.unicodeScalars.flatMap { [Character($0)] + Array(extender) })
    }
  }

  /// A page that has `text` in each place where a page has foreign text.
  static func page(_ text: String) -> [Document.Block] {
    let words = InlineText(text)
    var table = Table([.init(words), .init(.code(text))])
    table.add([Table.Cell(words), .code(text), "beyond"])
    table.add([Table.Cell(.link(.code(text), to: text)), Table.Cell(.strong(words))])
    return [
      .heading(level: 1, words), .paragraph(words), .paragraph("a \(text) \(code: text) b"),
      .paragraph(.code(text)), .paragraph(.toned(.bad, words)),
      .list(isNumbered: true, [.init(words, words, children: [words]), .init(.code(text))]),
      .list(isNumbered: false, [.init(label: words, [words])]), .table(table),
      .picture(.init(path: text, words: text, svg: picture(text))), .callOut(words),
      .fold(summary: words, [.paragraph(words)]), .code(text, language: "sh"),
    ]
  }

  private static func picture(_ text: String) -> String {
    var picture = SVGDocument(width: 10, height: 10, title: text, description: text)
    picture.text(text, x: 1, y: 1)
    return picture.text
  }

  @Test func `Markdown is the one that was judged`() throws {
    // `scripts/check-escaping.py` holds each page of this file against the first, by two renderers.
    try Golden.check("escaping.md") {
      MarkdownWriter.text((["harmless"] + Self.hostile).flatMap(Self.page))
    }
  }

  @Test(arguments: hostile) func `HTML and SVG keep their structure`(text: String) throws {
    func shape(_ element: XMLChecker.Element) -> String {
      "\(element.name)\(element.attributes.keys.sorted())(\(element.children.map(shape).joined()))"
    }
    let html = HTMLWriter.fragment(Document(Self.page(text)))
    let harmless = HTMLWriter.fragment(Document(Self.page("harmless")))
    let root = try XMLChecker.root(of: html)
    #expect(shape(root) == shape(try XMLChecker.root(of: harmless)))
    #expect(root.all("h1").first?.text == ForeignText.visible(text))
    #expect(HTMLWriter.text(Document(), title: text).contains("<title>\(MarkupText.escaped(text))</title>"))
  }

  @Test(arguments: hostile) func `no line of a terminal acts`(text: String) {
    for width in [40, 80] {
      let shown = TerminalWriter(TerminalStyle(width: width)).text(Document(Self.page(text)))
      for line in shown.unicodeScalars.split(separator: "\n") { Self.expectHarmless(line) }
    }
    Self.expectHarmless(ForeignText.line(text).unicodeScalars[...])
  }

  /// A line that neither steers a terminal nor commands a CI system.
  private static func expectHarmless(_ line: Substring.UnicodeScalarView) {
    let text = String(line)
    let start = line.drop { $0.properties.isWhitespace }
    #expect(!start.starts(with: "::".unicodeScalars), "\(text)")
    let scalars = Array(line)
    for command in ["##[", "##vso["].map({ Array($0.unicodeScalars) }) {
      #expect(!scalars.indices.contains { scalars[$0...].starts(with: command) }, "\(text)")
    }
    for scalar in line {
      let value = scalar.value
      let acts =
        value < 0x20 || (0x7f..<0xa0).contains(value) || (0x2028...0x202e).contains(value)
        || (0x2066...0x2069).contains(value)
      #expect(!acts, "U+\(String(value, radix: 16)) in \(text)")
    }
  }

  @Test(arguments: hostile) func `a gate's reports for machines stay whole`(text: String) throws {
    var check = GateCheck(subject: text, bound: .atMost(1), status: .fail, reason: .beyond)
    check.found = 2
    let gate = Gate(
      id: text, subject: .metric(Glob("*")), statistic: .best, bounds: [.atMost(1)], level: .error,
      message: text, line: 1)
    let report = GateReport(
      configuration: text, runName: text, runPath: text, baselines: [text],
      results: [GateResult(gate: gate, checks: [check])], disabled: [text])

    let junit = GateJUnit.text(report, strict: false)
    let root = try XMLChecker.root(of: String(junit.drop { $0 != "\n" }.dropFirst()))
    #expect(root.all.map(\.name) == ["testsuites", "testsuite", "testcase", "failure"])

    let annotations = GateAnnotations.lines(report, strict: false, file: text)
    #expect(annotations.count == 1)
    for line in annotations.flatMap({ $0.unicodeScalars.split(separator: "\n") }) {
      #expect(line.starts(with: "::error file=".unicodeScalars))
      Self.expectHarmless(line.dropFirst(2))
    }

    for line in GateOpenMetrics.text(report).unicodeScalars.split(separator: "\n") where line.first != "#" {
      #expect(line.starts(with: "ftreport_gate_".unicodeScalars))
      Self.expectHarmless(line)
      // Every quote within a value is escaped, so that an even number stands bare: two for each label.
      var bare = 0
      var isEscaped = false
      for scalar in line {
        if scalar == "\"", !isEscaped { bare += 1 }
        isEscaped = scalar == "\\" && !isEscaped
      }
      #expect(bare % 4 == 0)
    }
  }
}
