import Analysis
import JSON
import Testing

@Suite struct StudentTTests {
  @Test func `quantiles are scipy's`() throws {
    for row in try #require(try Truth.load("student_t").array) where row["quantile"] != nil {
      let distribution = try #require(StudentT(degreesOfFreedom: row.number("df")))
      let wanted = try row.number("quantile")
      let got = distribution.quantile(try row.number("p"))
      // Near the middle both sides only know 1 − p to 16 digits.
      #expect(agree(got, wanted, 1e-9) || abs(got - wanted) < 1e-12, "\(row.text): \(got)")
    }
  }

  @Test func `probabilities are scipy's, far out in the tail too`() throws {
    for row in try #require(try Truth.load("student_t").array) where row["cdf"] != nil {
      let distribution = try #require(StudentT(degreesOfFreedom: row.number("df")))
      let t = try row.number("t")
      let cumulative = distribution.cumulative(t)
      let tail = distribution.upperTail(t)
      #expect(agree(cumulative, try row.number("cdf"), 1e-9), "\(row.text): \(cumulative)")
      #expect(agree(tail, try row.number("sf"), 1e-9), "\(row.text): \(tail)")
    }
  }

  @Test func `the half-width of an interval leaves half of the rest on either side`() throws {
    let distribution = try #require(StudentT(degreesOfFreedom: 7.5))
    let width = distribution.halfWidth(confidence: 0.9)
    #expect(agree(distribution.upperTail(width), 0.05, 1e-12))
    #expect(distribution.halfWidth(confidence: 1) == .infinity)
    #expect(distribution.halfWidth(confidence: 0) == 0)
  }

  @Test(arguments: [0, -1, .nan, .infinity])
  func `there is no distribution with such degrees of freedom`(degrees: Double) {
    #expect(StudentT(degreesOfFreedom: degrees) == nil)
  }

  @Test func `what is no probability has no quantile`() throws {
    let distribution = try #require(StudentT(degreesOfFreedom: 3))
    #expect(distribution.quantile(-0.1).isNaN)
    #expect(distribution.quantile(.nan).isNaN)
    #expect(distribution.quantile(0) == -.infinity)
    #expect(distribution.quantile(1) == .infinity)
    #expect(distribution.quantile(0.5) == 0)
    #expect(distribution.cumulative(.nan).isNaN)
    #expect(distribution.cumulative(.infinity) == 1)
    #expect(distribution.cumulative(-.infinity) == 0)
  }
}
