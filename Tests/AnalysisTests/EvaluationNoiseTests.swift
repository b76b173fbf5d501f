import Testing

@testable import Analysis

@Suite struct EvaluationNoiseTests {
  @Test func `a search draws the noise of many evaluations towards the usual, a comparison does not`() {
    let values = (0..<20).map { $0.isMultiple(of: 2) ? 1.0 : 1.2 }
    let noise = EvaluationNoise(values)
    #expect(noise.deviation(around: 1.1) < EvaluationNoise.pooled([noise], level: 1.1).deviation)
    let few = EvaluationNoise(Array(values.prefix(6)))
    #expect(few.deviation(around: 1.1) == EvaluationNoise.pooled([few], level: 1.1).deviation)
  }
}
