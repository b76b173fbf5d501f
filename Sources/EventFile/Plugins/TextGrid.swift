internal import Bytes

/// Texts of one step: one, a list, or a table of them.
public struct TextGrid: Equatable, Sendable {
  /// The sizes along the dimensions: none for a single text.
  public var dimensions: [Int]
  /// The texts in row-major order; bytes that are not UTF-8 are replaced.
  public var strings: [String]

  /// Texts from their parts.
  public init(dimensions: [Int], strings: [String]) {
    self.dimensions = dimensions
    self.strings = strings
  }

  /// The texts of a tensor of strings; nil for another, and where its shape does not fit.
  init?(_ tensor: TensorValue) {
    guard tensor.dtype == TensorElementType.string.rawValue, tensor.elementCount == tensor.strings.count
    else { return nil }
    dimensions = tensor.dimensions.map { Int(clamping: $0) }
    strings = tensor.strings.map { String(decoding: $0, as: UTF8.self) }
  }
}
