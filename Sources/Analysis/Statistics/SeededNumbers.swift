internal import Bytes

/// Numbers that look random and are the same at every run, spread as a bootstrap wants them.
struct SeededNumbers {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// The next number, evenly spread over 0 ..< 1.
  mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

  /// The number of successes of `count` attempts, each with the chance `chance`.
  ///
  /// By inversion for few expected ones, else by Hörmann's transformed rejection with squeeze ("The generation of binomial
  /// random variates", 1993, algorithm BTRS).
  ///
  /// - Complexity: O(1) expected for many, O(expected) for few.
  mutating func binomial(_ count: Double, _ chance: Double) -> Double {
    if count <= 0 || chance <= 0 { return 0 }
    if chance >= 1 { return count }
    if chance > 0.5 { return count - binomial(count, 1 - chance) }
    return count * chance < 10 ? inverted(count, chance) : rejected(count, chance)
  }

  private mutating func inverted(_ count: Double, _ chance: Double) -> Double {
    let odds = chance / (1 - chance)
    var probability = Elementary.exp(count * Elementary.log1p(-chance))
    var rest = uniform()
    var successes = 0.0
    while rest > probability, successes < count {
      rest -= probability
      probability *= odds * (count - successes) / (successes + 1)
      successes += 1
      // What rounding leaves is beyond everything that happens.
      if probability == 0 { break }
    }
    return successes
  }

  private mutating func rejected(_ count: Double, _ chance: Double) -> Double {
    let deviation = (count * chance * (1 - chance)).squareRoot()
    let b = 1.15 + 2.53 * deviation
    let a = -0.0873 + 0.0248 * b + 0.01 * chance
    let centre = count * chance + 0.5
    let squeeze = 0.92 - 4.2 / b
    let alpha = (2.83 + 5.1 / b) * deviation
    let odds = chance / (1 - chance)
    let mode = ((count + 1) * chance).rounded(.down)
    while true {
      let u = uniform() - 0.5
      var v = uniform()
      let us = 0.5 - u.magnitude
      let k = ((2 * a / us + b) * u + centre).rounded(.down)
      if us >= 0.07, v <= squeeze { return k }
      guard k >= 0, k <= count else { continue }
      v = Elementary.log(v * alpha / (a / (us * us) + b))
      let bound =
        (mode + 0.5) * Elementary.log((mode + 1) / (odds * (count - mode + 1)))
        + (count + 1) * Elementary.log((count - mode + 1) / (count - k + 1))
        + (k + 0.5) * Elementary.log(odds * (count - k + 1) / (k + 1))
        + Self.tail(mode) + Self.tail(count - mode) - Self.tail(k) - Self.tail(count - k)
      if v <= bound { return k }
    }
  }

  /// What Stirling's formula leaves of log k!.
  private static func tail(_ k: Double) -> Double {
    let table = [
      0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.0207906721037650, 0.0166446911898211,
      0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.0092554621827127, 0.0083305634333594,
    ]
    if k < 10 { return table[Int(clamping: k)] }
    let next = k + 1
    let square = next * next
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / next
  }
}
