import Analysis
import JSON
import Testing

@Suite struct SmoothingTests {
  @Test func `smoothed values are those of TensorBoard's formula`() throws {
    for truth in try #require(try Truth.load("smoothing").array) {
      let smoothed = Smoothing(weight: try truth.number("weight"))(try truth.numbers("values"))
      let wanted = try truth.numbers("smoothed")
      #expect(smoothed.count == wanted.count)
      for (got, want) in zip(smoothed, wanted) { #expect(agree(got, want, 1e-12), "\(got), not \(want)") }
    }
  }

  @Test func `the published vector`() {
    let smoothed = Smoothing(weight: 0.6)([1, 0.5, 0])
    #expect(smoothed[0] == 1)
    #expect(agree(smoothed[1], 0.6875))
    #expect(agree(smoothed[2], 0.336734693877551, 1e-12))
  }

  @Test func `a weight outside of the range is held to it`() {
    #expect(Smoothing(weight: -3).weight == 0)
    #expect(Smoothing(weight: .nan).weight == 0)
    #expect(Smoothing(weight: 8).weight == 1)
    #expect(Smoothing(weight: 8)([4, 5, 6]) == [0, 0, 0])
    #expect(Smoothing(weight: -3)([4, 5, 6]) == [4, 5, 6])
    #expect(Smoothing(weight: 0.5)([]) == [])
  }

  @Test func `the correction fades without a jump in a long series`() {
    let values = (0..<500).map { 1 + ($0.isMultiple(of: 2) ? 0.1 : -0.1) }
    let smoothed = Smoothing(weight: 0.9)(values)
    for index in 400..<498 { #expect(agree(smoothed[index], smoothed[index + 2], 1e-14)) }
  }

  @Test(arguments: [0, 0.6, 0.98, 0.998, 1], [5, 300, 40_001])
  func `a curve of fewer places lies on the whole one`(weight: Double, count: Int) {
    var values = correlatedNoise(count, seed: 8).map { 3 + $0 }
    if count > 20_000 { (values[20_000], values[20_003]) = (.nan, .infinity) }
    let smoothing = Smoothing(weight: weight)
    let whole = smoothing(values)
    let curve = smoothing.curve(of: values)
    #expect(curve.indices.first == 0)
    #expect(curve.indices.last == count - 1)
    #expect(curve.values.count == curve.indices.count)
    for (index, value) in zip(curve.indices, curve.values) {
      #expect(agree(value, whole[index], 1e-12) || (value.isNaN && whole[index].isNaN))
    }
    #expect(zip(curve.indices, curve.indices.dropFirst()).allSatisfy { $0 < $1 })
    if weight == 0.998, count == 40_001 {
      #expect(curve.indices.count < 7000)
      #expect(curve.indices.contains(20_000) && curve.indices.contains(20_003))
    }
  }
}
