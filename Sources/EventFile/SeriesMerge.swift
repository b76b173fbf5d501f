internal import Bytes

/// Puts the writings of one run together, one tag at a time: of two points for a step the later writing stands.
///
/// - A segment (a file, or a log) that begins for a tag at or before points of an earlier one supersedes these: the
///   run was resumed from a checkpoint.
/// - A step that goes back within a segment is a resume in the same file, unless steps go back again and again: then
///   the points are sorted by step and nothing is superseded.
/// - `SessionLog.START` supersedes the points before it from its step on.
/// - A step that is written again at once, or alone in a later segment (the final evaluation of a trainer), is a
///   duplicate: the earlier point stands, as the later may be of another model (the best one, loaded at the end).
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

  /// The metrics, one a tag, in order of first appearance.
  public var metrics: [Metric]
  /// The tags of which several writers wrote into one segment at once: more than a quarter of their steps have two
  /// values.
  public var interleavedTags: [String]
  /// The tags that one writer wrote out of order, and that were sorted.
  public var sortedTags: [String]

  /// Merges `segments`, which are in order of time.
  ///
  /// - Complexity: O(points) where steps mostly go up; O(*n* log *n*) for a tag that has to be sorted.
  public init(_ segments: consuming [Segment]) {
    metrics = []
    interleavedTags = []
    sortedTags = []
    var places: [ExactText: Int] = [:]
    var tags: [[(segment: Int, series: Int)]] = []
    for segment in segments.indices {
      for (index, series) in segments[segment].series.enumerated() {
        let tag = ExactText(series.tag)
        if let place = places[tag] {
          tags[place].append((segment, index))
        } else {
          places[tag] = tags.count
          tags.append([(segment, index)])
        }
      }
    }
    let starts = segments.map(\.sessionStarts)
    metrics.reserveCapacity(tags.count)
    for occurrences in tags {
      var merge = TagMerge()
      var next = 0
      for segment in segments.indices {
        if next < occurrences.count, occurrences[next].segment == segment {
          let index = occurrences[next].series
          next += 1
          let series = segments[segment].series[index]
          segments[segment].series[index] = Series(tag: series.tag)
          merge.add(
            series,
            starts: starts[segment].map {
              ($0.step, $0.pointsBefore.indices.contains(index) ? $0.pointsBefore[index] : 0)
            })
        } else {
          for start in starts[segment] { merge.supersede(from: start.step) }
        }
      }
      let isSorted = merge.isSorted
      let metric = merge.finish()
      if metric.isInterleaved {
        interleavedTags.append(metric.tag)
      } else if isSorted {
        sortedTags.append(metric.tag)
      }
      metrics.append(metric)
    }
  }
}
