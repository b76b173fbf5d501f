import TestSupport

/// Normal noise from a repeatable source: a sum of twelve uniforms.
struct Noise {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed &* 7919 &+ 13) }

  mutating func normal() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 }
  }
}
