import Testing

@testable import Report

@Suite struct ColourSchemeTests {
  private let picture: String = {
    var document = SVGDocument(width: 10, height: 10, title: "a", description: "b")
    document.line(x1: 0, y1: 0, x2: 1, y2: 1, stroke: .series(0))
    return document.text
  }()

  @Test func `a light picture has no other colours`() throws {
    let root = try XMLChecker.root(of: ColourScheme.light.applied(to: picture))
    #expect(root.all("style").map(\.text) == [""])
    #expect(root.all("rect").first?.attributes["fill"] == "#ffffff")
  }

  @Test func `a dark picture is dark without a condition`() throws {
    let root = try XMLChecker.root(of: ColourScheme.dark.applied(to: picture))
    #expect(
      root.all("style").map(\.text) == [".ftreport .f-page{fill:#0d1117}.ftreport .s-line1{stroke:#3dd8ff}"])
  }

  @Test func `a page has one set of colours, and pictures like it`() {
    var page = Document([.heading(level: 1, "run")])
    page.blocks.append(.picture(.init(path: "a.svg", words: "a", svg: picture)))
    let text = HTMLWriter.text(page, title: "run")
    #expect(ColourScheme.auto.applied(to: text) == text)
    let light = ColourScheme.light.applied(to: text)
    let dark = ColourScheme.dark.applied(to: text)
    for fixed in [light, dark] { #expect(!fixed.contains("prefers-color-scheme: dark) {")) }
    #expect(light.contains("@media not all { body { background: #0d1117; } }"))
    #expect(light.contains("color-scheme: light; --page") && dark.contains("color-scheme: dark; --page"))
    #expect(dark.contains("@media screen { body { background: #0d1117; } }"))
  }

  @Test func `what a training wrote stays as it is`() {
    let words = "color-scheme: light dark <style>@media (prefers-color-scheme:dark){x}</style>"
    let text = HTMLWriter.text(Document([.paragraph(.init(stringLiteral: words))]), title: "run")
    let escaped = MarkupText.escaped(words)
    #expect(text.contains(escaped))
    #expect(ColourScheme.light.applied(to: text).contains(escaped))
    #expect(ColourScheme.dark.applied(to: text).contains(escaped))
  }
}
