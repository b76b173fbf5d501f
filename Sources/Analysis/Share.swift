/// A part of a whole, as people write it: `10%` or `0.1`.
public struct Share: Equatable, Sendable {
  /// The part, above 0 and at most 1.
  public var value: Double

  /// The share `value`.
  public init(_ value: Double) { self.value = value }

  /// The share that `text` says; nil where it is none above 0 and at most 1.
  public init?(_ text: String) {
    let isPercent = text.utf8.last == UInt8(ascii: "%")
    guard let number = Double(isPercent ? text.dropLast() : text[...]),
      case let share = isPercent ? number / 100 : number, share > 0, share <= 1
    else { return nil }
    value = share
  }
}
