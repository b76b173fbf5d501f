import TestSupport
import Testing

@testable import Analysis

@Suite struct StretchSumsTests {
  /// The sums over `stretch` about `place`, term by term.
  private func direct(
    _ values: [Double], _ weights: [Double]?, _ stretch: ClosedRange<Int>, about place: Int
  ) -> StretchSums.Moments {
    var moments = StretchSums.Moments()
    for index in stretch { moments.add(weights?[index] ?? 1, values[index], at: Double(index - place)) }
    return moments
  }

  private func numbers(_ moments: StretchSums.Moments, unit: Double = 1) -> [Double] {
    (0..<4).map { moments.weights[$0] } + [moments.fourth] + (0..<4).map { moments.values[$0] * unit }
  }

  @Test(arguments: [1, 15, 16, 17, 33, 100, 257])
  func `the sums over a stretch are those of its terms`(count: Int) {
    var noise = Noise(seed: UInt64(count))
    let values = (0..<count).map { _ in 3 + noise.normal() }
    let weights = (0..<count).map { _ in abs(noise.normal()) }
    for weights in [nil, weights] {
      let sums = StretchSums(values, weights: weights)
      for low in stride(from: 0, to: count, by: 3) {
        for high in stride(from: low, to: count, by: 5) {
          let place = (low + high) / 2
          let got = numbers(sums.over(low...high, about: place), unit: sums.unit)
          let want = numbers(direct(values, weights, low...high, about: place))
          let scale = direct(
            values.map(\.magnitude), weights?.map(\.magnitude), low...high,
            about: low - 1)
          for (index, entry) in zip(got, want).enumerated() {
            #expect(abs(entry.0 - entry.1) <= 1e-13 * numbers(scale)[index], "\(low)...\(high), sum \(index)")
          }
        }
      }
    }
  }

  @Test func `a spike outside of a stretch leaves nothing in it`() {
    let spiked = (0..<200).map { $0 == 60 ? 1e30 : 2.0 }
    let sums = StretchSums(spiked)
    #expect(sums.over(61...160, about: 100).values[0] * sums.unit == 200)
    #expect(sums.over(0...59, about: 30).values[0] * sums.unit == 120)
  }
}
