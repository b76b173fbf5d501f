internal import CFiles
internal import Libc

/// Waits for changes to files and folders: by inotify on Linux, by kqueue on macOS.
///
/// It tells that something may have changed, never what. File systems that other machines write to do not tell of it;
/// `isWhole` is false where one was added.
public struct ChangeWatch: ~Copyable {
  /// Whether every change to what was added ends the waiting.
  public private(set) var isWhole = true
  private let number: Int32
  private var opened: [Int32] = []

  /// What is watched at most where each file takes a descriptor: a process has few.
  private static let limit = 128

  /// Whether the watch of a folder tells of writes to its files too, so that these need not be added.
  public static var reachesIntoFolders: Bool { files_watch_reaches_into_folders() }

  /// Watches nothing yet.
  public init() { number = files_watch_begin() }

  deinit {
    if number >= 0 { _ = close(number) }
    for number in opened { _ = close(number) }
  }

  /// Watches what stands at `path` too; of a folder, what is in it.
  public mutating func add(_ path: String) {
    guard number >= 0, opened.count < Self.limit else {
      isWhole = false
      return
    }
    var other: Int32 = -1
    let number = number
    let isWatched = unsafe withSystemPath(path, failure: false) { path in
      unsafe files_watch_add(number, path, &other)
    }
    if other >= 0 { opened.append(other) }
    if !isWatched { isWhole = false }
  }

  /// Waits until something changed since this began to watch it, the terminal has another size, or the time is over.
  public borrowing func wait(milliseconds: Int) { files_watch_wait(number, Int32(clamping: milliseconds)) }
}
