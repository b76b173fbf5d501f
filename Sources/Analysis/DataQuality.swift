public import EventFile
internal import RunFolder

/// What was read and what could not be.
public struct DataQuality: Equatable, Sendable {
  /// The event files that were read.
  public var fileCount: Int
  /// Their records with two good checksums.
  public var recordCount: Int
  /// Their bytes.
  public var byteCount: Int
  /// The faults, by file and offset; of a file with very many the first thousand.
  public var faults: [ReadFault]
  /// The number of all faults.
  public var faultCount: Int
  /// The files that end within a record, which may still be growing: path, offset and missing bytes.
  public var incomplete: [IncompleteFile]
  /// The seams of resumed runs.
  public var seams: [Seam]
  /// Points that were written again with the same step.
  public var duplicateCount: Int
  /// Points that a resume replaced.
  public var supersededCount: Int
  /// Tags that hold something else than scalars and texts.
  public var otherTags: [TagSummary]
  /// Problems with other files, in words.
  public var problems: [String]

  /// A file that ends within a record.
  public struct IncompleteFile: Equatable, Sendable {
    /// The path.
    public var path: String
    /// The offset of the unfinished record.
    public var offset: Int
    /// The least number of bytes that are missing.
    public var missing: Int
  }

  init(of run: TrainingRun) {
    fileCount = run.eventFiles.count
    recordCount = run.eventFiles.reduce(0) { $0 + $1.recordCount }
    byteCount = run.eventFiles.reduce(0) { $0 + $1.byteCount }
    faults = run.eventFiles.flatMap(\.faults)
    faultCount = run.eventFiles.reduce(0) { $0 + $1.faults.count + $1.unlistedFaultCount }
    incomplete = run.eventFiles.compactMap { file in
      guard case .incomplete(let offset, let missing) = file.ending else { return nil }
      return IncompleteFile(path: file.path, offset: offset, missing: missing)
    }
    seams = zip(run.segments, run.segments.dropFirst()).map { before, after in
      Seam(
        step: after.firstStep, interruptedAt: before.lastStep,
        pause: before.endTime.flatMap { end in after.startTime.map { max(0, $0 - end) } })
    }
    duplicateCount = run.metrics.reduce(0) { $0 + Self.contradictions(in: $1) }
    supersededCount = run.metrics.reduce(0) { $0 + $1.superseded.count }
    var others: [TagSummary] = []
    for tag in run.eventFiles.flatMap(\.tags) where tag.plugin != "scalars" && tag.plugin != "text" {
      if let index = others.firstIndex(where: { $0.tag == tag.tag && $0.plugin == tag.plugin }) {
        others[index].count += tag.count
      } else {
        others.append(tag)
      }
    }
    otherTags = others
    problems = run.problems
  }
}

/// Where a resumed segment takes over.
public struct Seam: Equatable, Sendable {
  /// The first step of the resumed segment.
  public var step: Int64
  /// The last step that the interrupted segment had reached.
  public var interruptedAt: Int64
  /// Seconds between the two, where times are known.
  public var pause: Double?
}

extension DataQuality {
  /// The points of `metric` that say another value of a step than the one that stands. HF Trainer writes the epoch, among
  /// others, with the training loss of a step and again with its evaluation: nothing is lost by that.
  private static func contradictions(in metric: Metric) -> Int {
    let again = metric.duplicates
    return again.values.indices.count { index in
      guard let standing = metric.series.value(at: again.steps[index]) else { return true }
      return standing != again.values[index] && !(standing.isNaN && again.values[index].isNaN)
    }
  }
}
