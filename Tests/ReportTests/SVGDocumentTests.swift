import Testing

@testable import Report

@Suite struct SVGDocumentTests {
  private func sample() -> SVGDocument {
    var document = SVGDocument(width: 100, height: 50, title: "a & b", description: "1 < 2\u{1b}")
    document.line(x1: 0, y1: 0.05, x2: 10.26, y2: -0.04, stroke: .series(0), dash: "6 3", opacity: 0.4)
    document.text("<\"name'>", x: 5, y: 6, paint: .muted, anchor: .end, halo: true)
    return document
  }

  @Test func `the root names the picture, its numbers and its size`() throws {
    let root = try XMLChecker.root(of: sample().text)
    #expect(root.name == "svg")
    #expect(root.attributes["role"] == "img")
    #expect(root.attributes["viewBox"] == "0 0 100 50")
    #expect(root.attributes["width"] == "100" && root.attributes["height"] == "50")
    #expect(root.all("title").first?.text == "a & b")
    #expect(root.all("desc").first?.text == #"1 < 2\x1b"#)
  }

  @Test func `light colours are attributes over an opaque page, dark ones the only style`() throws {
    let root = try XMLChecker.root(of: sample().text)
    let page = try #require(root.all("rect").first)
    #expect(page.attributes["fill"] == "#ffffff" && page.attributes["width"] == "100")
    #expect(
      root.all("style").map(\.text) == [
        "@media (prefers-color-scheme:dark){.ftreport .f-muted{fill:#9da7b3}.ftreport .f-page{fill:#0d1117}"
          + ".ftreport .s-line1{stroke:#3dd8ff}.ftreport .s-page{stroke:#0d1117}}"
      ])
    for element in root.all where ["path", "text", "rect"].contains(element.name) {
      #expect(element.attributes["fill"] != nil)
      #expect(element.attributes["style"] == nil && element.attributes["id"] == nil)
    }
  }

  @Test func `foreign text cannot leave its element`() throws {
    let root = try XMLChecker.root(of: sample().text)
    #expect(root.all("text").map(\.text) == ["<\"name'>"])
  }

  @Test func `numbers have one place and are always numbers`() {
    #expect(SVGNumber.text(10.26) == "10.3")
    #expect(SVGNumber.text(-0.04) == "0")
    #expect(SVGNumber.text(-0.06) == "-0.1")
    #expect(SVGNumber.text(.nan) == "0")
    #expect(SVGNumber.text(.infinity) == "1000000")
  }
}
