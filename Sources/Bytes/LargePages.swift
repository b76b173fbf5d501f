internal import Libc

extension Array where Element: BitwiseCopyable {
  /// Reserves room for `capacity` elements and asks the system to back it by large pages where it is many pages.
  ///
  /// A column of millions of elements is filled once from its start to its end: most of what that costs is the
  /// system's work of handing out its pages one by one.
  public mutating func reserveColumn(_ capacity: Int) {
    reserveCapacity(capacity)
    #if os(Linux)
      let size = MemoryLayout<Element>.stride
      guard self.capacity * size >= 4 << 20 else { return }
      let (used, whole) = (count * size, self.capacity * size)
      unsafe withUnsafeMutableBytes { bytes in
        // A page of 2 MiB has to lie within the free part altogether.
        let large = 2 << 20
        guard let base = bytes.baseAddress else { return }
        let start = (UInt(bitPattern: base) + UInt(used) + UInt(large - 1)) / UInt(large) * UInt(large)
        let end = (UInt(bitPattern: base) + UInt(whole)) / UInt(large) * UInt(large)
        guard start < end, let target = unsafe UnsafeMutableRawPointer(bitPattern: start) else { return }
        _ = unsafe madvise(target, Int(end - start), MADV_HUGEPAGE)
      }
    #endif
  }
}
