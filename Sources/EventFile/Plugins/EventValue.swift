/// A value that is no number, as its plugin means it.
public enum EventValue: Equatable, Sendable {
  case histogram(Histogram)
  /// The pictures of one step, one or more.
  case images([EncodedImage])
  /// The sounds of one step, one or more.
  case sounds([EncodedSound])
  case text(TextGrid)
  case precisionRecall(PrecisionRecallCurve)
  case hyperparameters(HyperparameterRecord)
  case layout(ScalarLayout)
  case graph(GraphOutline)
  /// A profile of one step of a graph, of so many bytes.
  case profile(byteCount: Int)
  case mesh(MeshPart)
  /// A tensor of a plugin that is not known here.
  case tensor(TensorValue)
  /// There is no such value any more, or it is not of the form that its plugin has; why, in words.
  case unreadable(String)

  /// The value `data` of a tag of `plugin`.
  ///
  /// - Parameter metadata: those of the value itself or, where it has none, of the first of the tag.
  init(_ data: SummaryValue.Data, plugin: String, metadata: SummaryMetadata?) {
    let kind = PluginKind(plugin: plugin)
    if kind == .hparams, let metadata {
      self =
        HyperparameterRecord(metadata.pluginContent).map { .hyperparameters($0) }
        ?? .unreadable("the metadata name no hyperparameters")
      return
    }
    switch data {
    case .histogram(let message): self = Histogram(message).map { .histogram($0) } ?? Self.misshapen(plugin)
    case .image(let message): self = .images([EncodedImage(message)])
    case .audio(let message): self = .sounds([EncodedSound(message)])
    case .tensor(let tensor): self = Self.value(tensor, kind, metadata) ?? Self.misshapen(plugin)
    case .oldHistogram: self = .unreadable("a histogram of a format from before 2016")
    case .none, .simple: self = .unreadable("no value of its plugin's")
    }
  }

  private static func value(
    _ tensor: TensorValue, _ kind: PluginKind?, _ metadata: SummaryMetadata?
  ) -> EventValue? {
    switch kind {
    case .histograms: Histogram(tensor).map { .histogram($0) }
    case .images: EncodedImage.images(tensor).map { .images($0) }
    case .audio: EncodedSound.sounds(tensor).map { .sounds($0) }
    case .text: TextGrid(tensor).map { .text($0) }
    case .prCurves: PrecisionRecallCurve(tensor).map { .precisionRecall($0) }
    case .layouts: ScalarLayout(tensor).map { .layout($0) }
    case .meshes: MeshPart(tensor, metadata: metadata).map { .mesh($0) }
    case .profiles: .profile(byteCount: tensor.strings.reduce(0) { $0 + $1.count })
    case .graphs:
      tensor.strings.first.flatMap { unsafe GraphOutline($0.span.bytes) }.map { .graph($0) }
    case .hparams, .tensors, nil: .tensor(tensor)
    }
  }

  private static func misshapen(_ plugin: String) -> EventValue {
    .unreadable("not of the form that values of \(plugin) have")
  }
}
