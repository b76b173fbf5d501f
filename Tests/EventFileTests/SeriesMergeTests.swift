import TestSupport
import Testing

@testable import EventFile

struct SeriesMergeTests {
  /// A series whose wall times begin at `from`, one second a point, and whose values name the writing.
  static func series(_ tag: String, _ steps: some Sequence<Int>, from: Double = 0, value: Double = 0)
    -> Series
  {
    var series = Series(tag: tag)
    for (index, step) in steps.enumerated() {
      series.append(Point(step: Int64(step), wallTime: from + Double(index), value: value))
    }
    return series
  }

  private func merge(_ segments: [[Series]]) -> SeriesMerge {
    SeriesMerge(segments.map { SeriesMerge.Segment(series: $0) })
  }

  @Test func `one writing passes through`() {
    let series = Self.series("loss", 1...10)
    let merge = merge([[series]])
    #expect(merge.metrics == [Metric(series: series)])
  }

  @Test func `points that a writer which does not wait wrote late are put in place`() throws {
    var series = Self.series("loss", [10, 20, 40, 30, 50, 60, 90, 80, 70, 100])
    // Each has the time of its making.
    for index in series.steps.indices { series.wallTimes[index] = Double(series.steps[index]) }
    let ordered = try #require(series.withLatePointsInPlace())
    #expect(ordered.steps == Array(stride(from: 10, through: 100, by: 10)))
    let merge = merge([[series]])
    #expect(merge.metrics[0].series == ordered)
    #expect(merge.metrics[0].superseded.isEmpty)
    #expect(merge.sortedTags == ["loss"] && merge.interleavedTags.isEmpty)
  }

  @Test func `steps that were trained again are no late points`() {
    // A resume two points back, the times of which are later.
    #expect(Self.series("loss", [10, 20, 30, 40, 30, 40, 50]).withLatePointsInPlace() == nil)
    #expect(Self.series("loss", [10, 20, 30, 40, 25, 35, 45]).withLatePointsInPlace() == nil)
    #expect(Self.series("loss", [10, 20, 30, 40, 50, 60, 10, 20, 30]).withLatePointsInPlace() == nil)
    #expect(Self.series("loss", 1...10).withLatePointsInPlace() == nil)
    // Without times, a step that is there twice was trained twice.
    var untimed = Self.series("loss", [10, 20, 30, 20, 30, 40])
    for index in untimed.steps.indices { untimed.wallTimes[index] = .nan }
    #expect(untimed.withLatePointsInPlace() == nil)
  }

  @Test func `tags that Unicode takes for one stay two, as their bytes are`() {
    let tags = ["\u{e9}", "e\u{301}"]
    let merge = merge([tags.map { Self.series($0, 1...3) }, tags.map { Self.series($0, 4...6, from: 10) }])
    #expect(merge.metrics.map { Array($0.tag.utf8) } == tags.map { Array($0.utf8) })
    #expect(merge.metrics.allSatisfy { $0.series.steps == [1, 2, 3, 4, 5, 6] })
  }

  @Test func `of an overlap the later writing stands`() throws {
    let merge = merge([
      [
        Self.series("loss", stride(from: 10, through: 690, by: 10), value: 1),
        Self.series("eval", [250, 500, 600]),
      ],
      [
        Self.series("loss", stride(from: 610, through: 1000, by: 10), from: 9000, value: 2),
        Self.series("eval", [750, 1000], from: 9100),
      ],
    ])
    let loss = try #require(merge.metrics.first)
    #expect(loss.series.steps == Array(stride(from: 10, through: 1000, by: 10)))
    #expect(loss.series.values == loss.series.steps.map { $0 < 610 ? 1 : 2 })
    #expect(loss.superseded.steps == Array(stride(from: 610, through: 690, by: 10)))
    #expect(loss.duplicateCount == 0)
    #expect(merge.metrics[1].series.steps == [250, 500, 600, 750, 1000])
    #expect(merge.metrics[1].superseded.isEmpty)
  }

  @Test func `the final evaluation in a file of its own is a duplicate: the value at a step is that step's`()
  {
    let merge = merge([
      [Self.series("eval/loss", [500, 1000]), Self.series("train/epoch", [500, 1000, 1000])],
      [Self.series("eval/loss", [1000], value: 5), Self.series("train/epoch", [1000], value: 5)],
    ])
    #expect(merge.metrics.map(\.series.steps) == [[500, 1000], [500, 1000]])
    #expect(merge.metrics.map(\.series.values) == [[0, 0], [0, 0]])
    #expect(merge.metrics.map(\.duplicates.steps) == [[1000], [1000, 1000]])
    #expect(merge.metrics[0].duplicates.values == [5])
    #expect(merge.metrics.allSatisfy { $0.superseded.isEmpty && $0.conflictCount == 0 })
  }

  @Test func `a duplicate whose step a restart takes back is superseded with it`() {
    let merge = merge([
      [Self.series("eval/loss", [50, 100])], [Self.series("eval/loss", [100], value: 5)],
      [Self.series("eval/loss", [60, 100], value: 7)],
    ])
    #expect(merge.metrics[0].series.values == [0, 7, 7])
    #expect(merge.metrics[0].superseded.steps == [100, 100])
    #expect(merge.metrics[0].duplicates.isEmpty)
  }

