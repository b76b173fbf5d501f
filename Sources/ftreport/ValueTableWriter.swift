import EventFile
import FileSystem
import JSON
import Report
import RunFolder

/// Writes the values of one kind as a table in CSV: a row for each bucket, threshold, text, picture or setting.
struct ValueTableWriter {
  private let kind: PluginKind
  private let values: ValueWriter
  private let keepsFormulas: Bool

  /// The columns behind those that every table begins with, by their names in JSON; nil for a kind that is no table.
  static func columns(_ kind: PluginKind) -> [String]? {
    switch kind {
    case .histograms: ["lefts", "rights", "counts"]
    case .prCurves:
      [
        "true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall",
      ]
    case .text: ["index", "strings"]
    case .images: ["index", "type", "width", "height", "bytes", "sha256", "file"]
    case .audio: ["index", "type", "sample_rate", "seconds", "label", "bytes", "sha256", "file"]
    case .graphs: ["operation", "nodes"]
    // The sessions of hparams are one table over all runs, which `HyperparameterTableWriter` writes.
    case .hparams, .layouts, .profiles, .meshes, .tensors: nil
    }
  }

  /// What the columns are called: a row is of one bucket, and of one text.
  private static let names = ["lefts": "left", "rights": "right", "counts": "count", "strings": "text"]

  /// A table that has written its heading.
  init(_ kind: PluginKind, media: MediaFolder?, keepsFormulas: Bool) throws(SystemError) {
    self.kind = kind
    values = ValueWriter([kind], media: media)
    self.keepsFormulas = keepsFormulas
    let names = Self.columns(kind)?.map { Self.names[$0] ?? $0 } ?? []
    let heading = ["run", "file", "tag", "step", "wall_time"] + names + ["superseded", "duplicate"]
    try StandardStream.output.write(heading.joined(separator: ",") + "\n")
  }

  /// Writes the values of `run`.
  func write(_ run: TrainingRun, wanted: Set<String>?) throws {
    try values.objects(of: run, wanted: wanted) { track, place, mark, body in
      let file = run.eventFiles[Int(place.file)].path
      let start =
        [run.name, file, track.tag].map { field(.string($0)) }
        + ["\(place.step)", place.wallTime.isNaN ? "" : field(.number(place.wallTime))]
      let end = [mark == .superseded ? "true" : "", mark == .duplicate ? "true" : ""]
      let text = rows(.object(body)).map { (start + $0.map(field) + end).joined(separator: ",") + "\n" }
      try StandardStream.output.write(text.joined())
    }
  }

  /// The rows of one value.
  private func rows(_ body: JSONValue) -> [[JSONValue]] {
    let columns = Self.columns(kind) ?? []
    switch kind {
    case .histograms, .prCurves:
      let lists = columns.map { body[$0]?.array ?? [] }
      return (0..<(lists.map(\.count).min() ?? 0)).map { row in lists.map { $0[row] } }
    case .text:
      return (body["strings"]?.array ?? []).enumerated().map { [.number($0), $1] }
    case .images, .audio:
      let items = body[kind == .images ? "images" : "sounds"]?.array ?? []
      return items.enumerated().map { index, item in
        columns.map { $0 == "index" ? .number(index) : item[$0] ?? .null }
      }
    case .graphs:
      return (body["operations"]?.members ?? []).map { [.string($0.key), $0.value] }
    case .hparams, .layouts, .profiles, .meshes, .tensors: return []
    }
  }

  private func field(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .bool(let bool): "\(bool)"
    case .number(let text): text
    // Words for what is no number are no formulas.
    case .string(let text) where ["NaN", "Infinity", "-Infinity"].contains(text): text
    case .string(let text): CSVField.text(text, keepsFormulas: keepsFormulas)
    case .array, .sequence, .object: CSVField.text(value.text, keepsFormulas: keepsFormulas)
    }
  }
}
