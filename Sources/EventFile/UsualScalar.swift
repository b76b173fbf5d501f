/// An event with one number, its fields in the order of their numbers and nothing else in it: a time, a step, and a
/// summary of one value with a tag of fewer than 128 bytes.
struct UsualScalar {
  var wallTime = 0.0
  var step: Int64 = 0
  var tag = 0..<0
  var value: Float = 0

  /// Reads the event in `payload`, or returns nil where it is not of this form.
  ///
  /// This is the innermost loop of the reader: it compares the position with the size once for several bytes, where
  /// `ByteReader` does it for each.
  @inline(__always)
  init?(_ payload: RawSpan) {
    let isUsual = unsafe payload.withUnsafeBytes { unsafe read($0) }
    guard isUsual else { return nil }
  }

  @inline(__always)
  private mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let count = bytes.count
    // The shortest has 9 bytes of time, three keys with a length, an empty tag and 5 bytes of value.
    guard count >= 20, let base = bytes.baseAddress else { return false }
    @inline(__always) func byte(_ position: Int) -> UInt8 {
      unsafe base.load(fromByteOffset: position, as: UInt8.self)
    }
    guard byte(0) == 0x09 else { return false }
    wallTime = unsafe Double(bitPattern: base.loadUnaligned(fromByteOffset: 1, as: UInt64.self).littleEndian)
    var position = 9
    if byte(9) == 0x10 {
      var bits: UInt64 = 0
      var shift: UInt64 = 0
      position = 10
      while true {
        guard position < count, shift < 70 else { return false }
        let next = byte(position)
        position &+= 1
        bits |= UInt64(next & 0x7f) &<< shift
        if next < 0x80 { break }
        shift &+= 7
      }
      step = Int64(bitPattern: bits)
    }
    // Behind the step: three keys with lengths of a byte or two, and the value. Each length is held against what is
    // there before anything behind it is looked at.
    guard count &- position >= 11, byte(position) == 0x2a else { return false }
    position &+= 1
    for key in 0..<2 {
      var length = Int(byte(position))
      position &+= 1
      if length >= 0x80 {
        let high = Int(byte(position))
        guard high < 0x80 else { return false }
        position &+= 1
        length = length & 0x7f | high &<< 7
      }
      guard length == count &- position, length >= (key == 0 ? 9 : 7), byte(position) == 0x0a else {
        return false
      }
      position &+= 1
    }
    let length = Int(byte(position))
    position &+= 1
    let end = position &+ length
    guard length < 0x80, end &+ 5 == count, byte(end) == 0x15 else { return false }
    value = unsafe Float(
      bitPattern: base.loadUnaligned(fromByteOffset: end &+ 1, as: UInt32.self).littleEndian)
    tag = position..<end
    return true
  }
}
