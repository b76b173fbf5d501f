import FileSystem
import TestSupport
import Testing

/// What CONTRIBUTING says of the sources, as far as it can be counted.
struct HouseTests {
  /// The Swift files below `folder` with their lines.
  private func files(in folder: String) throws -> [(path: String, lines: [Substring])] {
    try Files.names(in: folder).flatMap { name -> [(path: String, lines: [Substring])] in
      let path = Path.join(folder, name)
      if Files.kind(of: path) == .directory { return try files(in: path) }
      guard name.hasSuffix(".swift") else { return [] }
      let text = String(decoding: try Files.read(path), as: UTF8.self)
      return [(path, text.split(separator: "\n", omittingEmptySubsequences: false))]
    }
  }

  @Test func `The rooms with something unsafe are those that CONTRIBUTING names`() throws {
    let sources = Path.join(Fixture.package, "Sources")
    let rooms = try Files.names(in: sources).filter { room in
      try files(in: Path.join(sources, room)).contains { _, lines in
        lines.contains { line in
          line.split { !$0.isLetter && $0 != "_" }.contains("unsafe") && !line.contains("'unsafe-inline'")
        }
      }
    }
    let text = String(decoding: try Files.read(Path.join(Fixture.package, "CONTRIBUTING.md")), as: UTF8.self)
    let sentence = try #require(text.split(separator: "is called: in ").last?.split(separator: ".").first)
    let named = sentence.split { !$0.isLetter }.map(String.init)
    #expect(rooms == named.filter { $0 != "and" && $0 != "once" && $0 != "in" })
  }

  @Test(arguments: ["Sources", "Tests"])
  func `No file has more than 400 lines`(folder: String) throws {
    for (path, lines) in try files(in: Path.join(Fixture.package, folder)) {
      #expect(lines.count <= 401, "\(path)")
    }
  }
}
