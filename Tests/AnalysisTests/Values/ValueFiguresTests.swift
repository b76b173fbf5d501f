import Analysis
import EventFile
import FileSystem
import JSON
import TestSupport
import Testing

/// Figures of values that are no numbers, held against TensorBoard's, numpy's and scikit-learn's
/// (`scripts/make-value-truths.py`).
struct ValueFiguresTests {
  private func truth() throws -> JSONValue {
    try JSONValue(parsing: Files.read(Path.join(Fixture.package, "Tests/Fixtures/values/truths.json")))
  }

  private func histograms(_ truth: JSONValue) throws -> [Histogram] {
    try #require(truth["histograms"]?.array).map { entry in
      let rows = try #require(entry["rows"]?.array).map { $0.array?.compactMap(\.double) ?? [] }
      return Histogram(lefts: rows.map { $0[0] }, rights: rows.map { $0[1] }, counts: rows.map { $0[2] })
    }
  }

  @Test func `quantiles are TensorBoard's`() throws {
    let truth = try truth()
    for (histogram, entry) in zip(try histograms(truth), try #require(truth["histograms"]?.array)) {
      let want = try #require(entry["quantiles"]?.array).compactMap(\.double)
      let got = try #require(histogram.quantiles(HistogramCourse.shares))
      for (got, want) in zip(got, want) {
        #expect(abs(got - want) <= 1e-9 * max(1, abs(want)), "\(got) \(want)")
      }
    }
  }

  @Test func `the distance of two histograms is the area between their cumulative shares`() throws {
    let truth = try truth()
    let histograms = try histograms(truth)
    for (one, row) in zip(histograms, try #require(truth["distances"]?.array)) {
      for (other, want) in zip(histograms, try #require(row.array).compactMap(\.double)) {
        let got = try #require(one.wassersteinDistance(to: other))
        #expect(abs(got - want) <= 1e-5 * max(want, 0.1), "\(got) \(want)")
      }
    }
  }

  @Test func `single values are apart by how far they are apart`() {
    let one = Histogram(lefts: [1], rights: [1], counts: [4])
    let two = Histogram(lefts: [3, 5], rights: [3, 5], counts: [1, 1])
    #expect(one.wassersteinDistance(to: two) == 3)
    #expect(two.wassersteinDistance(to: one) == 3)
    #expect(one.wassersteinDistance(to: one) == 0)
  }

  @Test func `without positives there is no average precision`() {
    let rows: [[Double]] = [[0, 0], [5, 1], [0, 4], [0, 0], [0, 0], [0, 0]]
    #expect(PrecisionRecallCurve(rows: rows)?.averagePrecision == nil)
    #expect(PrecisionRecallCurve(rows: rows)?.hasPositives == false)
  }

  @Test func `the average precision is scikit-learn's`() throws {
    for entry in try #require(try truth()["curves"]?.array) {
      let rows = try #require(entry["rows"]?.array).map { $0.array?.compactMap(\.double) ?? [] }
      let curve = PrecisionRecallCurve(rows: rows)
      let got = try #require(curve?.averagePrecision)
      let want = try #require(entry["average"]?.double)
      #expect(abs(got - want) < 1e-9, "\(got) \(want)")
    }
  }

  @Test func `shares over bins add up to the part that lies in them`() throws {
    for histogram in try histograms(try truth()) {
      let range = (histogram.lefts.first ?? 0) - 1...(histogram.rights.last ?? 0) + 1
      let shares = histogram.shares(over: range, count: 37)
      #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
    }
    let histogram = Histogram(lefts: [0, 1], rights: [1, 2], counts: [1, 3])
    #expect(histogram.shares(over: 0...2, count: 4) == [0.125, 0.125, 0.375, 0.375])
    #expect(histogram.shares(over: 1.5...3.5, count: 2) == [0.375, 0])
    #expect(histogram.shares(over: 5...6, count: 2) == [0, 0])
  }

  @Test(arguments: [
    (Histogram(lefts: [0], rights: [1], counts: [-1]), HistogramCourse.Fault.Kind.badCount),
    (Histogram(lefts: [0], rights: [1], counts: [.nan]), .badCount),
    (Histogram(lefts: [0], rights: [.nan], counts: [1]), .notFinite),
    (Histogram(lefts: [0], rights: [.infinity], counts: [1]), .notFinite),
    (Histogram(lefts: [0, 1], rights: [2, 3], counts: [1, 1]), .disorder),
  ])
  func `a histogram that contradicts itself is told and has no figure`(
    histogram: Histogram, kind: HistogramCourse.Fault.Kind
  ) {
    let course = HistogramCourse(tag: "h", count: 1) { $0(7, .histogram(histogram)) }
    #expect(course.faults.map(\.kind) == [kind])
    #expect(course.faults.map(\.count) == [1] && course.faults.map(\.firstStep) == [7])
    #expect(course.steps.isEmpty && course.emptyCount == 1)
    #expect(histogram.quantiles([0.5]) == nil)
    #expect(histogram.wassersteinDistance(to: histogram) == nil)
    #expect(histogram.shares(over: 0...1, count: 3) == [0, 0, 0])
  }

  private func course(_ widths: [(middle: Double, width: Double)]) -> HistogramCourse {
    HistogramCourse(tag: "h", count: widths.count) { add in
      for (index, entry) in widths.enumerated() {
        let ends = (entry.middle - entry.width, entry.middle + entry.width)
        add(Int64(index * 10), .histogram(Histogram(lefts: [ends.0], rights: [ends.1], counts: [100])))
      }
    }
  }

  @Test func `a course that collapses, spreads, moves or stands still is told`() {
    #expect(course([(0, 1), (0, 0.5), (0, 0.0078125)]).remarks == [.collapsed(ratio: 0.0078125)])
    #expect(course([(0, 1), (0, 0.5), (0, 0.02)]).remarks == [])
    #expect(course([(0, 1), (0, 0), (0, 0)]).remarks == [.constant(from: 10, value: 0)])
    #expect(course([(3, 0), (3, 0)]).remarks == [.constant(from: 0, value: 3)])
    #expect(course([(0, 1), (0, 9)]).remarks == [])
    #expect(course([(0, 1), (0, 11)]).remarks.count == 1)
    #expect(course([(0, 1), (1.7, 1)]).remarks == [])
    guard case .drifted(let ratio, 0, 2)? = course([(0, 1), (2, 1)]).remarks.first else {
      Issue.record("a median that left the range was not told")
      return
    }
    #expect(abs(ratio - 2 / 1.8) < 1e-9)
    #expect(course([(0, 1)]).remarks == [])
  }

  @Test(arguments: [1, 2, 23, 24, 25, 100, 1001])
  func `few histograms are kept to be drawn, evenly, with the first and the last`(count: Int) throws {
    let ridges = course(Array(repeating: (0, 1), count: count)).ridges
    #expect(ridges.count == min(count, 24))
    #expect(ridges.first?.step == 0 && ridges.last?.step == Int64((count - 1) * 10))
    let gaps = zip(ridges, ridges.dropFirst()).map { $1.step - $0.step }
    if let least = gaps.min(), let greatest = gaps.max() { #expect(greatest - least <= 10) }
  }
}

