import Testing

@testable import JSON

@Suite struct JSONParserTests {
  private func error(_ text: String, _ dialect: JSONDialect = .strict) -> JSONError? {
    do {
      _ = try JSONValue(parsing: text, dialect: dialect)
      return nil
    } catch { return error }
  }

  @Test func `every kind of value is read, members in their order`() throws {
    let value = try JSONValue(
      parsing: #" { "b" : [ 1 , -2.5e3 , "x" ] , "a" : { "t" : true , "n" : null } } "#)
    #expect(
      value
        == .object([
          .init("b", .array([.number("1"), .number("-2.5e3"), .string("x")])),
          .init("a", .object([.init("t", .bool(true)), .init("n", .null)])),
        ]))
  }

  @Test(arguments: [
    ("", JSONError.Reason.unexpectedEnd, 0), ("[1", .unexpectedEnd, 2), ("\"a", .unexpectedEnd, 2),
    ("{\"a\"", .unexpectedEnd, 4), ("[1,]", .unexpected(0x5d, expected: "a value"), 3),
    ("{\"a\":1,}", .unexpected(0x7d, expected: "a key"), 7),
    ("{a:1}", .unexpected(0x61, expected: "a key"), 1),
    ("[1 2]", .unexpected(0x32, expected: "\",\" or \"]\""), 3),
    ("nul", .unexpectedEnd, 3), ("nulk", .unexpected(0x6b, expected: "\"null\""), 3),
    ("1 2", .trailingText, 2), ("\u{feff}1", .unexpected(0xef, expected: "a value"), 0),
    ("01", .invalidNumber, 0), ("1.", .invalidNumber, 0), ("-", .invalidNumber, 0),
    ("1e+", .invalidNumber, 0),
    (" .5", .unexpected(0x2e, expected: "a value"), 1), ("+1", .unexpected(0x2b, expected: "a value"), 0),
    ("NaN", .nonFiniteNumber, 0), ("[-Infinity]", .nonFiniteNumber, 1),
    ("\"\u{1}\"", .invalidString, 1), ("\"\\x\"", .invalidString, 1), ("\"\\u12g4\"", .invalidString, 5),
    ("\"\\ud800\"", .invalidString, 1), ("\"\\ud800\\u0041\"", .invalidString, 1),
    ("\"\\udc00\"", .invalidString, 1),
  ])
  func `what is not JSON is told with its place`(text: String, reason: JSONError.Reason, offset: Int) {
    #expect(error(text) == JSONError(reason, at: offset))
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
    #expect(error == JSONError(.invalidString, at: 0))
  }

  @Test func `surrogate pairs and escapes become their characters`() throws {
    let value = try JSONValue(parsing: #""\ud83d\ude00\n\t\r\b\f\/\\\"\u00e9\u0000""#)
    #expect(value == .string("😀\n\t\r\u{8}\u{c}/\\\"é\u{0}"))
  }

  @Test func `Python's dialect has NaN and the infinities`() throws {
    let value = try JSONValue(parsing: "[NaN, Infinity, -Infinity, -1]", dialect: .python)
    let numbers = try #require(value.array?.map(\.double))
    #expect(numbers[0]?.isNaN == true)
    #expect(Array(numbers[1...]) == [.infinity, -.infinity, -1])
    #expect(error("[Nan]", .python)?.reason == .unexpected(0x6e, expected: "\"NaN\""))
  }

  @Test func `depth is bounded before the stack is`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(error(nested(128)) == nil)
    #expect(error(nested(129)) == JSONError(.tooDeep(limit: 128), at: 128))
    #expect(error(String(repeating: "{\"a\":", count: 1_000_000))?.reason == .tooDeep(limit: 128))
  }

  @Test func `the number of values is bounded before the memory is`() {
    func error(_ text: String) -> JSONError? {
      var parser = unsafe JSONParser(text.utf8.span.bytes, dialect: .strict, countLimit: 4)
      do throws(JSONError) { _ = try parser.document() } catch { return error }
      return nil
    }
    // The array is a value too.
    #expect(error("[0, 1, 2]") == nil)
    #expect(error("[0, 1, 2, 3]") == JSONError(.tooMany(limit: 4), at: 10))
    #expect(error(#"{"a": [{}, 0], "b": 1}"#)?.reason == .tooMany(limit: 4))
  }

  @Test func `a key that stands twice stands twice, and the last one counts`() throws {
    let value = try JSONValue(parsing: #"{"a":1,"a":2}"#)
    #expect(value.members?.count == 2)
    #expect(value["a"] == .number("2"))
  }

  @Test func `every cut of a document is an error`() throws {
    let text = Array(#"{"a":[1.5,"\u00e9",true,{}]}"#.utf8)
    for count in 0..<text.count {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text[..<count])) }
    }
    #expect(throws: Never.self) { try JSONValue(parsing: text) }
  }

  @Test func `the description says where and what`() {
    #expect(error("[1,]")?.description == "byte 3: unexpected \"]\", expected a value")
    #expect(error("\u{1}")?.description == "byte 0: unexpected byte 0x1, expected a value")
  }
}
