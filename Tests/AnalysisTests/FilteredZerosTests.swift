import EventFile
import RunFolder
import Testing

@testable import Analysis

/// Runs whose trainer logged 0 where the loss was NaN.
@Suite struct FilteredZerosTests {
  private func run(_ name: String, zerosFrom start: Int?) -> TrainingRun {
    var values = lossCurve(100, level: 2, noise: 0.02, seed: 4)
    var norms = [Double](repeating: 1, count: 100)
    if let start {
      for index in start..<100 { (values[index], norms[index]) = (0, .nan) }
    }
    // A zero before is a loss: of a step whose every token was masked.
    values[10] = 0
    return testRun(name, [("train/loss", 10, values), ("train/grad_norm", 10, norms)])
  }

  @Test func `the zeros of an analysis are NaN again, from where they stand for it`() throws {
    let analysis = RunAnalysis(of: run("filtered", zerosFrom: 60))
    #expect(analysis.isFiltered)
    let loss = try #require(analysis.loss)
    #expect(loss.series.values[60...].allSatisfy { $0.isNaN })
    #expect(loss.series.values[..<60].allSatisfy { $0.isFinite })
    #expect(loss.series.values[10] == 0)
    // What the files say stays as it is.
    #expect(analysis.run.metrics[0].series.values[99] == 0)
  }

  @Test func `a comparison neither draws them nor counts them`() throws {
    let comparison = RunComparison(base: run("good", zerosFrom: nil), new: [run("filtered", zerosFrom: 60)])
    let pair = comparison.pairs[0]
    #expect(pair.newFlaw?.kind == .filteredNaN)
    let loss = try #require(pair.loss)
    #expect(loss.new.values.suffix(40).allSatisfy { $0.isNaN })
    #expect(loss.firstNonFiniteStep == 610)
    #expect(loss.newArea == nil)
    let area = try #require(loss.baseArea)
    #expect(area > 1)
    // The difference ends where the run does, and is none there.
    let last = try #require(loss.difference?.places.last)
    #expect(last.step < 700 && abs(last.difference) < 0.1)
    #expect(run("filtered", zerosFrom: 60).withoutFilteredZeros.metrics[0].series.values[80].isNaN)
  }
}
