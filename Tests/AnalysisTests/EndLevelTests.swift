import EventFile
import RunFolder
import Testing

@testable import Analysis

/// The level at the end of a curve, and at its beginning.
@Suite struct EndLevelTests {
  @Test func `of a curve that still falls, the level is where it has come to`() throws {
    // A straight fall from 1.5 to 0.5: the mean of the last tenth is a level that it has left.
    let fall = series("loss", (0..<101).map { 1.5 - Double($0) / 100 })
    let level = try #require(WindowLevel(atEndOf: fall, share: 0.1))
    #expect(level.hasTrend)
    #expect(abs(level.level - 0.5) < 1e-12)
    #expect(level.mean > 0.59)
    // A few points of a steep start: no further than the points went.
    let steep = series("loss", [8, 6.5, 5.8, 5.3, 5.05, 4.95, 4.853])
    let end = try #require(WindowLevel(atEndOf: steep, share: 0.1))
    #expect(end.level >= 4.853 && end.level < 5)
  }

  @Test func `a bend that the fit does not follow is no noise`() throws {
    // Without any noise: what a line and a logarithm leave of it once gave ±1.5 times the level.
    let curve = (0..<49).map { index in
      var value = 2.0
      for _ in 0..<index { value *= 0.92 }
      return value
    }
    let level = try #require(WindowLevel(atEndOf: series("loss", curve), share: 0.1))
    #expect(abs(level.level - curve[48]) < 0.01)
    #expect(level.halfWidth < 0.05)
    // Slow noise still is.
    var (noise, slow) = (Noise(seed: 5), 0.0)
    let wander = (0..<200).map { _ -> Double in
      slow = 0.95 * slow + 0.03 * noise.normal()
      return 2 + slow
    }
    let own = try #require(WindowLevel(ofLast: 0.1, of: series("loss", wander)))
    let whole = try #require(WindowLevel(atEndOf: series("loss", wander), share: 0.1))
    #expect(whole.standardError > own.standardError)
  }

  @Test func `a curve without a trend has its mean`() throws {
    var noise = Noise(seed: 3)
    let flat = series("loss", (0..<200).map { _ in 2 + 0.05 * noise.normal() })
    let level = try #require(WindowLevel(atEndOf: flat, share: 0.1))
    let plain = try #require(WindowLevel(ofLast: 0.1, of: flat))
    #expect(!level.hasTrend)
    #expect(level == plain)
    #expect(level.mean == plain.mean)
  }

  @Test func `the interval holds the end of nine in ten falling curves, where that of the mean holds few`()
    throws
  {
    var noise = Noise(seed: 7)
    var (held, heldByMean) = (0, 0)
    for _ in 0..<300 {
      let curve = series("loss", (0..<300).map { 3 - 0.004 * Double($0) + 0.03 * noise.normal() })
      let end = 3 - 0.004 * 299
      let level = try #require(WindowLevel(atEndOf: curve, share: 0.1, confidence: 0.9))
      if level.interval.contains(end) { held += 1 }
      if try #require(WindowLevel(ofLast: 0.1, of: curve, confidence: 0.9)).interval.contains(end) {
        heldByMean += 1
      }
    }
    #expect(held > 255, "\(held) of 300")
    #expect(heldByMean < 30, "\(heldByMean) of 300")
  }

  @Test(arguments: [(1.0, LossAnalysis.Course.fell), (0.0, .stayed), (-1.0, .rose)])
  func `a loss fell, stayed or rose by more than the errors of both levels`(
    fall: Double, course: LossAnalysis.Course
  ) throws {
    var noise = Noise(seed: 11)
    let values = (0..<200).map { 2 - fall * Double($0) / 200 + 0.05 * noise.normal() }
    let run = TrainingRun(name: "", path: "", metrics: [Metric(series: series("train/loss", values))])
    #expect(RunAnalysis(of: run).loss?.course == course)
  }

  @Test func `the beginning is the median of the first points with the noise of their neighbours`() throws {
    let level = try #require(
      EarlyLevel(of: series("loss", [.nan, 5, 4, 3] + [Double](repeating: 1, count: 60))))
    #expect(level.value == 3)
    #expect(level.count == 5)
    // A steady fall is no noise.
    let fall = try #require(EarlyLevel(of: series("loss", (0..<100).map { 5 - Double($0) / 100 })))
    #expect(fall.standardError < 1e-12)
    #expect(EarlyLevel(of: series("loss", [.nan])) == nil)
  }
}
