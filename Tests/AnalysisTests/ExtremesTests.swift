import Analysis
import Testing

@Suite struct ExtremesTests {
  @Test(arguments: 0..<11)
  func `the least and the greatest are found wherever they stand`(place: Int) {
    var values: [Double] = [5, 4, 6, 5, 4.5, 5.5, 5, 4, 6, 5, 5]
    values[place] = -1
    values[(place + 5) % 11] = 9
    let extremes = Extremes(of: values.span, in: 0..<11)
    #expect(extremes.least == -1)
    #expect(extremes.greatest == 9)
    #expect(extremes.isFinite)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity], 0..<9)
  func `what is not finite is left out and told`(value: Double, place: Int) {
    var values: [Double] = [5, 4, 6, 5, 4, 6, 5, 4, 6]
    values[place] = value
    let extremes = Extremes(of: values.span, in: 0..<9)
    #expect(extremes.least == 4)
    #expect(extremes.greatest == 6)
    #expect(!extremes.isFinite)
  }

  @Test func `of no finite value there are none`() {
    let values: [Double] = [.nan, .infinity, 3]
    let none = Extremes(of: values.span, in: 0..<2)
    #expect(none.least > none.greatest)
    #expect(Extremes(of: values.span, in: 2..<2).isFinite)
  }
}
