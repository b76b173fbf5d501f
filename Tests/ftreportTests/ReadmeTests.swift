import Bytes
import TestSupport
import Testing

struct ReadmeTests {
  private func text(_ name: String) throws -> String {
    String(decoding: try Files.read(Path.join(Fixture.package, name)), as: UTF8.self)
  }

  @Test func `The library example is the code that is compiled here`() throws {
    let parts = try text("README.md").split(separator: "```swift\n").dropFirst()
    #expect(parts.count == 1)
    let block = parts.first?.split(separator: "```").first.map(String.init)
    #expect(block == (try text("Tests/ftreportTests/ReadmeExample.swift")))
  }

  @Test func `The library example draws the picture at the top`() throws {
    let drawn = try pictures(of: Fixture.sampleRun("sft_resumed"))
    #expect(drawn == [try text("docs/sft_resumed.svg")], "`make docs` draws it again")
    #expect(try text("README.md").contains("](docs/sft_resumed.svg)"))
  }

  @Test func `The summary is what the command prints`() throws {
    let folder = try TemporaryFolder()
    let ftreport = Command(folder: folder.path)
    let printed = try ftreport(Fixture.sampleRun("sft_diverged")).output
    #expect(try text("README.md").contains("\n" + printed + "```\n"), "`make docs` runs it again")
  }

  @Test func `The README is short, and its links lead somewhere`() throws {
    let readme = try text("README.md")
    #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 151)
    for part in readme.split(separator: "](").dropFirst() {
      guard let target = part.split(separator: ")").first, !target.hasPrefix("http") else { continue }
      #expect(Files.kind(of: Path.join(Fixture.package, String(target))) != nil, "\(target) is missing")
    }
  }
}
