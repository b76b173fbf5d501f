import Testing

@testable import Report

@Suite struct NumberTextTests {
  @Test(arguments: [
    (4.7863620, "4.786"), (0.012344, "0.01234"), (12345.6, "12,346"), (1e-5, "1.000e-5"), (0, "0"),
    (-0.0, "0"),
    (999_999.6, "1.000e6"), (123_456.7, "123,457"), (0.00012345, "0.0001234"), (-2.5, "-2.500"),
    (.nan, "NaN"),
    (.infinity, "inf"), (-.infinity, "-inf"), (1e300, "1.000e300"), (0.99996, "1.000"),
    (Double.leastNonzeroMagnitude, "5.000e-324"),
  ])
  func `four significant digits`(value: Double, text: String) {
    #expect(NumberText.significant(value) == text)
  }

  @Test func `trimmed numbers end with a digit that says something`() {
    #expect(NumberText.significant(5e-5, trimmed: true) == "5e-5")
    #expect(NumberText.significant(0.25, trimmed: true) == "0.25")
    #expect(NumberText.significant(1000, trimmed: true) == "1,000")
    #expect(NumberText.significant(1.5e6, trimmed: true) == "1.5e6")
  }

  @Test func `fixed places, and no negative zero`() {
    #expect(NumberText.fixed(1234.5, places: 2) == "1,234.50")
    #expect(NumberText.fixed(-0.001, places: 2) == "0.00")
    #expect(NumberText.fixed(0.995, places: 2) == "0.99")
    #expect(NumberText.fixed(0.05, places: 0) == "0")
    #expect(NumberText.fixed(9.99, places: 1) == "10.0")
  }

  @Test func `an interval keeps two digits of its half width`() {
    #expect(NumberText.interval(4.78636, halfWidth: 0.0213) == "4.786 ± 0.021")
    #expect(NumberText.interval(4.78636, halfWidth: 0.0996) == "4.79 ± 0.10")
    #expect(NumberText.interval(120.4, halfWidth: 13) == "120 ± 13")
    #expect(NumberText.interval(1e-7, halfWidth: 2.2e-8) == "1.000e-7 ± 2.2e-8")
    #expect(NumberText.interval(2, halfWidth: 0) == "2.000")
    #expect(NumberText.interval(.nan, halfWidth: 1) == "NaN")
  }

  @Test func `counts, shares and nouns`() {
    #expect(NumberText.count(1_234_567) == "1,234,567")
    #expect(NumberText.count(-1000) == "-1,000")
    #expect(NumberText.count(Int64.min) == "-9,223,372,036,854,775,808")
    #expect(NumberText.count(1, "record") == "1 record")
    #expect(NumberText.count(2, "entry", "entries") == "2 entries")
    #expect(NumberText.percent(0.1234) == "12.3 %")
    #expect(NumberText.percent(0.00123) == "0.12 %")
  }
}
