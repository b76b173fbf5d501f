import Bytes
import RunFolder
import Synchronization

/// A line on the terminal that counts what was read, for readings that take longer than somebody waits gladly.
final class ReadingProgress: Sendable {
  private struct State {
    var last: ContinuousClock.Instant
    var isShown = false
  }

  private let state: Mutex<State>
  private let isActive = StandardStream.error.isTerminal
  private static let interval = Duration.milliseconds(200)

  init() { state = Mutex(State(last: .now + .milliseconds(300))) }

  /// What the reading calls, or nil where nobody would see it.
  var callback: (@Sendable (OpenedFolder.Progress) -> Void)? {
    guard isActive else { return nil }
    return { [self] progress in
      state.withLock { state in
        let now = ContinuousClock.now
        guard now - state.last > Self.interval else { return }
        state.last = now
        state.isShown = true
        let share = progress.byteCount > 0 ? 100 * progress.bytesRead / progress.byteCount : 0
        let megabytes = "\(progress.bytesRead >> 20) of \(progress.byteCount >> 20) MiB"
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
