/// The kinds of data beside scalars that are read here.
public enum PluginKind: String, CaseIterable, Sendable {
  case histograms, images, audio, text
  case prCurves = "pr-curves"
  case hparams
  case layouts
  case graphs
  case profiles
  case meshes
  case tensors

  /// The kind of a tag's data by the plugin that owns the tag; nil for one that is not known, and for scalars.
  public init?(plugin: String) {
    switch plugin {
    case "histograms": self = .histograms
    case "images": self = .images
    case "audio": self = .audio
    case "text": self = .text
    case "pr_curves": self = .prCurves
    case "hparams": self = .hparams
    case "custom_scalars": self = .layouts
    case "graphs", "graph_keras_model", "graph_run_metadata_graph": self = .graphs
    case "graph_run_metadata", "profile", "run_metadata": self = .profiles
    case "mesh": self = .meshes
    case "tensor", "tensors": self = .tensors
    default: return nil
    }
  }
}
