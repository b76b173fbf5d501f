// Cells of numbers, with the number behind what they show; a dash stands for what is not known.
extension Table.Cell {
  /// A figure with four significant digits.
  static func figure(_ value: Double?) -> Self { number(value) { NumberText.significant($0) } }

  /// A figure with `places` digits after the point.
  static func fixed(_ value: Double?, places: Int) -> Self {
    number(value) { NumberText.fixed($0, places: places) }
  }

  /// A share as percent.
  static func percent(_ share: Double?) -> Self { number(share, NumberText.percent) }

  /// A whole number.
  static func count(_ count: some FixedWidthInteger) -> Self {
    Self(NumberText.count(count), value: Double(count))
  }

  /// A number of bytes.
  static func bytes(_ count: Int) -> Self { Self(QuantityText.bytes(count), value: Double(count)) }

  /// The extents of a tensor.
  static func shape(_ extents: [Int]) -> Self { Self(extents.description) }

  private static func number(_ value: Double?, _ text: (Double) -> String) -> Self {
    value.map { Self(text($0), value: $0) } ?? "–"
  }
}
