import Bytes
import TestSupport
import Testing

struct ShortestDecimalTests {
  private func text(_ value: Double) -> String {
    var bytes: [UInt8] = []
    bytes.append(shortest: value)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    (0.0, "0"), (-0.0, "-0.0"), (1.0, "1"), (-12.0, "-12"), (0.1, "0.1"), (0.0001, "0.0001"),
    (0.00001, "1e-05"),
    (1.5e-7, "1.5e-07"), (-2.5, "-2.5"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
    (1e22, "1e+22"),
    (1_795_462_781.719_588_8, "1795462781.7195888"), (999_999_999_999_999, "999999999999999"),
    (-9_007_199_254_740_991.0, "-9007199254740991.0"), (0.3, "0.3"), (2.0 / 3, "0.6666666666666666"),
  ])
  func `numbers as they are written`(value: Double, expected: String) {
    #expect(text(value) == expected)
  }

  @Test func `whole numbers of every length`() {
    var bytes: [UInt8] = []
    for value in [0, -1, 9, 10, 99, 100, Int64.max, Int64.min] {
      bytes.removeAll()
      bytes.append(decimal: value)
      #expect(String(decoding: bytes, as: UTF8.self) == value.description)
    }
    var power: Int64 = 1
    while power < Int64.max / 10 {
      power *= 10
      for value in [power - 1, power, power + 1] {
        bytes.removeAll()
        bytes.append(decimal: value)
        #expect(String(decoding: bytes, as: UTF8.self) == value.description)
      }
    }
  }

  /// Swift's own description has the same digits by another algorithm.
  @Test func `as Swift describes it, over every exponent, at the edges of the significands`() {
    for exponent in UInt64(0)..<2047 {
      for fraction: UInt64 in [0, 1, 2, 3, (1 << 52) - 1, (1 << 52) - 2, 1 << 51, 0x5555_5555_5555_5] {
        expectDescription(Double(bitPattern: exponent << 52 | fraction))
      }
    }
  }

  @Test func `as Swift describes it, at random: all bits, times of this century, values of 32 bits`() {
    var generator = SeededRandom(seed: 20_261_126)
    for _ in 0..<30_000 {
      expectDescription(Double(bitPattern: generator.next()))
      expectDescription(Double.random(in: 9e8..<3e9, using: &generator))
      expectDescription(Double(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))))
      expectDescription(Double(Float.random(in: 0..<10, using: &generator)))
      expectDescription(Double.random(in: 0..<1e-3, using: &generator))
    }
  }

  private func expectDescription(_ value: Double) {
    guard value.isFinite, value != value.rounded() || value.magnitude >= 1e15 else { return }
    let text = text(value)
    if text != value.description { Issue.record("\(text) for \(value)") }
  }
}
