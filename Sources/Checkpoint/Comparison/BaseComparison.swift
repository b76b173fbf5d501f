/// What the base model's weight W tells about a module's ΔW.
public struct BaseComparison: Equatable, Sendable {
  /// ‖W‖.
  public var weightNorm: Double
  /// The intruder dimensions of W + ΔW, by their place among its singular values from 0; nil where they were not sought,
  /// as for weights whose lesser extent is above 1,024.
  public var intruders: Pair<[Int]?>
}
