/// SHA-256 (FIPS 180-4), to hold hashes in pages against what they are of.
public enum SHA256 {
  private static let constants: [UInt32] = primes(64).map { fraction($0, root: 3) }

  /// The digest of `message`, 32 bytes.
  public static func digest(_ message: [UInt8]) -> [UInt8] {
    var state = primes(8).map { fraction($0, root: 2) }
    var padded = message + [0x80]
    padded += repeatElement(0, count: (120 - padded.count % 64) % 64)
    let length = UInt64(message.count) * 8
    padded += (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
    for start in stride(from: 0, to: padded.count, by: 64) { mix(padded[start..<start + 64], into: &state) }
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
  }

  /// `bytes` in Base64 (RFC 4648).
  public static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = (0..<3).map { start + $0 < bytes.count ? UInt32(bytes[start + $0]) : 0 }
      let bits = group[0] << 16 | group[1] << 8 | group[2]
      for sign in 0..<4 {
        text.append(start + sign > bytes.count ? "=" : alphabet[Int(bits >> (18 - 6 * UInt32(sign)) & 63)])
      }
    }
    return text
  }

  private static func mix(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
    let bytes = Array(block)
    var words = (0..<16).map { word in (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[4 * word + $1]) } }
    for index in 16..<64 {
      let (early, late) = (words[index - 15], words[index - 2])
      let first = turned(early, 7) ^ turned(early, 18) ^ early >> 3
      let second = turned(late, 17) ^ turned(late, 19) ^ late >> 10
      words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
    }
    var work = state
    for index in 0..<64 {
      let (a, e) = (work[0], work[4])
      let choice = e & work[5] ^ ~e & work[6]
      let first =
        work[7] &+ (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) &+ choice &+ constants[index]
        &+ words[index]
      let majority = a & work[1] ^ a & work[2] ^ work[1] & work[2]
      let second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) &+ majority
      work = [first &+ second, a, work[1], work[2], work[3] &+ first, e, work[5], work[6]]
    }
    for index in 0..<8 { state[index] &+= work[index] }
  }

  private static func turned(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  private static func primes(_ count: Int) -> [UInt64] {
    var primes: [UInt64] = []
    var number: UInt64 = 2
    while primes.count < count {
      if primes.allSatisfy({ number % $0 != 0 }) { primes.append(number) }
      number += 1
    }
    return primes
  }

  /// The first 32 bits of the fraction of a root: ⌊ⁿ√prime · 2³²⌋, sought in whole numbers.
  private static func fraction(_ prime: UInt64, root: Int) -> UInt32 {
    var value: UInt64 = 0
    for bit in stride(from: 36, through: 0, by: -1) {
      let candidate = value | 1 << UInt64(bit)
      // candidateⁿ ≤ prime · 2³²ⁿ: even the cube of the greatest fits into 128 bits.
      let power = (1..<root).reduce(UInt128(candidate)) { product, _ in product * UInt128(candidate) }
      let isBelow = power <= UInt128(prime) << UInt128(32 * root)
      if isBelow { value = candidate }
    }
    return UInt32(truncatingIfNeeded: value)
  }
}
