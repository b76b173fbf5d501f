import JSON
import Testing

@Suite struct JSONValueTests {
  @Test func `integers come out exactly, whole floats too`() {
    #expect(JSONValue.number("9223372036854775807").int64 == .max)
    #expect(JSONValue.number("1e3").int64 == 1000)
    #expect(JSONValue.number("1.5").int64 == nil)
    #expect(JSONValue.number("9223372036854775808").int64 == nil)
    #expect(JSONValue.string("1").int64 == nil)
  }

  @Test func `accessors give nil for other kinds`() {
    let value = JSONValue.bool(true)
    #expect(value.bool == true)
    #expect(value.string == nil && value.array == nil && value.members == nil && value.double == nil)
    #expect(value["a"] == nil)
  }

  @Test func `numbers are written as short as they can be read back`() {
    #expect(JSONValue.number(0.1) == .number("0.1"))
    #expect(JSONValue.number(3.0) == .number("3"))
    #expect(JSONValue.number(Double.nan) == .string("NaN"))
    #expect(JSONValue.number(-Double.infinity) == .string("-Infinity"))
    #expect(JSONValue.number(Int64.min) == .number("-9223372036854775808"))
  }
}
