import JSON
import Testing

@testable import Analysis

@Suite struct TrendTests {
  /// A loss that falls steeply and then slowly, with noise of deviation 0.05.
  private func falling(_ count: Int, seed: UInt64 = 1) -> (truth: [Double], values: [Double]) {
    var noise = Noise(seed: seed)
    let truth = (0..<count).map { 1 + 3 / (1 + 40 * Double($0) / Double(count)) }
    return (truth, truth.map { $0 + 0.05 * noise.normal() })
  }

  private func squares(_ line: [Double], _ truth: [Double]) -> Double {
    zip(line, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(line.count)
  }

  @Test func `lines of a given width are those of numpy's weighted least squares`() throws {
    for truth in try #require(try Truth.load("lines", from: "trends.json").array) {
      let values = try truth.numbers("values")
      let fit = TrendFit(values, noise: values.map { _ in 1 }, segments: [values.indices])
      let fitted = fit.smoothed(.init(half: try truth.number("half"), growth: .infinity), refits: 0)
      for (got, want) in zip(fitted, try truth.numbers("fitted")) { #expect(agree(got, want, 1e-9)) }
    }
  }

  @Test func `a straight line is its own trend`() throws {
    let values = (0..<50).map { 3 - 0.04 * Double($0) }
    let curve = try #require(Trend.curve(of: values))
    #expect(curve.indices == Array(0..<50))
    for (got, want) in zip(curve.values, values) { #expect(abs(got - want) < 1e-9) }
  }

  @Test func `what rounding leaves of a straight line is no jump`() throws {
    // As GRPO's KL divergence stands in a file of a made-up run: 0.0101, 0.0102, … and 0.020200000000000003.
    let values = (0..<300).map { 0.0101 + 0.0001 * Double($0) }
    let curve = try #require(Trend.curve(of: values))
    #expect(curve.indices == Array(0..<300))
    for (got, want) in zip(curve.values, values) { #expect(abs(got - want) < 1e-9) }
  }

  @Test(arguments: 1...10)
  func `it does not lag where a loss falls steeply, and is nearer to the truth than the points`(seed: UInt64)
    throws
  {
    let (truth, values) = falling(300, seed: seed)
    let curve = try #require(Trend.curve(of: values))
    let exponential = Smoothing(weight: 0.6)(values)
    let steep = 0..<30
    // Without segments every place has its value.
    let line = zip(curve.indices, curve.values).filter { !$0.1.isNaN }.map(\.1)
    #expect(line.count == 300)
    #expect(
      squares(Array(line[steep]), Array(truth[steep])) < squares(
        Array(exponential[steep]), Array(truth[steep])) / 3)
    #expect(squares(line, truth) < squares(values, truth) / 2)
  }

  @Test func `it jumps where the curve jumps, and where it is told`() throws {
    var noise = Noise(seed: 3)
    let values = (0..<200).map { ($0 < 120 ? 2.0 : 1.2) + 0.05 * noise.normal() }
    let curve = try #require(Trend.curve(of: values))
    let gaps = zip(curve.indices, curve.values).filter(\.1.isNaN).map(\.0)
    #expect(gaps == [120])
    let flat = (0..<200).map { _ in 2 + 0.05 * noise.normal() }
    let told = try #require(Trend.curve(of: flat, breaks: [77]))
    #expect(zip(told.indices, told.values).filter(\.1.isNaN).map(\.0) == [77])
  }

  @Test func `steady noise has no jump in nine of ten curves`() {
    let jumps = (1...50).count { seed in
      var noise = Noise(seed: UInt64(seed))
      let values = (0..<200).map { _ in 2 + 0.05 * noise.normal() }
      return Trend.curve(of: values)?.values.contains(where: \.isNaN) ?? true
    }
    #expect(jumps <= 5, "\(jumps) of 50")
  }

  @Test func `a spike of one point hardly moves it`() throws {
    let (_, values) = falling(300)
    var spiked = values
    spiked[200] += 5
    let plain = try #require(Trend.curve(of: values))
    let moved = try #require(Trend.curve(of: spiked))
    let place = try #require(plain.indices.firstIndex(of: 200))
    let other = try #require(moved.indices.firstIndex(of: 200))
    #expect(abs(plain.values[place] - moved.values[other]) < 0.15)
  }

  @Test(arguments: [300, 50_000])
  func `the greatest spike leaves the rest of the curve as it is`(count: Int) throws {
    let (_, values) = falling(count)
    var spiked = values
    spiked[count / 2] = 1e30
    let plain = try #require(Trend.curve(of: values))
    let moved = try #require(Trend.curve(of: spiked))
    let lines = [plain, moved].map { curve in zip(curve.indices, curve.values).filter { !$0.1.isNaN } }
    let apart = count / 2 - count / 20...count / 2 + count / 20
    for (before, after) in zip(lines[0], lines[1]) where !apart.contains(before.0) {
      #expect(abs(before.1 - after.1) < 0.2, "at \(before.0)")
    }
  }

  @Test func `a long curve has at most six hundred places, and a value that is no number is left out`() throws
  {
    var (_, values) = falling(50_000)
    values[25_000] = .nan
    let curve = try #require(Trend.curve(of: values))
    #expect(curve.values.count { $0.isFinite } <= 601 && !curve.indices.contains(25_000))
    #expect(curve.indices == curve.indices.sorted())
  }

  @Test func `few points, none that count and constants have no trend`() {
    #expect(Trend.curve(of: [1, 2, 3, 4, 5, 6, 7]) == nil)
    #expect(Trend.curve(of: Array(repeating: 2, count: 100)) == nil)
    #expect(Trend.curve(of: Array(repeating: .nan, count: 100)) == nil)
    #expect(Trend.curve(of: []) == nil)
  }

  @Test func `numbers at the ends of what a Double holds give numbers`() throws {
    for scale in [1e-300, 1e150, 1e300] {
      let values = falling(60).values.map { $0 * scale }
      let curve = try #require(Trend.curve(of: values))
      #expect(curve.values.allSatisfy { $0.isFinite || $0.isNaN })
    }
  }
}
