public import EventFile
public import Media

/// What the event files of a run hold beside scalars, as much of it as a page has room for.
///
/// What is left out is counted, never passed over.
public struct RunValues: Equatable, Sendable {
  /// The histograms, a course a tag.
  public var histograms: [HistogramCourse] = []
  /// The pictures, a sheet a tag.
  public var images: [MediaSheet] = []
  /// The sounds, a sheet a tag.
  public var sounds: [MediaSheet] = []
  /// The texts, a course a tag; those that hold settings are not among them.
  public var texts: [TextCourse] = []
  /// The curves of precision over recall, a course a tag.
  public var curves: [PrecisionRecallCourse] = []
  /// What the plugin hparams keeps.
  public var records: [HyperparameterRecord] = []
  /// The sessions that its records tell of, with the metrics that they are judged by.
  public var sessions: HyperparameterTable?
  /// The recorded graphs.
  public var graphs: [GraphOutline] = []
  /// Which scalars the writer wanted in one chart.
  public var layouts: [ScalarLayout] = []
  /// The tensors of meshes.
  public var meshes: [Mesh] = []
  /// The embeddings for TensorBoard's projector.
  public var embeddings: [EmbeddingProjection] = []
  /// How many embeddings are left out.
  public var omittedEmbeddingCount = 0
  /// The tags of other kinds.
  public var others: [Other] = []
  /// How many tags of a kind are left out, where there are more than a page has room for.
  public var omitted: [PluginKind: Int] = [:]

  /// A tensor of a mesh.
  public struct Mesh: Equatable, Sendable {
    /// The tag.
    public var tag: String
    /// What its last value is.
    public var part: MeshPart
    /// The number of steps with one.
    public var count: Int

    /// A tensor from its parts.
    public init(tag: String, part: MeshPart, count: Int) {
      self.tag = tag
      self.part = part
      self.count = count
    }
  }

  /// A tag whose values are counted alone.
  public struct Other: Equatable, Sendable {
    /// The tag.
    public var tag: String
    /// The plugin that owns it.
    public var plugin: String
    /// The number of values.
    public var count: Int

    /// A tag from its parts.
    public init(tag: String, plugin: String, count: Int) {
      self.tag = tag
      self.plugin = plugin
      self.count = count
    }
  }

  /// Values without any.
  public init() {}

  /// Whether there is nothing.
  public var isEmpty: Bool {
    histograms.isEmpty && images.isEmpty && sounds.isEmpty && texts.isEmpty && curves.isEmpty
      && records.isEmpty
      && graphs.isEmpty && layouts.isEmpty && meshes.isEmpty && embeddings.isEmpty && others.isEmpty
  }
}

/// The pictures or sounds of one tag at some of its steps.
public struct MediaSheet: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// Those that are shown, by their steps.
  public var items: [Item]
  /// The number of steps with some.
  public var stepCount: Int
  /// How many of the steps that were chosen are left out because the page would become too large.
  public var omittedCount: Int

  /// A picture or a sound.
  public struct Item: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// Which of those of the step it is, from 0.
    public var index: Int
    /// What it is.
    public var header: MediaHeader
    /// The file; empty where it is not to be shown.
    public var bytes: [UInt8]
    /// What the writer says about it.
    public var label: String?

    /// An item from its parts.
    public init(step: Int64, index: Int, header: MediaHeader, bytes: [UInt8], label: String? = nil) {
      self.step = step
      self.index = index
      self.header = header
      self.bytes = bytes
      self.label = label
    }
  }

  /// A sheet from its parts.
  public init(tag: String, items: [Item], stepCount: Int, omittedCount: Int = 0) {
    self.tag = tag
    self.items = items
    self.stepCount = stepCount
    self.omittedCount = omittedCount
  }
}

/// The texts of one tag at some of its steps.
public struct TextCourse: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// Those that are shown, by their steps.
  public var texts: [Entry]
  /// The number of steps with a text.
  public var stepCount: Int

  /// A course from its parts.
  public init(tag: String, texts: [Entry], stepCount: Int) {
    self.tag = tag
    self.texts = texts
    self.stepCount = stepCount
  }

  /// The texts of a step.
  public struct Entry: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// The texts.
    public var grid: TextGrid

    /// An entry from its parts.
    public init(step: Int64, grid: TextGrid) {
      self.step = step
      self.grid = grid
    }
  }

  /// What changed from the first to the last text that is shown, where each is a single one.
  public var difference: TextDifference? {
    guard texts.count > 1, let first = texts.first?.grid.strings, let last = texts.last?.grid.strings,
      first.count == 1, last.count == 1, first != last
    else { return nil }
    return TextDifference(from: first[0], to: last[0])
  }
}

/// The curves of precision over recall of one tag at some of its steps.
public struct PrecisionRecallCourse: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// Those that are shown, by their steps.
  public var curves: [Entry]
  /// The number of steps with a curve.
  public var stepCount: Int

  /// A course from its parts.
  public init(tag: String, curves: [Entry], stepCount: Int) {
    self.tag = tag
    self.curves = curves
    self.stepCount = stepCount
  }

  /// The curve of a step.
  public struct Entry: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// The curve.
    public var curve: PrecisionRecallCurve

    /// An entry from its parts.
    public init(step: Int64, curve: PrecisionRecallCurve) {
      self.step = step
      self.curve = curve
    }
  }
}
