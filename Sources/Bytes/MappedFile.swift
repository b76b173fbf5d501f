#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A whole file as read-only memory, mapped for as long as this object lives.
///
/// The mapping has the size that the file had when it was opened. Bytes are paged in when they are read,
/// so opening costs the same for every size.
@safe public final class MappedFile: Sendable {
  /// The path the file was opened by.
  public let path: String
  /// The size of the file, in bytes, when it was opened.
  public let count: Int
  private nonisolated(unsafe) let base: UnsafeRawPointer?

  /// Maps the regular file at `path`.
  ///
  /// - Throws: `SystemError` if the file cannot be opened, examined or mapped, or is not a regular file.
  public init(path: String) throws(SystemError) {
    let descriptor = try FileDescriptor(reading: path)
    let status = try descriptor.status()
    guard status.kind == .file else {
      throw SystemError(operation: "map", path: path, code: status.kind == .directory ? EISDIR : EINVAL)
    }
    self.path = path
    self.count = status.size
    if status.size == 0 {
      unsafe base = nil
      return
    }
    let address = unsafe mmap(nil, status.size, PROT_READ, MAP_PRIVATE, descriptor.number, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { throw SystemError("map", path) }
    unsafe base = UnsafeRawPointer(address)
  }

  deinit {
    if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
  }

  /// The bytes of the file.
  public var bytes: RawSpan {
    @_lifetime(borrow self) get {
      let buffer = unsafe UnsafeRawBufferPointer(start: base, count: count)
      return unsafe _overrideLifetime(buffer.bytes, borrowing: self)
    }
  }

  /// Gives the pages of `range` back to the kernel; they are read again from the file when touched.
  ///
  /// A pass over a file that is much larger than memory calls this behind itself, so that its resident size
  /// stays small.
  public func release(_ range: Range<Int>) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let lower = (max(0, range.lowerBound) + page - 1) / page * page
    let upper = min(count, range.upperBound) / page * page
    guard lower < upper, let base = unsafe base else { return }
    unsafe madvise(UnsafeMutableRawPointer(mutating: base + lower), upper - lower, MADV_DONTNEED)
  }
}
