internal import CKernels

/// The checksum of TFRecord files: a CRC-32C, rotated and shifted so that data which holds its own checksum does not
/// come out constant.
enum Checksum {
  /// The masked CRC-32C of `count` bytes of `bytes` from `offset`.
  @inline(__always)
  static func masked(_ bytes: RawSpan, _ offset: Int, _ count: Int) -> UInt32 {
    precondition(offset >= 0 && count >= 0 && count <= bytes.byteCount - offset)
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return ofNothing }
      return unsafe kernel_crc32c_masked(base + offset, count)
    }
  }

  /// The length of the payload of the record at `offset`, where all of the record is there and both of its checksums
  /// fit; nil otherwise.
  @inline(__always)
  static func lengthOfSoundRecord(_ bytes: RawSpan, _ offset: Int) -> Int? {
    precondition(offset >= 0 && offset <= bytes.byteCount)
    let length = unsafe bytes.withUnsafeBytes { buffer -> Int64 in
      guard let base = buffer.baseAddress else { return -1 }
      return unsafe kernel_sound_record(base + offset, buffer.count - offset)
    }
    return length < 0 ? nil : Int(truncatingIfNeeded: length)
  }

  /// The masked CRC-32C of no byte: the mask alone.
  static let ofNothing: UInt32 = 0xa282_ead8
}
