import JSON
import Testing

@testable import Analysis

@Suite struct NormalExtremeTests {
  @Test func `the least of several normal numbers is as deep as integrals say`() throws {
    for truth in try #require(try Truth.load("extremes").array) {
      let extreme = NormalExtreme(count: try truth.number("count"))
      let (depth, deviation) = (try truth.number("depth"), try truth.number("deviation"))
      #expect(abs(extreme.depth - depth) <= 0.03, "\(extreme) \(truth)")
      #expect(abs(extreme.deviation - deviation) <= 0.05 * deviation, "\(extreme) \(truth)")
    }
  }

  @Test func `less than one number is one`() {
    #expect(NormalExtreme(count: 0.2) == NormalExtreme(count: 1))
    #expect(NormalExtreme(count: 1).depth == 0)
  }
}
