/// What the base model's weight W tells about a module's ΔW.
public struct BaseComparison: Equatable, Sendable {
  /// ‖W‖.
  public var weightNorm: Double
  /// The intruder dimensions of W + ΔW, by their place among its singular values from 0; nil where they were not sought.
  public var intruders: Pair<[Int]?>
  /// The places of those of which it is not known whether they are intruders; empty where the decomposition was full.
  public var undetermined: Pair<[Int]>
}
