internal import Synchronization

/// The smoothed line of a curve, computed once for all the pictures that draw it.
public final class CurveMemory: Sendable {
  private struct Entry: Sendable {
    var key: [Int]
    var curve: SmoothedCurve?
  }

  private let entry = Mutex<Entry?>(nil)

  init() {}

  /// What `compute` gives, or what it gave for the same `key` before.
  public func curve(for key: [Int], _ compute: () -> SmoothedCurve?) -> SmoothedCurve? {
    if let known = entry.withLock({ $0 }), known.key == key { return known.curve }
    let curve = compute()
    entry.withLock { $0 = Entry(key: key, curve: curve) }
    return curve
  }
}

extension CurveMemory: Equatable {
  /// What was computed already is no difference.
  public static func == (left: CurveMemory, right: CurveMemory) -> Bool { true }
}
