/// IEEE 754's binary16 by its bits, for `Float16` is not on every platform.
public enum HalfFloat {
  /// The number that `bits` stand for, exactly.
  public static func value(of bits: UInt16) -> Float {
    let sign: FloatingPointSign = bits & 0x8000 == 0 ? .plus : .minus
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = Float(bits & 0x3ff)
    switch exponent {
    case 0: return Float(sign: sign, exponent: -24, significand: fraction)
    case 0x1f: return fraction == 0 ? (sign == .minus ? -.infinity : .infinity) : .nan
    default: return Float(sign: sign, exponent: exponent - 25, significand: fraction + 1024)
    }
  }

  /// The bits of `value`, rounded towards 0; what is too great is infinite.
  public static func bits(of value: Float) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    if value.isNaN { return 0x7e00 }
    let size = abs(value)
    if size >= 65536 { return sign | 0x7c00 }
    if size < 0x1p-14 { return sign | UInt16(size * 0x1p24) }
    let exponent = UInt16(15 + Int(size.exponent))
    return sign | exponent << 10 | UInt16(truncatingIfNeeded: size.significandBitPattern >> 13)
  }
}
