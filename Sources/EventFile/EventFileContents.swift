/// Everything that one event file says about scalars and texts, and where everything else stands in it.
public struct EventFileContents: Equatable, Sendable {
  /// The path the file was read from.
  public var path: String
  /// The size of the file, in bytes, as far as it was looked at.
  public var byteCount: Int
  /// The number of records with two good checksums.
  public var recordCount: Int
  /// What the first event calls the format, for example `brain.Event:2`.
  public var fileVersion: String?
  /// The program that wrote the file, where it says so.
  public var writer: String?
  /// The first wall time that is finite and not 0, in seconds since 1970.
  public var firstWallTime: Double?
  /// The scalar series in the order in which their tags first appear, the points in file order.
  public var series: [Series]
  /// The text values in file order.
  public var texts: [TextValue]
  /// The hyperparameters that the file names, in the order of their names.
  public var hyperparameters: [Hyperparameter] = []
  /// Where the values that are no numbers stand, one series a tag and kind, in the order in which these first appear; texts
  /// too.
  public var values: [ValueSeries] = []
  /// Every tag of the file with what kind of data it holds, in order of first appearance; one with several kinds of data
  /// several times.
  public var tags: [TagSummary]
  /// The tags whose first number came as a tensor without metadata, of which metadata in an earlier file say what it is.
  public var bareTags: [String] = []
  /// The `SessionLog.START` events in file order.
  public var sessionStarts: [SessionStart]
  /// The faults, in the order of their offsets; of very many, the first thousand and the fatal one.
  public var faults: [ReadFault]
  /// The number of faults beyond those in `faults`.
  public var unlistedFaultCount = 0
  /// The number of all faults, those beyond `faults` included.
  public var faultCount: Int { faults.count + unlistedFaultCount }
  /// The number of text values that are not in `texts` because there is too much text.
  public var droppedTextCount = 0
  /// How the file ends.
  public var ending: Ending

  /// How an event file ends.
  public enum Ending: Equatable, Sendable {
    /// At the end of a record.
    case complete
    /// Within a record that begins at `offset`, of which `missing` bytes are not there (at least: a cut header does
    /// not say how many). A file that is still being written ends like this.
    case incomplete(offset: Int, missing: Int)
    /// At a fault after which nothing more can be read, the last of `faults`.
    case unreadable(offset: Int)
  }

  /// An event file without anything in it.
  public init(path: String, byteCount: Int = 0) {
    self.path = path
    self.byteCount = byteCount
    recordCount = 0
    series = []
    texts = []
    tags = []
    sessionStarts = []
    faults = []
    ending = .complete
  }
}

/// A value of a text tag.
public struct TextValue: Equatable, Sendable {
  /// The tag, for example `args/text_summary`.
  public var tag: String
  /// The global step.
  public var step: Int64
  /// Seconds since 1970.
  public var wallTime: Double
  /// The strings of the tensor in row-major order.
  public var strings: [String]
  /// Whether a curve of two points or more had begun in its file before it: a training was under way.
  public var followsPoints: Bool

  /// A text value from its parts.
  public init(
    tag: String, step: Int64, wallTime: Double, strings: [String], followsPoints: Bool = false
  ) {
    self.followsPoints = followsPoints
    self.tag = tag
    self.step = step
    self.wallTime = wallTime
    self.strings = strings
  }
}

/// A tag, what kind of data it holds, and how much.
public struct TagSummary: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// The plugin that owns the values, as the metadata of the first of them name it or as the kind of value implies:
  /// `scalars`, `text`, `images`, `histograms`, `audio`, `hparams`, `graphs`, `pr_curves`, `mesh`, …
  public var plugin: String
  /// The number of values.
  public var count: Int
  /// Whether metadata in the file name the plugin, so that it is not only implied.
  public var isDeclared: Bool

  /// A summary from its parts.
  public init(tag: String, plugin: String, count: Int, isDeclared: Bool = false) {
    self.tag = tag
    self.plugin = plugin
    self.count = count
    self.isDeclared = isDeclared
  }
}

/// A `SessionLog.START` event: a restarted writer, whose points from `step` on replace the earlier ones.
public struct SessionStart: Equatable, Sendable {
  /// The first step of the new session.
  public var step: Int64
  /// The offset of the record in the file.
  public var offset: Int
  /// For each element of the file's `series`, how many of its points were read before this event.
  public var pointsBefore: [Int]
  /// For each element of the file's `values`, how many of its places came before this event.
  public var valuesBefore: [Int]

  /// A session start from its parts.
  public init(step: Int64, offset: Int, pointsBefore: [Int], valuesBefore: [Int] = []) {
    self.step = step
    self.offset = offset
    self.pointsBefore = pointsBefore
    self.valuesBefore = valuesBefore
  }

  /// The same restart for a merge of `values` instead of series.
  var ofValues: SessionStart { SessionStart(step: step, offset: offset, pointsBefore: valuesBefore) }
}
