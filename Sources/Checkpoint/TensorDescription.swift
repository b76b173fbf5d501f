internal import Bytes

/// What a tensor is called and made of, without its values.
public struct TensorDescription: Hashable, Sendable {
  /// The name, as the file spells it.
  public let name: String
  /// The type of the elements.
  public let elementType: ElementType
  /// The extents, slowest first; empty for a scalar.
  public let shape: [Int]
  /// The product of the extents.
  public let elementCount: Int
  /// The bytes of all elements, one after another.
  public let byteCount: Int

  /// A description whose size is proven to fit.
  ///
  /// - Throws: `TensorSizeError` if an extent is negative, the size overflows, or the bits do not fill whole bytes.
  public init(name: String, elementType: ElementType, shape: [Int]) throws(TensorSizeError) {
    guard shape.allSatisfy({ $0 >= 0 }) else { throw .negativeExtent }
    guard let count = shape.checkedProduct(), let bits = count.checkedMultiply(elementType.bitWidth) else {
      throw .overflow
    }
    guard bits.isMultiple(of: 8) else { throw .partialByte(bits: bits) }
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.elementCount = count
    self.byteCount = bits / 8
  }

  private init(renaming other: Self, to name: String) {
    self.name = name
    elementType = other.elementType
    shape = other.shape
    elementCount = other.elementCount
    byteCount = other.byteCount
  }

  /// The same tensor under another name.
  public func renamed(_ name: String) -> Self { Self(renaming: self, to: name) }
}

/// Why a type and a shape do not make a tensor.
public enum TensorSizeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An extent is below 0.
  case negativeExtent
  /// The number of elements or bits is beyond 2⁶³ − 1.
  case overflow
  /// The elements end within a byte (types of 4 and 6 bits).
  case partialByte(bits: Int)

  /// For example `the size overflows 63 bits`.
  public var description: String {
    switch self {
    case .negativeExtent: "a negative extent in the shape"
    case .overflow: "the size overflows 63 bits"
    case .partialByte(let bits): "the elements take \(bits) bits, which is not a whole number of bytes"
    }
  }
}

/// Where the bytes of a tensor stand.
public struct TensorLocation: Hashable, Sendable {
  /// The path of the file with the first bytes.
  public let file: String
  /// The offset of the first bytes in `file`.
  public let offset: Int
  /// The number of separate places that the tensor is put together from; 1 for a contiguous tensor.
  public let pieceCount: Int

  /// A location from its parts.
  public init(file: String, offset: Int, pieceCount: Int = 1) {
    self.file = file
    self.offset = offset
    self.pieceCount = pieceCount
  }
}
