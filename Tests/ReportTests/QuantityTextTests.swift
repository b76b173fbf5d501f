import Testing

@testable import Report

@Suite struct QuantityTextTests {
  @Test(arguments: [
    (0.42, "0.42 s"), (9.94, "9.9 s"), (42, "42 s"), (125, "2 min 05 s"), (12_000, "3 h 20 min"),
    (187_200, "2 d 4 h"), (-42, "-42 s"), (3599.7, "1 h 00 min"), (.infinity, "inf"),
  ])
  func `durations in the two greatest units`(seconds: Double, text: String) {
    #expect(QuantityText.duration(seconds) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (812, "812 B"), (12_340, "12.3 kB"), (999_600, "1.00 MB"), (50_000_000, "50.0 MB"),
  ])
  func `sizes in decimal units`(count: Int, text: String) {
    #expect(QuantityText.bytes(count) == text)
  }

  @Test(arguments: [
    (0, "1970-01-01 00:00:00 UTC"), (1_795_462_781.4, "2026-11-23 19:39:41 UTC"),
    (951_782_400, "2000-02-29 00:00:00 UTC"), (-1, "1969-12-31 23:59:59 UTC"),
    (253_402_300_799, "9999-12-31 23:59:59 UTC"),
  ])
  func `moments are civil dates`(seconds: Double, text: String) {
    #expect(QuantityText.moment(seconds) == text)
  }

  @Test(arguments: [Double.nan, .infinity, 1e18, -1e18])
  func `what is no date is none`(seconds: Double) {
    #expect(QuantityText.moment(seconds) == nil)
  }
}
