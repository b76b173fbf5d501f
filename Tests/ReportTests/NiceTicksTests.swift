import Testing

@testable import Report

@Suite struct NiceTicksTests {
  // Expected values as d3-array 3.2.4 gives them.
  @Test func `linear ticks are d3's`() {
    #expect(
      NiceTicks.linear(0...1, count: 10).map(\.value) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    #expect(NiceTicks.linear(0...1, count: 4).map(\.value) == [0, 0.2, 0.4, 0.6, 0.8, 1])
    #expect(NiceTicks.linear(0...1, count: 3).map(\.value) == [0, 0.5, 1])
    #expect(NiceTicks.linear(-10...10, count: 5).map(\.value) == [-10, -5, 0, 5, 10])
    #expect(NiceTicks.linear(0...1000, count: 6).map(\.value) == [0, 200, 400, 600, 800, 1000])
    #expect(NiceTicks.linear(1...9.7, count: 3).map(\.value) == [2, 4, 6, 8])
  }

  @Test func `labels of an axis share one form`() {
    #expect(NiceTicks.linear(0...1, count: 4).map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(NiceTicks.linear(-1...1, count: 2).map(\.label) == ["−1", "0", "1"])
    #expect(
      NiceTicks.linear(0...1_000_000, count: 5).map(\.label) == ["0", "0.2M", "0.4M", "0.6M", "0.8M", "1M"])
    #expect(
      NiceTicks.linear(0...20_000, count: 4).map(\.label) == ["0", "5,000", "10,000", "15,000", "20,000"])
    #expect(NiceTicks.linear(0...3e-7, count: 3).map(\.label) == ["0", "1e−7", "2e−7", "3e−7"])
    #expect(NiceTicks.linear(0...5e-5, count: 2).map(\.label) == ["0", "2e−5", "4e−5"])
    #expect(NiceTicks.linear(-0.0015...0.0015, count: 4).map(\.label) == ["−1e−3", "0", "1e−3"])
  }

  @Test func `whole ticks never fall between steps`() {
    #expect(NiceTicks.whole(1...3, count: 6).map(\.value) == [1, 2, 3])
    #expect(NiceTicks.whole(0...1, count: 6).map(\.label) == ["0", "1"])
  }

  @Test func `logarithmic ticks thin out as decades are added`() {
    #expect(NiceTicks.logarithmic(0.01...10, count: 6).map(\.value) == [0.01, 0.03, 0.1, 0.3, 1, 3, 10])
    #expect(NiceTicks.logarithmic(0.1...2, count: 6).map(\.value) == [0.1, 0.2, 0.5, 1, 2])
    #expect(NiceTicks.logarithmic(1e-30...1, count: 6).count <= 9)
    // Less than a decade: linear ticks on the logarithmic axis.
    #expect(NiceTicks.logarithmic(2.1...3.9, count: 4).map(\.value) == [2.5, 3, 3.5])
  }

  @Test(arguments: [
    -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude, 0...Double.leastNonzeroMagnitude,
    1e308...1.1e308,
    1...1.0000000000000002, -Double.leastNonzeroMagnitude...Double.leastNonzeroMagnitude,
  ])
  func `extreme domains give finite ticks inside, and not many`(domain: ClosedRange<Double>) {
    let ticks = NiceTicks.linear(domain, count: 6)
    #expect(ticks.count <= 20)
    #expect(ticks.allSatisfy { domain.contains($0.value) })
  }
}
