import Testing

@testable import Report

@Suite struct ScaleTests {
  @Test func `a linear scale maps its ends and its middle`() {
    let scale = Scale.linear(2...4, from: 100, to: 0)
    #expect(scale(2) == 100 && scale(4) == 0 && scale(3) == 50)
    #expect(scale.clamped(9) == 0 && scale.clamped(-9) == 100)
  }

  @Test func `a logarithmic scale maps ratios to distances, and has no place for zero`() {
    let scale = Scale.logarithmic(0.01...1, from: 0, to: 200)
    #expect(abs(scale(0.1) - 100) < 1e-9)
    #expect(scale(0).isNaN && scale(-1).isNaN)
    #expect(Scale.logarithmic(-1...1, from: 0, to: 1).kind == .linear)
  }

  @Test func `the widest domain still has finite positions`() {
    let greatest = Double.greatestFiniteMagnitude
    let scale = Scale.linear(-greatest...greatest, from: 0, to: 100)
    #expect(scale(0) == 50 && scale(greatest) == 100)
  }

  @Test(arguments: [0.0, 2.5, -7, 1e300, Double.leastNonzeroMagnitude])
  func `a constant gets room about it`(value: Double) {
    let scale = Scale.linear(value...value, from: 0, to: 100)
    #expect(scale.domain.lowerBound < scale.domain.upperBound)
    #expect((1...99).contains(scale(value)))
  }
}
