import Testing

@testable import Report

@Suite struct ValueRangeTests {
  @Test func `a start far above is left out, an evaluation never is`() throws {
    let values = (0..<1000).map { $0 < 20 ? 50 : 2 + Double($0 % 10) / 10 }
    let range = try #require(ValueRange.shown(values, always: [4.5]))
    #expect(range.lowerBound == 2 && (4.5...6).contains(range.upperBound))
  }

  @Test func `where little is gained everything is shown`() throws {
    let values = (0..<100).map { 3 - Double($0) / 100 }
    #expect(try #require(ValueRange.shown(values)) == 2.01...3)
  }

  @Test func `few points are all shown`() throws {
    #expect(try #require(ValueRange.shown([100, 1, 1, 1])) == 1...100)
  }

  @Test func `non-finite values do not count, and nothing gives nothing`() throws {
    #expect(ValueRange.shown([.nan, .infinity]) == nil)
    #expect(try #require(ValueRange.shown([.nan, 1, 2])) == 1...2)
  }

  @Test func `the logarithm is for ratios over ten and for losses that end under a tenth`() {
    #expect(ValueRange.wantsLogarithm((0..<100).map { 20 / Double(1 + $0) }))
    #expect(!ValueRange.wantsLogarithm((0..<100).map { 3 - Double($0) / 100 }))
    #expect(ValueRange.wantsLogarithm((0..<100).map { 0.4 - Double($0) * 0.0035 }))
    #expect(!ValueRange.wantsLogarithm((0..<100).map { Double($0) }))
  }
}
