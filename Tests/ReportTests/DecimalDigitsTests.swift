import FileSystem
import TestSupport
import Testing

@testable import Report

@Suite struct DecimalDigitsTests {
  @Test func `rounding agrees with C's printf on ties, singles and extremes`() throws {
    let text = String(
      decoding: try Files.read(Fixture.package + "/Tests/Fixtures/report/rounding.tsv"), as: UTF8.self)
    let rows = text.split(separator: "\n").map { $0.split(separator: "\t") }
    #expect(rows.count > 1000)
    for row in rows {
      let value = Double(bitPattern: try #require(UInt64(row[0], radix: 16)))
      let count = try #require(Int(row[1]))
      var digits = DecimalDigits(value)
      digits.round(significant: count)
      #expect(digits.scientific(significant: count) == row[2], "\(value)")
    }
  }

  @Test func `the decade is the floor of the logarithm`() {
    #expect(DecimalDigits(1000).decade == 3)
    #expect(DecimalDigits(999.999).decade == 2)
    #expect(DecimalDigits(0.001).decade == -3)
    #expect(DecimalDigits(0).decade == 0)
    #expect(DecimalDigits(.leastNonzeroMagnitude).decade == -324)
  }
}
