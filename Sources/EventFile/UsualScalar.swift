internal import Bytes

/// An event with one number, its fields in the order of their numbers and nothing else in it: a time, a step, and a
/// summary of one value with a tag of fewer than 128 bytes.
struct UsualScalar {
  var wallTime: Double
  var step: Int64
  var tag: Range<Int>
  var value: Float

  /// Reads the event in `payload`, or returns nil where it is not of this form.
  @inline(__always)
  init?(_ payload: RawSpan) {
    var reader = ByteReader(payload)
    guard reader.byte() == 0x09, let time = reader.littleEndian(UInt64.self) else { return nil }
    guard var key = reader.byte() else { return nil }
    var number: UInt64 = 0
    if key == 0x10 {
      guard let value = reader.varint(), let next = reader.byte() else { return nil }
      number = value
      key = next
    }
    guard key == 0x2a, let summary = reader.varint(), summary == UInt64(reader.remaining),
      reader.byte() == 0x0a, let value = reader.varint(), value == UInt64(reader.remaining),
      reader.byte() == 0x0a, let tag = reader.byte(), tag < 0x80
    else { return nil }
    let start = reader.position
    let end = start &+ Int(tag)
    guard reader.remaining == Int(tag) &+ 5, reader.seek(to: end), reader.byte() == 0x15,
      let bits = reader.littleEndian(UInt32.self)
    else { return nil }
    wallTime = Double(bitPattern: time)
    step = Int64(bitPattern: number)
    self.tag = start..<end
    self.value = Float(bitPattern: bits)
  }
}
