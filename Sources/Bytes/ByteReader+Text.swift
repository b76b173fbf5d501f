extension ByteReader {
  /// Passes over the white space of JSON (RFC 8259, section 2).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func skipSpace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      _ = skip(1)
    }
  }

  /// Passes over the white space of JSON and then over `byte`, where it stands there.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func accept(_ byte: UInt8) -> Bool {
    skipSpace()
    return peek() == byte && skip(1)
  }
}
