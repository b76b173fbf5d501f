/// Puts the writings of one run together, one tag at a time: of two points for a step the later writing stands.
///
/// - A segment (a file, or a log) that begins for a tag at or before points of an earlier one supersedes these: the
///   run was resumed from a checkpoint. The seam is told.
/// - A step that goes back within a segment is a resume in the same file, unless steps go back again and again: then
///   several writers wrote at once, the points are sorted by step and nothing is superseded.
/// - `SessionLog.START` supersedes the points before it from its step on.
/// - A step that is written again at once, or alone in a later segment (the final evaluation of a trainer), is a
///   duplicate: the later point stands.
public struct SeriesMerge: Equatable, Sendable {
  /// One writing: a file, or a log.
  public struct Segment: Equatable, Sendable {
    /// The series, their points in the order in which they were written.
    public var series: [Series]
    /// The restarts, with the number of points of each series before them.
    public var sessionStarts: [SessionStart]

    /// A segment from its parts.
    public init(series: [Series], sessionStarts: [SessionStart] = []) {
      self.series = series
      self.sessionStarts = sessionStarts
    }
  }

  /// A place where a run was taken up again.
  public struct Seam: Equatable, Sendable {
    /// The index of the segment that took it up.
    public var segment: Int
    /// The first step that was written again.
    public var step: Int64
    /// The wall time of the first point after the seam; NaN where it has none.
    public var wallTime: Double
    /// The number of points, of all tags, that were superseded.
    public var supersededCount: Int
    /// Whether the segment itself had written later steps before.
    public var isWithinSegment: Bool
  }

  /// What became of a point.
  public enum Fate: UInt8, Sendable {
    case stands, superseded, duplicate
  }

  /// The metrics, one a tag, in order of first appearance.
  public var metrics: [Metric]
  /// The seams in the order of the segments and of their places in them.
  public var seams: [Seam]
  /// The tags of which several writers wrote into one segment at once.
  public var interleavedTags: [String]
  /// For each segment and each of its series, what became of each point; empty where it was not asked for.
  public var fates: [[[Fate]]]

  /// Merges `segments`, which are in order of time.
  ///
  /// - Parameter recordsFates: whether `fates` are wanted.
  /// - Complexity: O(points) where steps mostly go up; O(*n* log *n*) for a tag of several writers.
  public init(_ segments: consuming [Segment], recordsFates: Bool = false) {
    metrics = []
    seams = []
    interleavedTags = []
    fates = recordsFates ? segments.map { $0.series.map { [Fate](repeating: .stands, count: $0.count) } } : []

    var places: [String: Int] = [:]
    var tags: [[(segment: Int, series: Int)]] = []
    for segment in segments.indices {
      for (index, series) in segments[segment].series.enumerated() {
        if let place = places[series.tag] {
          tags[place].append((segment, index))
        } else {
          places[series.tag] = tags.count
          tags.append([(segment, index)])
        }
      }
    }
    let starts = segments.map(\.sessionStarts)
    var found: [SeamKey: Seam] = [:]
    metrics.reserveCapacity(tags.count)
    for occurrences in tags {
      var merge = TagMerge(recordsFates: recordsFates)
      var next = 0
      for segment in segments.indices {
        if next < occurrences.count, occurrences[next].segment == segment {
          let index = occurrences[next].series
          next += 1
          let series = segments[segment].series[index]
          segments[segment].series[index] = Series(tag: series.tag)
          merge.add(
            series, place: (segment, index),
            starts: starts[segment].map {
              ($0.step, $0.pointsBefore.indices.contains(index) ? $0.pointsBefore[index] : 0)
            })
        } else {
          for start in starts[segment] { merge.purge(from: start.step, segment: segment, position: 0) }
        }
      }
      for cut in merge.cuts {
        let key = SeamKey(segment: cut.segment, part: cut.part)
        if var seam = found[key] {
          if cut.step < seam.step { seam.step = cut.step }
          if !(seam.wallTime <= cut.wallTime) { seam.wallTime = cut.wallTime }
          seam.supersededCount += cut.count
          found[key] = seam
        } else {
          found[key] = Seam(
            segment: cut.segment, step: cut.step, wallTime: cut.wallTime, supersededCount: cut.count,
            isWithinSegment: cut.part > 0)
        }
      }
      if merge.isInterleaved, let first = occurrences.first {
        interleavedTags.append(segments[first.segment].series[first.series].tag)
      }
      if recordsFates {
        for (place, changed) in merge.fates { fates[place.segment][place.series] = changed }
      }
      metrics.append(merge.finish())
    }
    seams = found.sorted { ($0.key.segment, $0.key.part) < ($1.key.segment, $1.key.part) }.map(\.value)
  }

  private struct SeamKey: Hashable {
    var segment: Int
    /// 0 for the start of the segment, then the number of the restart in it.
    var part: Int
  }
}
