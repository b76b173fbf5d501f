internal import Bytes

/// The values of one tag and one kind over a run that are no numbers: which of them stand, after the same rules as scalars.
public struct ValueTrack: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// The plugin that owns the tag, as `TagSummary` names it.
  public var plugin: String
  /// The metadata of the first value that has some.
  public var metadata: SummaryMetadata?
  /// Those that stand, in the order of their steps; steps do not repeat.
  public var places: [ValuePlace]
  /// Those that a later segment replaced, in file order.
  public var superseded: [ValuePlace]
  /// Those that were written again at a step which stands as it was first written, in file order.
  public var duplicates: [ValuePlace]

  /// A track from its parts.
  public init(
    tag: String, plugin: String, metadata: SummaryMetadata? = nil, places: [ValuePlace],
    superseded: [ValuePlace] = [], duplicates: [ValuePlace] = []
  ) {
    self.tag = tag
    self.plugin = plugin
    self.metadata = metadata
    self.places = places
    self.superseded = superseded
    self.duplicates = duplicates
  }

  /// What the plugin hparams keeps in the metadata of the track's first value; nil for tracks of other plugins.
  public var hyperparameterRecord: HyperparameterRecord? {
    kind == .hparams ? metadata.flatMap { HyperparameterRecord($0.pluginContent) } : nil
  }

  /// The kind of data, where it is one that is known here.
  public var kind: PluginKind? { PluginKind(plugin: plugin) }
}

/// The places of several writings, to be put together by `SeriesMerge` like numbers.
public struct ValueTable: Sendable {
  private var places: [ValuePlace] = []
  /// What the merged series stand for, by the names that they have in the merge: a tag may have values of several kinds.
  private var owners: [ExactText: Owner] = [:]
  /// The plugins that metadata declare, by tags: the first hold for tensors without metadata in later files.
  private var declared: [ExactText: String] = [:]

  private struct Owner {
    var tag: String
    var plugin: String
    var metadata: SummaryMetadata?
  }

  /// A table without any place.
  public init() {}

  private mutating func series(of contents: EventFileContents, file: Int) -> [Series] {
    contents.values.map { series in
      let first = places.count
      for var place in series.places {
        place.file = Int32(clamping: file)
        places.append(place)
      }
      let tag = ExactText(series.tag)
      var plugin = series.plugin
      if series.metadata != nil {
        if declared[tag] == nil { declared[tag] = plugin }
      } else if ["tensors", "text"].contains(plugin), let owner = declared[tag],
        !contents.values.contains(where: { $0.tag == series.tag && $0.plugin == owner })
      {
        plugin = owner
      }
      let name = plugin + "\u{0}" + series.tag
      if owners[ExactText(name)]?.metadata == nil {
        owners[ExactText(name)] = Owner(tag: series.tag, plugin: plugin, metadata: series.metadata)
      }
      var numbered = series.numbered(from: first)
      numbered.tag = name
      return numbered
    }
  }

  /// The writing of `contents`, the `file`-th of the run, as a segment to merge: numbers that stand for its places.
  ///
  /// The first metadata of a tag in a run hold for the values without any in all of its files.
  public mutating func segment(of contents: EventFileContents, file: Int) -> SeriesMerge.Segment {
    SeriesMerge.Segment(
      series: series(of: contents, file: file), sessionStarts: contents.sessionStarts.map(\.ofValues))
  }

  /// The tracks that the merged series stand for.
  public func tracks(of metrics: [Metric]) -> [ValueTrack] {
    metrics.filter { !$0.series.isEmpty || !$0.superseded.isEmpty }.map { metric in
      let owner = owners[ExactText(metric.tag)]
      return ValueTrack(
        tag: owner?.tag ?? metric.tag, plugin: owner?.plugin ?? "", metadata: owner?.metadata,
        places: found(metric.series), superseded: found(metric.superseded),
        duplicates: found(metric.duplicates))
    }
  }

  private func found(_ series: Series) -> [ValuePlace] {
    series.indices.map { index in
      var place = places[Int(clamping: Int64(series.values[index]))]
      // A writer that counts no steps is numbered by order.
      place.step = series.steps[index]
      return place
    }
  }
}
