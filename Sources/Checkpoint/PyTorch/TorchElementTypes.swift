/// torch's names of element types.
enum TorchElementTypes {
  /// The type of `torch.bfloat16`, `torch.float8_e4m3fn` and so on; quantised ones are the integers they store.
  static func elementType(ofDtype name: String) -> ElementType? { dtypes[name] }

  /// The type that the storage class `name` (`torch.FloatStorage`, `torch.cuda.HalfStorage`) holds.
  static func elementType(ofStorage name: String) -> ElementType? {
    guard name.hasPrefix("torch."), name.hasSuffix("Storage") else { return nil }
    let words = name.split(separator: ".")
    guard words.count == 2 || (words.count == 3 && (words[1] == "cuda" || words[1] == "storage")),
      let word = words.last
    else { return nil }
    return storages[String(word.dropLast("Storage".count))]
  }

  private static let dtypes: [String: ElementType] = [
    "torch.float32": .float32, "torch.float": .float32, "torch.float64": .float64, "torch.double": .float64,
    "torch.float16": .float16, "torch.half": .float16, "torch.bfloat16": .bfloat16, "torch.uint8": .uint8,
    "torch.int8": .int8, "torch.int16": .int16, "torch.short": .int16, "torch.int32": .int32,
    "torch.int": .int32,
    "torch.int64": .int64, "torch.long": .int64, "torch.uint16": .uint16, "torch.uint32": .uint32,
    "torch.uint64": .uint64, "torch.bool": .bool, "torch.complex32": .complex32,
    "torch.complex64": .complex64,
    "torch.complex128": .complex128, "torch.float8_e4m3fn": .float8E4M3, "torch.float8_e5m2": .float8E5M2,
    "torch.float8_e4m3fnuz": .float8E4M3FNUZ, "torch.float8_e5m2fnuz": .float8E5M2FNUZ,
    "torch.float8_e8m0fnu": .float8E8M0, "torch.qint8": .int8, "torch.quint8": .uint8, "torch.qint32": .int32,
    // Two elements in each: torch counts the pairs, and so do the shapes.
    "torch.float4_e2m1fn_x2": .uint8, "torch.quint4x2": .uint8, "torch.quint2x4": .uint8,
    "torch.bits8": .uint8,
    "torch.bits16": .uint16, "torch.bits1x8": .uint8, "torch.bits2x4": .uint8, "torch.bits4x2": .uint8,
  ]

  private static let storages: [String: ElementType] = [
    "Float": .float32, "Double": .float64, "Half": .float16, "BFloat16": .bfloat16, "Byte": .uint8,
    "Char": .int8,
    "Short": .int16, "Int": .int32, "Long": .int64, "Bool": .bool, "ComplexFloat": .complex64,
    "ComplexDouble": .complex128, "QInt8": .int8, "QUInt8": .uint8, "QInt32": .int32, "QUInt4x2": .uint8,
    "QUInt2x4": .uint8, "Untyped": .uint8,
  ]
}
