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

  @Test(arguments: ["RunFolder", "Analysis", "GateConfiguration", "Experiment", "Report"])
  func `A room that reads no bytes has nothing unsafe`(room: String) throws {
    for (path, lines) in try files(in: Path.join(Fixture.package, "Sources/" + room)) {
      for line in lines where !line.contains("'unsafe-inline'") {
        let words = line.split { !$0.isLetter && $0 != "_" }
        #expect(!words.contains("unsafe"), "\(path): \(line)")
      }
    }
  }

  @Test(arguments: ["Sources", "Tests"])
  func `No file has more than 400 lines`(folder: String) throws {
    for (path, lines) in try files(in: Path.join(Fixture.package, folder)) {
      #expect(lines.count <= 401, "\(path)")
    }
  }
}
