internal import EventFile
internal import RunFolder

/// What the kinds of data beside scalars are called.
enum ValueWords {
  /// The kinds that a reader asks for, in the order of a page, with their names.
  static let names: [(kind: PluginKind, name: String)] = [
    (.text, "texts"), (.images, "images"), (.audio, "sounds"), (.histograms, "histograms"),
    (.prCurves, "PR curves"), (.hparams, "hyperparameters"), (.graphs, "graphs"), (.meshes, "meshes"),
  ]

  /// The kinds of data beside scalars that `run` has: `images and texts`.
  static func kinds(of run: TrainingRun) -> String {
    let kinds = Set(run.values.compactMap(\.kind))
    let embeddings = run.embeddings.isEmpty ? [] : ["embeddings"]
    return Self.list(names.filter { kinds.contains($0.kind) }.map(\.name) + embeddings, or: "other data")
  }

  /// Why the values beside scalars of runs without scalars cannot be compared, and what each run holds.
  static func nothingInCommon(_ runs: [TrainingRun]) -> [String] {
    let reason =
      runs.count > 2
      ? "no scalars, and what runs hold beside is compared of two runs"
      : "no scalars, and no tag of \(list(comparedKinds, or: "")) that both have at a step of both"
    return [reason] + runs.map { "\($0.path): \(kinds(of: $0))" }
  }

  /// The kinds of data beside scalars whose values are held against each other.
  private static let comparedKinds = ["texts", "histograms", "images", "PR curves"]

  /// `a`, `a and b`, `a, b and c`; `nothing` for none.
  static func list(_ words: [String], or nothing: String) -> String {
    guard let last = words.last else { return nothing }
    return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
  }
}
