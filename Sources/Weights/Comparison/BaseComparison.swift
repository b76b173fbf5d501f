/// What the base model's weight W tells about a module's ΔW.
public struct BaseComparison: Equatable, Sendable {
  /// ‖W‖.
  public var weightNorm: Double
  /// The intruder dimensions of W + ΔW, by their place among its singular values from 0; nil where they were not sought.
  public var intruders: Pair<[Int]?> = Pair(nil, nil)
  /// Those among them that lie, by at least half of their squared length, in the span of the leading left singular vectors
  /// of W: mixtures of the base's own leading directions, and not foreign to it.
  public var withinSpan: Pair<[Int]> = Pair([], [])
  /// The places of those of which it is not known whether they are intruders; empty where the decomposition was full.
  public var undetermined: Pair<[Int]> = Pair([], [])
}
