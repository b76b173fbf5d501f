import TestSupport

extension SeededRandom {
  /// A number of mean 0 and deviation 1, nearly normal: a sum of twelve uniform ones.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += Double(next() >> 11) * 0x1p-53 }
    return sum
  }
}

/// Normal noise from a repeatable source.
struct Noise {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed &* 7919 &+ 13) }

  mutating func normal() -> Double { random.normal() }
}
