/// The type of a tensor's elements.
///
/// The raw values are the names that safetensors uses; types that only PyTorch has are named in the same manner.
public enum ElementType: String, CaseIterable, Hashable, Sendable {
  case bool = "BOOL"
  /// Two elements a byte, the first in the low four bits: sign, 2 exponent bits, 1 mantissa bit.
  case float4 = "F4"
  case float6E2M3 = "F6_E2M3"
  case float6E3M2 = "F6_E3M2"
  case uint8 = "U8"
  case int8 = "I8"
  case float8E5M2 = "F8_E5M2"
  /// The finite-only variant of OCP and PyTorch (`float8_e4m3fn`): no infinities, NaN is `S.1111.111`.
  case float8E4M3 = "F8_E4M3"
  /// A power of two without sign, as MX formats scale with.
  case float8E8M0 = "F8_E8M0"
  case float8E4M3FNUZ = "F8_E4M3FNUZ"
  case float8E5M2FNUZ = "F8_E5M2FNUZ"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case complex64 = "C64"
  case float64 = "F64"
  case int64 = "I64"
  case uint64 = "U64"
  /// Two Float16, real part first; only PyTorch has it.
  case complex32 = "C32"
  /// Two Float64, real part first; only PyTorch has it.
  case complex128 = "C128"
}

extension ElementType {
  /// The type that a safetensors header calls `name`; nil for what safetensors does not have.
  public init?(safetensorsName name: String) {
    guard let type = Self(rawValue: name), type != .complex32, type != .complex128 else { return nil }
    self = type
  }

  /// The bits of one element.
  public var bitWidth: Int {
    switch self {
    case .float4: 4
    case .float6E2M3, .float6E3M2: 6
    case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ, .float8E5M2FNUZ: 8
    case .int16, .uint16, .float16, .bfloat16: 16
    case .int32, .uint32, .float32, .complex32: 32
    case .complex64, .float64, .int64, .uint64: 64
    case .complex128: 128
    }
  }

  /// Whether an element is a whole number or a truth value.
  public var isWholeNumber: Bool {
    switch self {
    case .bool, .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64: true
    default: false
    }
  }

  /// The relative error, as a root mean square over many elements, that rounding to the type stays below: half of the
  /// largest one; nil of other than usual floats.
  public var roundingError: Double? {
    switch self {
    case .float64: 0x1p-54
    case .float32: 0x1p-25
    case .float16: 0x1p-12
    case .bfloat16: 0x1p-9
    default: nil
    }
  }

  /// Whether an element has a real and an imaginary part.
  public var isComplex: Bool { self == .complex32 || self == .complex64 || self == .complex128 }
}
