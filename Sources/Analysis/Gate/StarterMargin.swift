/// The margin that a first gate on the end of the training loss should have.
public struct StarterMargin: Equatable, Sendable {
  /// About the smallest relative difference of two such levels that a gate can show: 2.5 standard errors of it.
  public let detectable: Double
  /// The margin, in whole percent: of 1, 2, 5 times a power of ten (and 3) the least that is no less than what can be
  /// detected, so that what is as good passes in four cases of five.
  public let percent: Int

  /// The margin for runs that end at levels like `level`.
  public init(_ level: WindowLevel) {
    let effect = Effect(base: level, new: level, confidence: 0.95)
    let detectable = effect.base == 0 ? 0 : effect.smallestDetectable / abs(effect.base)
    self.detectable = detectable
    percent = [1, 2, 3, 5, 10, 20, 50].first { detectable <= 0.01 * Double($0) } ?? 100
  }
}
