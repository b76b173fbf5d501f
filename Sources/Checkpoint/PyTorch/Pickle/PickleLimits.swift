/// How much a pickle may hold before it is refused.
///
/// The largest genuine ones (the metadata of a checkpoint of thousands of ranks) have a few million values, in
/// fewer than twenty levels.
struct PickleLimits: Sendable {
  /// Values in all, those that a smaller integer, a truth value or nothing at all take not counted.
  var values = 1 << 24
  /// Values within each other.
  var depth = 400
  /// Marks open at the same time.
  var marks = 10_000
  /// Values waiting on the stack.
  var stack = 1 << 24
}
