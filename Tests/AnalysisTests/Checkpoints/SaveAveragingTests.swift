import Analysis
import Testing

@Suite struct SaveAveragingTests {
  /// The figures of three points, with `movement` as the length of the whole.
  private func averaging(_ points: [[Double]], movement: Double = 10) -> SaveAveraging? {
    func distance(_ i: Int, _ j: Int) -> Double {
      zip(points[i], points[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    return SaveAveraging(
      steps: [1, 2, 3], distances: [distance(0, 1), distance(1, 2), distance(0, 2)], movement: movement,
      isOfAdapter: true)
  }

  @Test func `the cosine and the distance of the mean are those of the points`() throws {
    let points: [[Double]] = [[1, 2, 0], [3, -1, 0.5], [0, 0, 2]]
    let found = try #require(averaging(points, movement: 4))
    // (2, −3, 0.5) and (−3, 1, 1.5); the mean is (4/3, 1/3, 5/6).
    #expect(abs(found.cosine - (-6 - 3 + 0.75) / (13.25 * 12.25).squareRoot()) < 1e-12)
    let square: Double = 16.0 / 9 + 1.0 / 9 + 49.0 / 36
    #expect(abs(found.share - square.squareRoot() / 4) < 1e-12)
  }

  @Test(arguments: [
    ([[0, 0], [1, 0], [2, 0.1]], SaveAveraging.Verdict.travelling),
    ([[0, 0], [1, 0], [1, 1]], .wandering),
    ([[0, 0], [1, 0], [0.2, 0.3]], .scattering),
    ([[0, 0], [0.01, 0], [0, 0.01]], .same),
  ])
  func `three saves travel, wander, scatter or hardly differ`(
    points: [[Double]], verdict: SaveAveraging.Verdict
  ) throws {
    #expect(try #require(averaging(points)).verdict == verdict)
  }

  @Test func `draws around a point turn back by half, as the rule says`() throws {
    // The corners of a regular triangle: each movement takes half of the one before back.
    let found = try #require(averaging([[1, 0], [-0.5, 0.75.squareRoot()], [-0.5, -0.75.squareRoot()]]))
    #expect(abs(found.cosine + 0.5) < 1e-12)
    #expect(found.verdict == .scattering)
  }

  @Test func `without a movement there are no figures`() {
    #expect(averaging([[0, 0], [0, 0], [1, 0]]) == nil)
    #expect(averaging([[0, 0], [.nan, 0], [1, 0]]) == nil)
    #expect(averaging([[0, 0], [1, 0], [1, 1]], movement: 0) == nil)
  }

  @Test func `the candidates lie around the best, else at the end, and are sound`() {
    func history(_ evaluations: [Double?], broken: Set<Int> = []) -> CheckpointHistory {
      let entries = evaluations.enumerated().map { index, value in
        CheckpointHistory.Entry(
          step: Int64(index), path: "",
          training: .init(step: Int64(index), loss: nil, evaluation: value, evaluations: []), norm: 1,
          nonFiniteCount: broken.contains(index) ? 1 : 0)
      }
      return CheckpointHistory(entries: entries, last: nil)
    }
    #expect(history([nil, nil, nil, nil, nil]).averagingCandidates == [2, 3, 4])
    #expect(history([3, 1, 2, 3, 4]).averagingCandidates == [0, 1, 2])
    #expect(history([1, 2, 3, 4, 5]).averagingCandidates == [0, 1, 2])
    #expect(history([5, 4, 3, 2, 1]).averagingCandidates == [2, 3, 4])
    #expect(history([5, 4, 1, 2, 3], broken: [3]).averagingCandidates == [1, 2, 4])
    #expect(history([1, 2]).averagingCandidates == nil)
  }
}
