internal import CZlib

extension ZipEntry {
  /// The largest size that a deflated entry is unpacked to.
  static let inflationLimit = 1 << 28

  /// The data of a deflated entry, unpacked and checked against its size and CRC-32.
  ///
  /// - Parameter bytes: the whole archive.
  /// - Throws: `ZipFault.tooLarge` before anything is unpacked, `.damaged` where zlib refuses the data.
  func inflate(from bytes: RawSpan) throws(ZipFault) -> [UInt8] {
    guard size <= Self.inflationLimit else {
      throw .tooLarge(name, size: size, limit: Self.inflationLimit)
    }
    // Deflate packs at most 1032 to one, so a larger claim is known to be false before memory is taken for it.
    guard size / 1032 <= range.count else { throw .entrySize(name) }
    let source = bytes.extracting(range)
    var target = [UInt8](repeating: 0, count: size)
    var written = 0
    var status: Int32 = Z_STREAM_ERROR
    unsafe source.withUnsafeBytes { input in
      unsafe target.withUnsafeMutableBufferPointer { output in
        var stream = unsafe z_stream()
        unsafe stream.next_in = unsafe UnsafeMutablePointer(
          mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        unsafe stream.avail_in = UInt32(truncatingIfNeeded: input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(truncatingIfNeeded: output.count)
        // Negative window bits: raw deflate, without zlib's own header.
        guard unsafe inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return }
        status = unsafe CZlib.inflate(&stream, Z_FINISH)
        written = unsafe Int(stream.total_out)
        unsafe inflateEnd(&stream)
      }
    }
    guard status == Z_STREAM_END || size == 0 else { throw .damaged(name) }
    guard written == size else { throw .entrySize(name) }
    guard Self.crc32(of: unsafe target.span.bytes) == crc32 else { throw .damaged(name) }
    return target
  }

  /// Whether the stored data has the CRC-32 that the directory says.
  ///
  /// torch can be told to write none (`set_crc32_options`), so a difference is not proof of damage.
  ///
  /// - Complexity: O(bytes).
  func matchesCRC32(in bytes: RawSpan) -> Bool {
    Self.crc32(of: bytes.extracting(range)) == crc32
  }

  static func crc32(of bytes: RawSpan) -> UInt32 {
    unsafe bytes.withUnsafeBytes { buffer in
      let pointer = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      return UInt32(truncatingIfNeeded: unsafe crc32_z(0, pointer, buffer.count))
    }
  }
}
