import Arrow
import Testing

/// What pyarrow, polars, nanoarrow and DuckDB read from such streams is tested by python/tests/test_scalars.py.
struct ArrowStreamTests {
  @Test func `A schema is a message of metadata alone, whose root points forwards`() {
    let bytes = ArrowStream([ArrowField("step", .int64)]).schema
    #expect(bytes.prefix(4) == [0xff, 0xff, 0xff, 0xff])
    #expect(integer(bytes, at: 4) == bytes.count - 8)
    #expect(bytes.count % 8 == 0)
    // The root table of the message: its vtable lies before it, and names a version, a kind, a header and a length.
    let root = 8 + integer(bytes, at: 8)
    let vtable = root - integer(bytes, at: root)
    #expect(vtable >= 12 && vtable < root)
    #expect(bytes[vtable] == 4 + 2 * 4)
    let kind = Int(bytes[vtable + 6])
    #expect(bytes[root + kind] == 1)
  }

  @Test func `A batch has its columns at multiples of 8, one after the other`() {
    let stream = ArrowStream([
      ArrowField("tag", .utf8, dictionary: 0), ArrowField("value", .float64, isNullable: true),
      ArrowField("flag", .bool),
    ])
    var bytes: [UInt8] = []
    stream.append(
      [.indices([0, 1, 0]), .float64([1, .nan, 2], missing: [1]), .bool(truths: [2], count: 3)], to: &bytes)
    let body = Array(bytes[(8 + integer(bytes, at: 4))...])
    #expect(
      body == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]  // three indices, padded
        + [0b101, 0, 0, 0, 0, 0, 0, 0]  // validity
        + littleEndian(1.0) + littleEndian(.nan) + littleEndian(2.0)
        + [0b100, 0, 0, 0, 0, 0, 0, 0])  // truths
  }

  @Test func `A dictionary has offsets and texts`() {
    let bytes = ArrowStream.dictionary(7, ["a", "", "bé"])
    let body = Array(bytes[(8 + integer(bytes, at: 4))...])
    #expect(
      body == [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0] + [0x61, 0x62, 0xc3, 0xa9, 0, 0, 0, 0])
  }

  @Test(arguments: [0, 1, 7, 8, 9, 64, 65])
  func `Bits beyond the rows are 0`(count: Int) {
    let stream = ArrowStream([ArrowField("flag", .bool)])
    var bytes: [UInt8] = []
    stream.append([.bool(truths: Array(0..<count), count: count)], to: &bytes)
    let body = bytes[(8 + integer(bytes, at: 4))...]
    #expect(body.reduce(0) { $0 + $1.nonzeroBitCount } == count)
    #expect(body.count == (count + 63) / 64 * 8)
  }

  private func integer(_ bytes: [UInt8], at place: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  private func littleEndian(_ value: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }
}
