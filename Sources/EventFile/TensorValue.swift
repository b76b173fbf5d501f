internal import Bytes

/// A tensor of a summary as its message holds it.
///
/// Its values stand either in `content`, row by row with the least significant byte first, or in the list of its type.
public struct TensorValue: Equatable, Sendable {
  /// The type of the elements, by TensorFlow's numbers; `TensorElementType` names those that are known here.
  public var dtype: Int32
  /// The sizes along the dimensions: none for a scalar or where the message has no shape.
  public var dimensions: [Int64]
  /// The elements as bytes.
  public var content: [UInt8]
  /// The elements of the types `float` and `double`.
  public var floats: [Double]
  /// The elements of the whole-numbered types that fit in 64 signed bits and, as bit patterns, of the 16-bit floats
  /// and of `uint64`.
  public var integers: [Int64]
  /// The elements of the type `string`.
  public var strings: [[UInt8]]

  /// The number of elements that the dimensions say, or nil where it is negative or does not fit.
  public var elementCount: Int? {
    var product = 1
    for dimension in dimensions {
      guard let size = Int(exactly: dimension), size >= 0 else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// The number of a tensor with one numeric element, of whatever shape.
  ///
  /// 64-bit integers beyond 2⁵³ are rounded to the nearest double. A message without any value holds zero, as
  /// TensorFlow reads it.
  public var scalar: Double? {
    guard elementCount == 1, let type = TensorElementType(rawValue: dtype) else { return nil }
    if !content.isEmpty { return type.number(ofBytes: content) }
    switch type {
    case .float, .double:
      guard floats.count <= 1 else { return nil }
      return floats.first ?? 0
    case .string, .complex64, .complex128: return nil
    default:
      guard integers.count <= 1 else { return nil }
      guard let bits = integers.first else { return 0 }
      return type.number(ofBits: bits)
    }
  }
}

extension TensorValue {
  /// The most elements that are unpacked.
  static let mostElements = 1 << 24

  /// The elements of a numeric tensor in row-major order; nil for another, and where they do not fit its shape.
  ///
  /// A list of one number stands for as many as the shape says, as TensorBoard's `make_ndarray` reads it.
  public var numbers: [Double]? {
    guard let count = elementCount, count <= Self.mostElements, let type = TensorElementType(rawValue: dtype)
    else { return nil }
    if !content.isEmpty {
      guard let size = type.size, size <= 8, type != .complex64, content.count == count * size else {
        return nil
      }
      return (0..<count).map { index in
        let bits = (0..<size).reversed().reduce(0) { $0 << 8 | UInt64(content[index * size + $1]) }
        switch type {
        case .float: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .double: return Double(bitPattern: bits)
        default: return type.number(ofBits: Int64(bitPattern: bits)) ?? .nan
        }
      }
    }
    let list: [Double]
    switch type {
    case .string, .complex64, .complex128: return nil
    case .float, .double: list = floats
    default: list = integers.map { type.number(ofBits: $0) ?? .nan }
    }
    if list.count == count { return list }
    return list.count == 1 ? Array(repeating: list[0], count: count) : nil
  }
}

extension TensorElementType {
  /// The size of an element in bytes; nil for strings.
  public var size: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .uint16, .half, .bfloat16: 2
    case .float, .int32, .uint32: 4
    case .double, .int64, .uint64, .complex64: 8
    case .complex128: 16
    case .string: nil
    }
  }

  /// The number in the bytes of exactly one element.
  func number(ofBytes bytes: [UInt8]) -> Double? {
    guard bytes.count == size, bytes.count <= 8 else { return nil }
    let bits = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    switch self {
    case .float: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .double: return Double(bitPattern: bits)
    case .complex64: return nil
    case .bool: return bits == 0 ? 0 : 1
    default: return number(ofBits: Int64(bitPattern: bits))
    }
  }

  /// The number in a whole-numbered field of a message.
  func number(ofBits bits: Int64) -> Double? {
    switch self {
    case .int8: Double(Int8(truncatingIfNeeded: bits))
    case .uint8: Double(UInt8(truncatingIfNeeded: bits))
    case .int16: Double(Int16(truncatingIfNeeded: bits))
    case .uint16: Double(UInt16(truncatingIfNeeded: bits))
    case .int32: Double(Int32(truncatingIfNeeded: bits))
    case .uint32: Double(UInt32(truncatingIfNeeded: bits))
    case .int64: Double(bits)
    case .uint64: Double(UInt64(bitPattern: bits))
    case .bool: bits == 0 ? 0 : 1
    case .bfloat16: Double(Float(bitPattern: UInt32(UInt16(truncatingIfNeeded: bits)) << 16))
    case .half: Double(HalfFloat.value(of: UInt16(truncatingIfNeeded: bits)))
    default: nil
    }
  }
}
