internal import Bytes

/// The names of event files.
public enum EventFileName {
  /// Whether a file of this name is an event file, as TensorBoard sees it: its name contains `tfevents`, and it is not
  /// the empty one that the profiler puts beside its traces.
  public static func isEventFile(_ name: String) -> Bool {
    name.holds("tfevents") && !name.hasSuffix(".profile-empty")
  }
}
