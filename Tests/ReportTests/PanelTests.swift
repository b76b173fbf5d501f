import Testing

@testable import Report

@Suite struct PanelTests {
  private let panel = Panel(frame: Frame(left: 0, top: 0, width: 100, height: 100), x: 0...100, y: 0...10)

  private func drawn(_ y: [Double]) throws -> [String] {
    var document = SVGDocument(width: 100, height: 100, title: "", description: "")
    panel.drawLine(panel.reduced(x: y.indices.map { Double($0) * 10 }, y: y), stroke: .ink, in: &document)
    return try XMLChecker.root(of: document.text).all("path").map { $0.attributes["d"] ?? "" }
  }

  @Test func `a line is cut off at the frame and goes on where it comes back`() throws {
    #expect(try drawn([5, 15, 5]) == ["M0 50l5-50M15 0l5 50"])
    #expect(try drawn([15, 15, 5]) == ["M15 0l5 50"])
    #expect(try drawn([5, -5, 15]) == ["M0 50l5 50M12.5 100l5-100"])
    #expect(try drawn([20, 20]) == [])
  }

  @Test func `a lone point is a dot`() throws {
    #expect(try drawn([5, .nan, 2, 3]) == ["M20 80l10-10", "M0 50h0"])
  }

  @Test func `what a logarithmic axis cannot show lies below it`() throws {
    let panel = Panel(
      frame: Frame(left: 0, top: 0, width: 100, height: 100), x: 0...100, y: 1...100, yKind: .logarithmic)
    var document = SVGDocument(width: 100, height: 100, title: "", description: "")
    panel.drawLine(panel.reduced(x: [0, 50, 100], y: [10, 0, 10]), stroke: .ink, in: &document)
    let path = try #require(XMLChecker.root(of: document.text).all("path").first?.attributes["d"])
    #expect(path == "M0 50l0.2 50M99.8 100l0.2-50")
  }
}