  @Test func `two values at every step are two writers, whether or not steps go back`() {
    let steps = (1...40).flatMap { [$0, $0] }
    var series = Self.series("loss", steps)
    series.values = steps.indices.map { Double($0 % 2) }
    let mixed = merge([[series]])
    #expect(mixed.interleavedTags == ["loss"])
    #expect(mixed.metrics[0].conflictCount == 40)
    #expect(mixed.metrics[0].series.values.allSatisfy { $0 == 0 })
    series.values = steps.map { Double($0) }
    #expect(merge([[series]]).interleavedTags.isEmpty)
  }

  @Test func `neighbours that one writer swapped are sorted, and are no two writers`() {
    let steps = (0..<40).map { $0 % 2 == 0 ? $0 + 1 : $0 - 1 }
    let merge = merge([[Self.series("loss", steps)]])
    #expect(merge.interleavedTags.isEmpty)
    #expect(merge.sortedTags == ["loss"])
    #expect(merge.metrics[0].series.steps == Array(0..<40))
    #expect(merge.metrics[0].superseded.isEmpty)
  }

  @Test func `one point written again by a resume that goes on is superseded`() {
    let merge = merge([[Self.series("loss", [500, 510])], [Self.series("loss", [510, 520], value: 1)]])
    #expect(merge.metrics[0].series.values == [0, 1, 1])
    #expect(merge.metrics[0].superseded.steps == [510])
  }

  @Test func `equal steps in a file collapse to the first`() {
    var series = Self.series("loss", [1, 2, 2, 2, 3])
    series.values = [1, 2, 3, 4, 5]
    let merge = merge([[series]])
    #expect(merge.metrics[0].series.steps == [1, 2, 3])
    #expect(merge.metrics[0].series.values == [1, 2, 5])
    #expect(merge.metrics[0].duplicates.values == [3, 4])
    #expect(merge.metrics[0].duplicateCount == 2)
  }

  @Test func `steps that go back in a file are a resume in it`() {
    let merge = merge([[Self.series("loss", Array(1...10) + Array(6...20))]])
    #expect(merge.metrics[0].series.steps == Array(1...20))
    #expect(merge.metrics[0].superseded.steps == Array(6...10))
    #expect(merge.interleavedTags.isEmpty)
  }

  @Test func `steps that go back again and again are several writers`() {
    let steps = (0..<100).map { $0 % 2 == 0 ? $0 / 2 : $0 / 2 + 20 }
    var series = Self.series("loss", steps)
    series.values = steps.indices.map { Double($0 % 2) }
    let merge = merge([[series]])
    #expect(merge.interleavedTags == ["loss"])
    #expect(merge.metrics[0].series.steps == Array(0..<70))
    #expect(merge.metrics[0].superseded.isEmpty)
    #expect(merge.metrics[0].duplicateCount == 30)
    // At the steps of both, the earlier point in the file stands.
    #expect(merge.metrics[0].series.wallTimes[20] == 1)
  }

  @Test func `a session start supersedes what came before it from its step on`() {
    let start = SessionStart(step: 10, offset: 0, pointsBefore: [0])
    let merge = SeriesMerge([
      SeriesMerge.Segment(series: [Self.series("loss", 0..<20), Self.series("other", 0..<15)]),
      SeriesMerge.Segment(series: [Self.series("loss", 12..<30, value: 1)], sessionStarts: [start]),
    ])
    #expect(merge.metrics[0].series.steps == Array(0..<10) + Array(12..<30))
    #expect(merge.metrics[0].superseded.steps == Array(10..<20))
    #expect(merge.metrics[1].series.steps == Array(0..<10))
    #expect(merge.metrics[1].superseded.steps == Array(10..<15))
  }

  @Test func `a session start within a file acts where it stands`() {
    let start = SessionStart(step: 3, offset: 0, pointsBefore: [5])
    let merge = SeriesMerge([
      SeriesMerge.Segment(series: [Self.series("loss", [0, 1, 2, 3, 4, 3, 4, 5])], sessionStarts: [start])
    ])
    #expect(merge.metrics[0].series.steps == [0, 1, 2, 3, 4, 5])
    #expect(merge.metrics[0].series.wallTimes == [0, 1, 2, 5, 6, 7])
    #expect(merge.metrics[0].superseded.wallTimes == [3, 4])
  }

  @Test func `expired data of the reference: 100, 200, 300, 101, 201, 301`() {
    let merge = merge([[Self.series("loss", [100, 200, 300, 101, 201, 301])]])
    #expect(merge.metrics[0].series.steps == [100, 101, 201, 301])
    #expect(merge.metrics[0].superseded.steps == [200, 300])
  }

  @Test func `many resumes in turn keep the last writing of every step`() {
    let segments = (0..<20).map { index in
      [Self.series("loss", index * 45..<index * 45 + 50, from: Double(index) * 1000, value: Double(index))]
    }
    let merge = merge(segments)
    #expect(merge.metrics[0].series.steps == Array(0..<905))
    #expect(merge.metrics[0].series.values == (0..<905).map { Double(min($0 / 45, 19)) })
    #expect(merge.metrics[0].superseded.count == 95)
  }

  @Test func `a merge keeps every point once, whatever the writings`() {
    var random = SeededRandom(seed: 11)
    for _ in 0..<300 {
      let segments = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        var step = Int.random(in: 0..<20, using: &random)
        let steps = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
          step += Int.random(in: -1...3, using: &random)
          return step
        }
        return [Self.series("loss", steps)]
      }
      let merge = merge(segments)
      let metric = merge.metrics[0]
      let total = segments.reduce(0) { $0 + $1[0].count }
      #expect(metric.series.count + metric.superseded.count + metric.duplicateCount == total)
      #expect(zip(metric.series.steps, metric.series.steps.dropFirst()).allSatisfy { $0 < $1 })
    }
  }
}
