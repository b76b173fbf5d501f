import Bytes
import Testing

/// Runs `body` with a reader over `bytes`.
private func read<Result>(_ bytes: [UInt8], _ body: (inout ByteReader) -> Result) -> Result {
  var reader = ByteReader(unsafe bytes.span.bytes)
  return body(&reader)
}

/// `#expect` cannot take a reader apart, which must not be copied; so its answers are compared as values.
private func equal<Value: Equatable>(
  _ got: Value, _ want: Value, _ comment: Comment? = nil, at location: SourceLocation = #_sourceLocation
) {
  #expect(got == want, comment, sourceLocation: location)
}

struct ByteReaderTests {
  @Test func `Integers are read least significant byte first`() {
    read([1, 2, 3, 4, 5, 6, 7, 8, 9]) { reader in
      equal(reader.littleEndian(UInt16.self), 0x0201)
      equal(reader.littleEndian(UInt32.self), 0x0605_0403)
      equal(reader.position, 6)
      equal(reader.littleEndian(UInt64.self), nil)
      equal(reader.position, 6, "a failed read moved the position")
      equal(reader.byte(), 7)
      equal(reader.peek(), 8)
      equal(reader.remaining, 2)
    }
  }

  @Test(
    arguments: [
      ([0x00], 0), ([0x7f], 127), ([0x80, 0x01], 128), ([0xac, 0x02], 300),
      ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], UInt64.max),
      // The tenth byte holds one bit of the 64; what else it says is dropped, as protocol buffers' own readers do.
      ([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f], 1 << 63),
    ] as [([UInt8], UInt64)])
  func `A varint of up to ten bytes is read`(bytes: [UInt8], value: UInt64) {
    read(bytes + [0x55]) { reader in
      equal(reader.varint(), value)
      equal(reader.position, bytes.count)
    }
  }

  @Test(arguments: [[], [0x80], [0xff, 0xff], Array(repeating: 0x80, count: 10)] as [[UInt8]])
  func `A varint that is cut or never ends is refused without moving`(bytes: [UInt8]) {
    read(bytes) { reader in
      equal(reader.varint(), nil)
      equal(reader.position, 0)
    }
  }

  @Test func `No take, skip or seek leaves the bytes`() {
    read([1, 2, 3, 4]) { reader in
      equal(reader.skip(5), false)
      equal(reader.skip(-1), false)
      equal(reader.skip(.max), false)
      equal(reader.skip(1), true)
      equal(reader.take(4) == nil, true)
      equal(reader.take(.min) == nil, true)
      equal(reader.position, 1)
      equal(reader.take(3)?.byteCount, 3)
      equal(reader.isAtEnd, true)
      equal(reader.byte(), nil)
      equal(reader.peek(), nil)
      equal(reader.seek(to: 4), true)
      equal(reader.seek(to: 5), false)
      equal(reader.seek(to: -1), false)
      equal(reader.position, 4)
    }
  }
}
