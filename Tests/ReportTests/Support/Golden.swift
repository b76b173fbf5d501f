import FileSystem
import Process
import TestSupport
import Testing

/// Texts that were looked at and kept, byte for byte.
///
/// With `FTREPORT_RECORD_GOLDENS` set, what was made replaces what was kept, and the run fails, so that recording can
/// never pass for testing.
enum Golden {
  private static let folder = Path.join(Fixture.package, "Tests/Fixtures/report/goldens")

  /// Compares what `make` makes, twice, with the file `name`.
  static func check(
    _ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ make: () throws -> String
  ) throws {
    let text = try make()
    #expect(try make() == text, "made twice, \(name) differs", sourceLocation: sourceLocation)
    let path = Path.join(folder, name)
    if Environment["FTREPORT_RECORD_GOLDENS"] != nil {
      try Files.makeDirectory(Path.parent(of: path))
      try Files.write(text, to: path)
      Issue.record("recorded \(name)", sourceLocation: sourceLocation)
      return
    }
    let kept = String(decoding: try Files.read(path), as: UTF8.self)
    guard text != kept else { return }
    let lines = zip(
      text.split(separator: "\n", omittingEmptySubsequences: false),
      kept.split(separator: "\n", omittingEmptySubsequences: false))
    let number = lines.enumerated().first { $0.element.0 != $0.element.1 }
    let made = number.map { String($0.element.0.prefix(200)) } ?? "another number of lines"
    let line = (number?.offset ?? 0) + 1
    Issue.record("\(name) differs from line \(line) on: \(made)", sourceLocation: sourceLocation)
  }
}
