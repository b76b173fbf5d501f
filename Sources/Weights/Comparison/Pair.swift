/// The same thing on both sides of a comparison.
public struct Pair<Value> {
  /// The value in the first checkpoint.
  public var before: Value
  /// The value in the second checkpoint.
  public var after: Value

  /// A pair from its parts.
  public init(_ before: Value, _ after: Value) {
    self.before = before
    self.after = after
  }

  /// The pair of what `transform` makes of each.
  public func map<Other>(_ transform: (Value) -> Other) -> Pair<Other> {
    Pair<Other>(transform(before), transform(after))
  }
}

extension Pair: Sendable where Value: Sendable {}
extension Pair: Equatable where Value: Equatable {}
extension Pair: Hashable where Value: Hashable {}
