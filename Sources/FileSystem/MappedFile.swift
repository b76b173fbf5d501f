internal import CFiles
internal import Libc

/// A whole file as read-only memory, mapped for as long as this object lives.
///
/// The mapping has the size that the file had when it was opened. Bytes are paged in when they are read,
/// so opening costs the same for every size.
///
/// A trainer may write the file again meanwhile. Where it becomes shorter, the system sends SIGBUS for the pages that
/// are gone; the mapping is guarded against that, and reads zeros there. `checkUnchanged()` tells of this, and of every
/// other change.
@safe public final class MappedFile: Sendable {
  /// The path the file was opened by.
  public let path: String
  /// The size of the file, in bytes, when it was opened.
  public let count: Int
  private nonisolated(unsafe) let base: UnsafeRawPointer?
  private let status: FileStatus
  /// The number of the guard against SIGBUS, -1 for none.
  private let guarding: Int32

  /// Maps the regular file at `path`.
  ///
  /// - Throws: `SystemError` if the file cannot be opened, examined or mapped, or is not a regular file.
  public init(path: String) throws(SystemError) {
    let descriptor = try FileDescriptor(reading: path)
    let status = try descriptor.status()
    self.path = path
    self.count = status.size
    self.status = status
    if status.size == 0 {
      unsafe base = nil
      guarding = -1
      return
    }
    let address = unsafe mmap(nil, status.size, PROT_READ, MAP_PRIVATE, descriptor.number, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { throw SystemError("map", path) }
    unsafe base = UnsafeRawPointer(address)
    guarding = unsafe files_guard_mapping(address, status.size)
  }

  deinit {
    files_release_mapping(guarding)
    if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
  }

  /// Throws where the bytes are not those of one file as it was when it was opened: another program wrote to it.
  ///
  /// A file that took its place by renaming is no change: the mapping keeps the one that was opened.
  public func checkUnchanged() throws(SystemError) {
    let now = try? Files.status(of: path)
    let isOther = now.map { $0.identity == status.identity && $0 != status } ?? false
    guard !files_mapping_was_cut(guarding), !isOther else {
      throw SystemError(operation: "read", path: path, code: SystemError.changed)
    }
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
