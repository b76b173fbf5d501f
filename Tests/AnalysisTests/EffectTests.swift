import Testing

@testable import Analysis

@Suite struct EffectTests {
  @Test func `the bounds are Student's`() throws {
    // t(.95, 10) = 1.8124611, t(.80, 10) = 0.8790578, t(.975, 10) = 2.2281389
    let effect = Effect(base: 2, new: 2.1, standardError: 0.02, degreesOfFreedom: 10, confidence: 0.95)
    #expect(agree(effect.difference, 0.1, 1e-12))
    #expect(agree(effect.lowerBound, 0.1 - 1.8124611 * 0.02, 1e-6))
    #expect(agree(effect.upperBound, 0.1 + 1.8124611 * 0.02, 1e-6))
    #expect(agree(effect.smallestDetectable, (1.8124611 + 0.8790578) * 0.02, 1e-6))
    let interval = try #require(effect.interval)
    #expect(agree(interval.upperBound, 0.1 + 2.2281389 * 0.02, 1e-6))
    #expect(agree(try #require(effect.relativeDifference), 0.05, 1e-12))
  }

  @Test(arguments: [
    (0.10, 0.02, 0.02, EffectVerdict.beyond), (0.01, 0.02, 0.02, .undecided), (0.0, 0.005, 0.02, .within),
    (-0.5, 0.005, 0.02, .within), (0.03, 0.001, 0.05, .within), (0.06, 0.2, 0.05, .undecided),
    // A lucky draw of very noisy data does not pass; a fall that no draw explains does: 3.3 errors.
    (-0.5, 0.2, 0.02, .undecided), (-0.65, 0.2, 0.02, .undecided), (-0.67, 0.2, 0.02, .within),
    // Without noise there is nothing to be undecided about.
    (0.0, 0.0, 0.0, .within), (0.02, 0.0, 0.02, .within), (0.0201, 0.0, 0.02, .beyond),
    (.nan, 0.01, 1, .undecided),
    // A fixed bound has no margin that the data would have to resolve: its interval alone decides.
    (-94.4, 0.014, 0.0, .within), (-0.01, 0.02, 0.0, .undecided), (0.1, 0.02, 0.0, .beyond),
  ])
  func `a rise is within, beyond or undecided`(
    difference: Double, error: Double, margin: Double, verdict: EffectVerdict
  ) {
    let effect = Effect(
      base: 0, new: difference, standardError: error, degreesOfFreedom: 30, confidence: 0.95)
    #expect(effect.verdict(rise: margin) == verdict)
  }

  @Test func `what leaves a verdict open is the noise, or the spread between seeds`() throws {
    // s = 0.0224 over five seeds: one more of them is up to t(.95, 4)·s·√1.2 = 0.052 above.
    let spread = Effect.Spread(of: [0.97, 0.99, 1, 1.01, 1.03], confidence: 0.95)
    func effect(_ difference: Double, _ error: Double, _ spread: Effect.Spread?) -> Effect {
      Effect(
        base: 1, new: 1 + difference, standardError: error, degreesOfFreedom: 30, confidence: 0.95,
        spread: spread)
    }
    #expect(effect(0, 0.02, nil).doubt(rise: 0.01) == .noise)
    #expect(effect(0, 0.02, spread).doubt(rise: 0.01) == .noise)
    #expect(effect(-0.0008, 0.002, spread).doubt(rise: 0.01) == .seeds)
    #expect(effect(0.03, 0.002, spread).doubt(rise: 0.01) == .seeds)
    #expect(effect(0.03, 0.002, spread).verdict(rise: 0.01) == .undecided)
    #expect(effect(0, 0.002, nil).doubt(rise: 0.01) == nil)
  }

  /// √(ν/χ²) at the probability Φ(−½) of scipy's chi2.ppf.
  @Test(arguments: [(3.0, 1.4333), (10, 1.1659), (50, 1.0595)])
  func `a standard error of few degrees of freedom may be greater than it looks`(
    freedom: Double, wanted: Double
  ) {
    #expect(agree(Effect.errorDoubt(freedom), wanted, 0.01))
    #expect(Effect.errorDoubt(.infinity) == 1)
  }

