import Analysis
import EventFile
import RunFolder
import TestSupport

/// A run made of curves, for tests of comparisons.
func testRun(_ name: String, _ curves: [(tag: String, every: Int64, values: [Double])]) -> TrainingRun {
  TrainingRun(
    name: name, path: "runs/" + name,
    metrics: curves.map { curve in
      let steps = curve.values.indices.map { Int64($0 + 1) * curve.every }
      return Metric(
        series: Series(
          tag: curve.tag, steps: steps, wallTimes: steps.map { 1000 + Double($0) }, values: curve.values))
    })
}

/// Noise of deviation 1 that remembers `memory` of itself: AR(1).
func correlatedNoise(_ count: Int, memory: Double = 0, seed: UInt64) -> [Double] {
  var random = SeededRandom(seed: seed)
  var state = random.normal()
  let fresh = (1 - memory * memory).squareRoot()
  return (0..<count).map { _ in
    defer { state = memory * state + fresh * random.normal() }
    return state
  }
}

/// A loss that falls from 4 towards `level` with noise of deviation `noise`.
func lossCurve(_ count: Int, level: Double, noise: Double, seed: UInt64, order: UInt64? = nil) -> [Double] {
  let own = correlatedNoise(count, seed: seed)
  let common = order.map { correlatedNoise(count, seed: $0) }
  return (0..<count).map { index in
    let fall = 2.0 / (1 + 20 * Double(index) / Double(count))
    let noises = common.map { 0.1 * own[index] + $0[index] } ?? own[index]
    return level + fall + noise * noises
  }
}