struct TextDifferenceTests {
  @Test(arguments: [
    ("a b c", "a b c", [TextDifference.Part.same("a b c")]),
    ("a b c", "a x c", [.same("a "), .removed("b "), .added("x "), .same("c")]),
    ("", "new", [.added("new")]), ("old", "", [.removed("old")]), ("", "", []),
    ("one two", "two", [.removed("one "), .same("two")]),
    ("größe  1\n2", "größe  1\n3", [.same("größe  1\n"), .removed("2"), .added("3")]),
  ])
  func `words that go and words that come`(old: String, new: String, parts: [TextDifference.Part]) {
    #expect(TextDifference(from: old, to: new).parts == parts)
  }

  @Test func `both texts can be put together again from the parts`() {
    var random = SeededRandom(seed: 8)
    for _ in 0..<200 {
      func text() -> String {
        (0..<Int.random(in: 0...30, using: &random)).map { _ in
          ["a", "b", "c", "\n"].randomElement(using: &random) ?? ""
        }
        .joined(separator: " ")
      }
      let (old, new) = (text(), text())
      let difference = TextDifference(from: old, to: new)
      let before = difference.parts.map { if case .added = $0 { "" } else { $0.text } }.joined()
      let after = difference.parts.map { if case .removed = $0 { "" } else { $0.text } }.joined()
      #expect(before == old && after == new, "\(old) | \(new)")
    }
  }

  @Test func `how much is the same`() {
    #expect(TextDifference(from: "a b c d", to: "a b c d").similarity == 1)
    #expect(TextDifference(from: "a b c d", to: "e f g h").similarity == 0)
    #expect(TextDifference(from: "a b c d ", to: "a b x y ").similarity == 0.5)
  }

  @Test func `very long texts are taken as a whole, in little time`() {
    let old = String(repeating: "word ", count: 100_000) + "end"
    let new = "start " + String(repeating: "other ", count: 100_000)
    #expect(TextDifference(from: old, to: new).parts.count == 2)
  }
}