  @Test func `three baselines bound what one more would show`() throws {
    let spread = try #require(Effect.Spread(of: [1.00, 1.02, 1.04], confidence: 0.95))
    // s = 0.02, t(.95, 2) = 2.9199856, √(4/3) = 1.1547005
    #expect(agree(spread.deviation, 0.02, 1e-9))
    #expect(agree(spread.predictionBound, 2.9199856 * 0.02 * 1.1547005, 1e-6))
    #expect(agree(spread.meanBound, 2.9199856 * 0.02 / 3.0.squareRoot(), 1e-6))
    let near = Effect(base: 1.02, new: 1.08, confidence: 0.95, spread: spread)
    #expect(near.verdict(rise: 0.01) == .undecided)
    #expect(agree(try #require(near.seedMargin), 2.8 * 0.02, 1e-9))
    #expect(near.verdict(rise: 0.056, holdsSeeds: true) == .undecided)
    // What the mean of three may hide is added to the difference: 0.02 + 0.0337 is within, and as one more run of
    // the kind it would not be, 0.02 + 0.0674.
    let nearer = Effect(base: 1.02, new: 1.04, confidence: 0.95, spread: spread)
    #expect(nearer.verdict(rise: 0.056, holdsSeeds: true) == .within)
    #expect(nearer.verdict(rise: 0.056) == .undecided)
    let far = Effect(base: 1.02, new: 1.10, confidence: 0.95, spread: spread)
    #expect(far.verdict(rise: 0.01) == .beyond)
  }

  @Test func `two baselines give a margin and one gives none`() throws {
    let two = Effect.Spread(of: [1.0, 1.1], confidence: 0.95)
    // s² = (2·(0.003·1.05)² + 0.005)/3 with the assumed deviation, t(.95, 3) = 2.3533634.
    let pooled = ((2 * 0.00315 * 0.00315 + 0.005) / 3).squareRoot()
    #expect(agree(try #require(two).predictionBound, 2.3533634 * pooled * 1.5.squareRoot(), 1e-6))
    let effect = Effect(base: 1.05, new: 1.2, confidence: 0.95, spread: two)
    #expect(agree(try #require(effect.seedMargin), 2.8 * 0.0707106781, 1e-8))
    #expect(Effect.Spread(of: [1], confidence: 0.95) == nil)
    #expect(Effect(base: 1, new: 1, confidence: 0.95).seedMargin == nil)
    let close = Effect(
      base: 1, new: 1, confidence: 0.95, spread: Effect.Spread(of: [1, 1], confidence: 0.95))
    #expect(close.seedMargin == 0.01)
  }

  @Test func `windows share the geometric mean of their times`() {
    var left = Figure(value: 2, standardError: 0.1, degreesOfFreedom: 98)
    left.sample = .init(count: 100, time: 1)
    var right = Figure(value: 3, standardError: 0.2, degreesOfFreedom: 10.5)
    right.sample = .init(count: 50, time: 4)
    // The time of both is √(1·4) = 2.
    let shared = Figure.sharingTime([left, right])
    #expect(agree(shared[0].standardError, 0.1 * 2.0.squareRoot()))
    #expect(agree(shared[1].standardError, 0.2 * 0.5.squareRoot()))
    #expect(shared.map(\.degreesOfFreedom) == [98, 10.5])
    let effect = Effect(base: [left], new: right, confidence: 0.95)
    #expect(agree(effect.standardError, 0.04.squareRoot()))
    #expect(effect.method == .welch)
    // A figure without a sample, such as one from an older golden file, keeps all as they are.
    left.sample = nil
    #expect(Figure.sharingTime([left, right]) == [left, right])
    #expect(agree(Effect(base: [left], new: right, confidence: 0.95).standardError, 0.05.squareRoot()))
    let single = Effect(base: [left, left], new: Figure(value: 4), confidence: 0.95)
    #expect(agree(single.standardError, 0.1 * 0.5.squareRoot()))
    #expect(agree(single.difference, 2))
  }
}
