internal import Bytes
internal import CZlib

/// zlib's state of the decompression of one GZIP or ZLIB stream, in constant memory.
@safe final class Inflater {
  /// What one call did.
  struct Step {
    var consumed: Int
    var produced: Int
    var isAtEnd: Bool
  }

  // zlib keeps the address of its stream, so that it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  init() throws(SourceError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window; 32 more detect GZIP and ZLIB headers.
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, 15 + 32, ZLIB_VERSION, size) == Z_OK else {
      unsafe stream.deallocate()
      throw .compression("zlib does not start")
    }
    unsafe self.stream = stream
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Begins with another stream.
  func restart() throws(SourceError) {
    guard unsafe inflateReset2(stream, 15 + 32) == Z_OK else {
      throw .compression("zlib does not start again")
    }
  }

  /// Decompresses from `inputRange` of `input` into `outputRange` of `output` until one of them is used up.
  func inflate(
    _ input: borrowing [UInt8], _ inputRange: Range<Int>, into output: inout [UInt8],
    _ outputRange: Range<Int>
  ) throws(SourceError) -> Step {
    precondition(inputRange.upperBound <= input.count && outputRange.upperBound <= output.count)
    let given = UInt32(clamping: inputRange.count)
    let room = UInt32(clamping: outputRange.count)
    let stream = unsafe stream
    let status = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress.map { unsafe $0 + inputRange.lowerBound })
        unsafe stream.pointee.avail_in = given
        unsafe stream.pointee.next_out = target.baseAddress.map { unsafe $0 + outputRange.lowerBound }
        unsafe stream.pointee.avail_out = room
        return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
      }
    }
    let step = unsafe Step(
      consumed: Int(given - stream.pointee.avail_in), produced: Int(room - stream.pointee.avail_out),
      isAtEnd: status == Z_STREAM_END)
    switch status {
    case Z_OK, Z_STREAM_END, Z_BUF_ERROR: return step
    default:
      // What came out before the damage is good; the next call fails again and says so.
      if step.produced > 0 { return step }
      let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      throw .compression(message ?? "zlib reports \(status)")
    }
  }
}
