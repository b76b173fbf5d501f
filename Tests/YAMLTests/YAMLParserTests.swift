import Testing
import YAML

struct YAMLParserTests {
  private func parse(_ text: String) throws -> YAMLNode { try YAMLParser.parse(Array(text.utf8)) }

  @Test func `mappings keep their order, and scalars know whether they stood in quotes`() throws {
    let root = try parse("lora_rank: 8\ntemplate: \"8\"\ntargets:\n- q_proj\n- v_proj\n")
    guard case .mapping(let entries) = root.content else { throw Wrong() }
    #expect(entries.map(\.key) == ["lora_rank", "template", "targets"])
    #expect(entries[0].value.content == .scalar("8", isPlain: true))
    #expect(entries[1].value.content == .scalar("8", isPlain: false))
    guard case .sequence(let targets) = entries[2].value.content else { throw Wrong() }
    #expect(targets.map(\.content) == [.scalar("q_proj", isPlain: true), .scalar("v_proj", isPlain: true)])
    #expect(targets[1].position == SourcePosition(line: 5, column: 3))
  }

  @Test(arguments: [
    ("a: &x 1\nb: *x\n", "anchors"), ("a: !!python/object:os.system {}\n", "tags"),
    ("a: 1\na: 2\n", "duplicate"),
    ("a: [\n", "not YAML"), ("", "empty"), ("--- 1\n--- 2\n", "second document"),
  ])
  func `what could hide or grow is refused by name`(_ text: String, _ word: String) throws {
    let error = try #require(throws: YAMLError.self) { try parse(text) }
    #expect(error.description.contains(word))
  }

  private struct Wrong: Error {}
}
