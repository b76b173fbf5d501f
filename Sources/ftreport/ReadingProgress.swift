import FileSystem
import RunFolder
import Synchronization

/// A line on the terminal that counts what was read, for readings that take longer than somebody waits gladly.
final class ReadingProgress: Sendable {
  private struct State {
    var last: ContinuousClock.Instant
    var isShown = false
    /// How far the reading of each path has come.
    var sources: [OpenedFolder.Progress?]
  }

  private let state: Mutex<State>
  private let isActive = StandardStream.error.isTerminal
  private static let interval = Duration.milliseconds(200)

  /// Counts for so many paths, each with a reading of its own.
  init(sources: Int) {
    state = Mutex(State(last: .now + .milliseconds(300), sources: Array(repeating: nil, count: sources)))
  }

  /// What the reading of the path `source` calls, or nil where nobody would see it.
  func callback(_ source: Int) -> (@Sendable (OpenedFolder.Progress) -> Void)? {
    guard isActive else { return nil }
    return { [self] progress in
      state.withLock { state in
        state.sources[source] = progress
        let now = ContinuousClock.now
        guard now - state.last > Self.interval else { return }
        state.last = now
        state.isShown = true
        let bytesRead = state.sources.reduce(0) { $0 + ($1?.bytesRead ?? 0) }
        let byteCount = state.sources.reduce(0) { $0 + ($1?.byteCount ?? 0) }
        let share = byteCount > 0 ? 100 * bytesRead / byteCount : 0
        let megabytes = "\(bytesRead >> 20) of \(byteCount >> 20) MiB"
        try? StandardStream.error.write("\r\u{1b}[KReading: \(share) % (\(megabytes))")
      }
    }
  }

  /// Takes the line away.
  func finish() {
    state.withLock { state in
      if state.isShown { try? StandardStream.error.write("\r\u{1b}[K") }
      state.isShown = false
    }
  }
}
