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

  @Test func `elements that are made as they are written read the same as those of an array`() {
    let names = (0..<5000).map { "tensor \($0)\n" }
    let made = JSONValue.object([
      "before": .number(1), "made": .array(of: names) { .object(["name": .string($0), "none": .array([])]) },
      "empty": .array(of: [String]()) { .string($0) },
    ])
    let kept = JSONValue.object([
      "before": .number(1),
      "made": .array(names.map { .object(["name": .string($0), "none": .array([])]) }), "empty": .array([]),
    ])
    #expect(made.text == kept.text)
    #expect(made.indentedText == kept.indentedText)
    #expect(made["made"]?.array == kept["made"]?.array)
    #expect(made == made)
  }

  @Test func `a long text comes in pieces of whole lines`() {
    let value = JSONValue.array(of: Array(0..<50_000)) { .object(["index": .number($0)]) }
    var pieces: [[UInt8]] = []
    value.writeIndented { (piece: [UInt8]) throws(Never) in pieces.append(piece) }
    #expect(pieces.count > 10)
    #expect(pieces.allSatisfy { $0.last == UInt8(ascii: "\n") && $0.count < 70_000 })
    #expect(String(decoding: pieces.joined(), as: UTF8.self) == value.indentedText)
    #expect(value.indentedText.hasSuffix("  {\n    \"index\": 49999\n  }\n]\n"))
  }
}
