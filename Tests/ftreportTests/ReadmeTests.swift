import FileSystem
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
    #expect(block == (try text("Tests/ftreportTests/Examples/Readme.swift")))
  }

  @Test func `The library example draws the picture at the top`() throws {
    let drawn = try pictures(of: Fixture.sampleRun("sft_resumed"))
    #expect(drawn == [try text("docs/sft_resumed.svg")], "`make docs` draws it again")
    #expect(try text("README.md").contains("](docs/sft_resumed.svg)"))
  }

  @Test func `The comparison draws the picture below it`() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command(folder: folder.path)(
      "compare", Fixture.sampleRun("sft"), Fixture.sampleRun("sft_lr1e-4"), "-o", ".")
    #expect(outcome.status == 0)
    let drawn = try Files.read(folder.file("sft_lr1e-4-against-sft.report/comparison.svg"))
    #expect(
      String(decoding: drawn, as: UTF8.self) == (try text("docs/comparison.svg")),
      "`make docs` draws it again")
    #expect(try text("docs/TOUR.md").contains("](comparison.svg)"))
  }

  @Test func `Every example prints what the command prints`() throws {
    let folder = try TemporaryFolder()
    let ftreport = Command(folder: folder.path)
    let sessions = try ["README.md", "docs/TOUR.md"].flatMap { name in
      try text(name).split(separator: "```console\n$ ftreport ").dropFirst()
    }
    #expect(sessions.count == 3)
    for session in sessions {
      let shown = session.split(separator: "```").first ?? ""
      let line = shown.prefix { $0 != "\n" }
      let arguments = line.split(separator: " ").map { argument in
        argument.hasPrefix("samples/") ? Path.join(Fixture.package, String(argument)) : String(argument)
      }
      let printed = try ftreport(arguments).output
      #expect(shown.dropFirst(line.count + 1) == printed, "`make docs` runs it again")
    }
  }

  @Test func `The README is short`() throws {
    #expect(
      try text("README.md").split(separator: "\n", omittingEmptySubsequences: false).dropLast().count <= 150)
  }

  @Test(arguments: [
    "README.md", "docs/TOUR.md", "docs/EXTENDING.md", "CONTRIBUTING.md", "RELEASING.md",
  ])
  func `Links lead somewhere`(page: String) throws {
    for part in try text(page).split(separator: "](").dropFirst() {
      guard let target = part.split(separator: ")").first, !target.hasPrefix("http") else { continue }
      let path = Path.join(Path.join(Fixture.package, Path.parent(of: page)), String(target))
      #expect(Files.kind(of: path) != nil, "\(target) is missing")
    }
  }
}
