#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Repeatable random numbers: SplitMix64 (Steele, Lea and Flood, 2014).
struct Noise {
  private var state: UInt64
  private var spare: Double?

  init(seed: UInt64) { state = seed }

  private mutating func bits() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// A number from 0 up to 1.
  mutating func uniform() -> Double { Double(bits() >> 11) * 0x1p-53 }

  /// A whole number from 0 up to `count`.
  mutating func index(below count: Int) -> Int { min(count - 1, Int(uniform() * Double(count))) }

  /// A number of mean 0 and deviation 1 (Marsaglia's polar method).
  mutating func normal() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    while true {
      let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      spare = y * factor
      return x * factor
    }
  }

  /// A stationary AR(1) sequence of mean 0 and deviation 1.
  mutating func sequence(_ count: Int, memory rho: Double) -> [Double] {
    var state = normal()
    let fresh = (1 - rho * rho).squareRoot()
    return (0..<count).map { index in
      if index > 0 { state = rho * state + fresh * normal() }
      return state
    }
  }

  /// A sequence of mean 0 and deviation about 1 whose power falls as 1/f: the sum of AR(1) sequences of octaves of
  /// memories.
  mutating func pink(_ count: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: count)
    let octaves = 10
    for octave in 0..<octaves {
      let own = sequence(count, memory: exp(-1 / Double(1 << octave)))
      for index in 0..<count { sum[index] += own[index] / Double(octaves).squareRoot() }
    }
    return sum
  }
}
