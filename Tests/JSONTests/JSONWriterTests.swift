import JSON
import Testing

@Suite struct JSONWriterTests {
  @Test func `what is written reads back the same`() throws {
    let value = JSONValue.object([
      "text": .string("a\"\\\n\u{1}é😀"), "list": .array([.null, .bool(false), .number("1e-9")]),
      "empty": .object([]),
    ])
    #expect(try JSONValue(parsing: value.text) == value)
    #expect(try JSONValue(parsing: value.indentedText) == value)
  }

  @Test func `one line or indented by two`() {
    let value = JSONValue.object(["a": .array([.number("1"), .number("2")]), "b": .array([])])
    #expect(value.text == #"{"a":[1,2],"b":[]}"#)
    #expect(value.indentedText == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}\n")
  }

  @Test func `control characters are escaped`() {
    #expect(JSONValue.string("\u{0}\u{1f}\u{7f}\t").text == "\"\\u0000\\u001f\\u007f\\t\"")
  }
}
