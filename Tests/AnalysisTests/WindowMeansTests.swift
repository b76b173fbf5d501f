import EventFile
import RunFolder
import Testing

@testable import Analysis

@Suite struct WindowMeansTests {
  private func means(_ values: [Double], window: Int, steps: [Int] = []) -> WindowMeans? {
    WindowMeans(
      of: values.span, in: 0..<values.count, window: values.count - window..<values.count, steps: steps)
  }

  /// The variance of a mean of n points of AR(1) noise is near (1 + ρ)/(1 − ρ)/n.
  @Test(arguments: [(0.0, 500), (0.0, 20_000), (0.5, 500), (0.8, 2000)])
  func `the scatter of windows is that of the noise`(memory: Double, count: Int) throws {
    let window = count / 10
    var sum = 0.0
    for seed in 0..<60 {
      sum += try #require(
        means(correlatedNoise(count, memory: memory, seed: UInt64(seed + 1)), window: window)
      ).variance
    }
    let wanted = (1 + memory) / (1 - memory) / Double(window)
    #expect(abs(sum / 60 / wanted - 1) < 0.25, "\(sum / 60 / wanted)")
  }

  @Test func `a course that levels off is no scatter, nor is a step at a known place`() throws {
    let noise = correlatedNoise(500, seed: 3)
    let falling = noise.enumerated().map { index, own -> Double in
      let fall = 0.01 * Double(index)
      return 3 - fall + 0.001 * own
    }
    #expect(try #require(means(falling, window: 50)).variance < 1e-5)
    let stepped = noise.enumerated().map { index, own -> Double in (index < 300 ? 1 : 0.8) + 0.01 * own }
    let unknown = try #require(means(stepped, window: 50))
    let known = try #require(means(stepped, window: 50, steps: [300]))
    #expect(known.variance < 0.05 * unknown.variance)
    #expect(known.variance < 1e-5)
  }

  @Test func `too short or broken curves tell nothing`() {
    #expect(means([1, 2, 3, 4, 5], window: 3) == nil)
    var broken = correlatedNoise(200, seed: 1)
    broken[150] = .nan
    #expect(means(broken, window: 20) == nil)
    #expect(means([Double](repeating: 1e308, count: 100), window: 20)?.variance.isFinite != false)
  }

  /// Noise that is slower than the window shows in none of its points, and in the scatter of the others.
  @Test func `slow noise widens the error of a level`() throws {
    let fast = correlatedNoise(500, seed: 5)
    let slow = correlatedNoise(500, memory: 0.98, seed: 6)
    let values = zip(fast, slow).map { 2 + 0.03 * ($0 + $1) }
    let curve = series("loss", values)
    let plain = try #require(WindowLevel(of: curve, in: 450..<500))
    let window = LastWindow(
      share: 0.1, of: curve, in: 0..<500, noise: .steps, epochs: EpochBoundaries(testRun("none", [])),
      confidence: 0.95)
    let whole = try #require(window.level)
    #expect(whole.mean == plain.mean)
    #expect(whole.standardError > 1.5 * plain.standardError)
    #expect(agree(whole.effectiveCount * whole.autocorrelationTime, 50))
    #expect(whole.interval.lowerBound < plain.interval.lowerBound)
  }

  @Test func `a step at an epoch within a window is no noise`() throws {
    let noise = correlatedNoise(300, seed: 8)
    let values = noise.enumerated().map { index, own -> Double in (index < 285 ? 2 : 1.8) + 0.02 * own }
    var run = testRun("run", [("train/loss", 1, values)])
    run.metrics += testRun("run", [("train/epoch", 1, (0..<300).map { Double($0 + 1) / 285 })]).metrics
    let epochs = EpochBoundaries(run)
    let curve = run.metrics[0].series
    #expect(epochs.firstPoints(of: curve, in: 0..<300) == [285])
    #expect(epochs.firstPoints(of: curve, in: 0..<200) == [])
    let known = try #require(
      LastWindow(share: 0.1, of: curve, in: 0..<300, noise: .steps, epochs: epochs, confidence: 0.95).level)
    let unknown = try #require(WindowLevel(of: curve, in: 270..<300))
    #expect(agree(known.mean, unknown.mean, 1e-12))
    #expect(known.deviation < 0.03)
    #expect(unknown.deviation > 0.04)
  }
}
