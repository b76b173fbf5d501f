import Testing

@testable import Analysis

@Suite struct InterpolationTests {
  @Test func `values lie straight between the known places and go on beyond them`() {
    let line = Interpolation(x: [0, 10, 20], y: [0, 1, 3])
    #expect(line.value(at: 5) == 0.5 && line.value(at: 15) == 2 && line.value(at: 25) == 4)
    #expect(line.values(at: [15, 5, 20]) == [2, 0.5, 3])
    #expect(line.inverse.value(at: 2) == 15)
  }

  @Test func `what does not grow or is no number is left out`() {
    let line = Interpolation(x: [0, 10, 5, .nan, 20], y: [0, 1, 1, 9, 1])
    #expect(line.count == 2)
    #expect(Interpolation.none.value(at: 3).isNaN)
    #expect(Interpolation(x: [100], y: [2]).value(at: 50) == 1)
  }
}
