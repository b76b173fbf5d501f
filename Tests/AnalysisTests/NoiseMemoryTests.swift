import Testing

@testable import Analysis

@Suite struct NoiseMemoryTests {
  @Test func `of many points it is the correlation, freed from what the fit took`() {
    #expect(abs(NoiseMemory(correlation: 0.5, count: 100_000, terms: 3).correlation - 0.5) < 0.001)
    // (80·0.5 + 3)/(80 − 5) = 0.573, and 24 points of 0.98: (0.573·80 + 0.98·24)/104.
    #expect(agree(NoiseMemory(correlation: 0.5, count: 80, terms: 3).correlation, 0.667_179, 1e-5))
    #expect(NoiseMemory(correlation: 0.99, count: 80, terms: 3).correlation == NoiseMemory.greatest)
    // Four points tell nothing.
    #expect(NoiseMemory(correlation: -0.5, count: 4, terms: 2).correlation > 0.8)
  }

  /// The variance of a mean by that of the points about their line, over simulated noise.
  @Test(arguments: [(4, 0.8), (20, 0.5), (20, 0.9), (100, 0.5), (300, 0.5)])
  func `the time is what a mean varies by, as a multiple of what its points show`(count: Int, memory: Double)
    throws
  {
    var (means, about) = (0.0, 0.0)
    let draws = 3000
    for seed in 1...draws {
      let values = correlatedNoise(count, memory: memory, seed: UInt64(seed))
      let mean = values.reduce(0, +) / Double(count)
      means += mean * mean / Double(draws)
      var rest = values
      _ = LeastSquares.remove([values.map { _ in 1 }, values.indices.map { Double($0) }], from: &rest)
      about += rest.reduce(0) { $0 + $1 * $1 } / Double(count - 2) / Double(draws)
    }
    let found = NoiseMemory(exactly: memory).time(ofMean: count)
    #expect(abs(found / (means * Double(count) / about) - 1) < 0.15, "\(found)")
  }

  @Test func `few points know little of their deviation`() {
    let memory = NoiseMemory(exactly: 0.5)
    #expect(memory.freedom(ofVariance: 20, known: 80) == 80.0 / 11)
    #expect(memory.freedom(ofVariance: 20, known: 8000) == 18 * 0.75 / 1.25)
    #expect(memory.freedom(ofVariance: 3, known: 3) == 1)
  }
}
