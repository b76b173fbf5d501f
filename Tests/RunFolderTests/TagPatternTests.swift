import FileSystem
import JSON
import TestSupport
import Testing

@testable import RunFolder

/// Regular expressions over tags.
struct TagPatternTests {
  @Test func `patterns fit what Python's re.match has them fit, and are refused where it refuses them`()
    throws
  {
    let bytes = try Files.read(Path.join(Fixture.package, "Tests/Fixtures/layouts/patterns.json"))
    let truth = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
    let tags = try #require(truth["tags"]?.array).compactMap(\.string)
    let entries = try #require(truth["patterns"]?.array)
    #expect(entries.count > 700)
    for entry in entries {
      let text = try #require(entry.array?[0].string)
      let wanted = try #require(entry.array?[1].string)
      let found: String
      do throws(TagPatternError) {
        let pattern = try TagPattern(text)
        found = tags.map { pattern.matches($0) ? "1" : "0" }.joined()
      } catch {
        switch error {
        case .invalid: found = "invalid"
        case .unsupported: found = "unsupported"
        }
      }
      #expect(found == wanted, "\(text)")
    }
  }

  @Test(arguments: ["(a|a)*$", "(a*)*$", "(a+)+$", "((a|a?)+)*b", "(?:a|a|a|a){0,50}b"])
  func `no pattern takes more than its length times that of the tag`(text: String) throws {
    let pattern = try TagPattern(text)
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(!pattern.matches(String(repeating: "a", count: 2000) + "!"))
    }
    #expect(time < .seconds(20))
  }

  @Test(arguments: [
    String(repeating: "(", count: 900) + String(repeating: ")", count: 90), "(((a{999}){999}){999})",
    "((((){999}){999}){999}){999}", String(repeating: "a", count: 1001), "a{1001}",
    String(repeating: "(", count: 400) + String(repeating: ")", count: 400),
  ])
  func `what would be too large is refused`(text: String) {
    #expect(throws: TagPatternError.self) { try TagPattern(text) }
  }
}
