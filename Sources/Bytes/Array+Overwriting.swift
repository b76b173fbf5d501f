extension [UInt8] {
  /// Replaces the bytes from `offset` on by `source`, which must fit.
  ///
  /// - Complexity: O(bytes of `source`).
  public mutating func overwrite(at offset: Int, with source: RawSpan) {
    precondition(offset >= 0 && source.byteCount <= count - offset)
    guard source.byteCount > 0 else { return }
    unsafe withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { bytes in
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + bytes.count])
        unsafe part.copyMemory(from: bytes)
      }
    }
  }

  /// Replaces the bytes from `offset` on by `elementCount` elements of `elementSize` bytes, which stand `stride`
  /// bytes apart in `source` and begin at its start; all must fit.
  ///
  /// - Complexity: O(elements).
  public mutating func overwrite(
    at offset: Int, with source: RawSpan, elementCount: Int, elementSize: Int, stride: Int
  ) {
    guard elementCount > 0, elementSize > 0 else { return }
    precondition(stride >= 0 && offset >= 0 && elementCount <= (count - offset) / elementSize)
    precondition((elementCount - 1) * stride <= source.byteCount - elementSize)
    unsafe withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { bytes in
        func copy<Unit: BitwiseCopyable>(_: Unit.Type) {
          for index in 0..<elementCount {
            let unit = unsafe bytes.loadUnaligned(fromByteOffset: index * stride, as: Unit.self)
            unsafe target.storeBytes(of: unit, toByteOffset: offset + index * elementSize, as: Unit.self)
          }
        }
        switch elementSize {
        case 1: copy(UInt8.self)
        case 2: copy(UInt16.self)
        case 4: copy(UInt32.self)
        case 8: copy(UInt64.self)
        default:
          for index in 0..<elementCount {
            for byte in 0..<elementSize {
              unsafe target[offset + index * elementSize + byte] = unsafe bytes[index * stride + byte]
            }
          }
        }
      }
    }
  }
}
