import EventFile
import Testing

struct MetricTests {
  private let points = Series(tag: "a", steps: [1, 2], wallTimes: [1, 2], values: [3, 4])

  @Test func `A metric has nothing else of its tag unless it is given`() {
    let metric = Metric(series: points)
    #expect(metric.superseded == Series(tag: "a") && metric.duplicates == Series(tag: "a"))
    #expect(metric.conflictCount == 0 && metric.duplicateCount == 0)
  }

  @Test func `What was replaced and repeated is kept apart`() {
    var metric = Metric(series: points, superseded: points, conflictCount: 2)
    metric.duplicates = Series(tag: "a", steps: [2], wallTimes: [5], values: [6])
    #expect(metric.superseded == points)
    #expect(metric.duplicates.values == [6] && metric.duplicateCount == 1)
    #expect(metric.conflictCount == 2)
    metric.superseded.append(Point(step: 3, wallTime: 3, value: 5))
    #expect(metric.superseded.steps == [1, 2, 3])
    #expect(metric.duplicates.count == 1)
  }

  @Test func `Taking it away again leaves a metric like one that never had any`() {
    var metric = Metric(series: points, superseded: points, conflictCount: 1)
    metric.superseded = Series(tag: "a")
    metric.conflictCount = 0
    #expect(metric == Metric(series: points))
  }
}
