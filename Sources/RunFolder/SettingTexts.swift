internal import Bytes
internal import EventFile

/// Which of the texts of a run are its settings: those that were written before the training ran.
///
/// What comes after points of a curve is a result or a sample, whatever it looks like, unless its tag says that it is a
/// setting. So is what is written again with other words.
struct SettingTexts {
  /// The texts of the settings, in order of time.
  private(set) var texts: [TextValue] = []

  /// The settings among the texts of `files`, in order of time, each with the time from which it holds a course of points.
  init(_ files: [(contents: EventFileContents, start: Double?)]) {
    for (index, file) in files.enumerated() {
      let changing = Self.changingTags(file.contents)
      for text in file.contents.texts {
        let name = Name(text.tag)
        guard
          name.isOfSettings
            || !(name.isOfResults || text.followsPoints || changing.contains(ExactText(text.tag))
              || Self.isLate(text, of: index, in: files))
        else { continue }
        texts.append(text)
      }
    }
  }

  /// The time from which `file` holds a course: the earliest second point of a curve.
  static func start(of file: EventFileContents) -> Double? {
    file.series.compactMap { $0.count > 1 ? $0.wallTimes[1] : nil }.filter { $0.isFinite && $0 > 0 }.min()
  }

  /// The tags of `file` that say different things at different steps.
  private static func changingTags(_ file: EventFileContents) -> Set<ExactText> {
    var first: [ExactText: TextValue] = [:]
    var changing: Set<ExactText> = []
    for text in file.texts {
      let tag = ExactText(text.tag)
      guard let known = first[tag] else {
        first[tag] = text
        continue
      }
      let isOther = text.step != known.step || text.followsPoints
      if isOther, text.strings != known.strings { changing.insert(tag) }
    }
    return changing
  }

  /// Whether `text` was written when curves of another file had begun, by a program that does not go on with them; or, in
  /// a file without any curve, at a later step.
  private static func isLate(
    _ text: TextValue, of index: Int, in files: [(contents: EventFileContents, start: Double?)]
  ) -> Bool {
    let own = files[index]
    if own.contents.series.isEmpty, text.step > 0 { return true }
    let tags = Set(own.contents.series.map { ExactText($0.tag) })
    return files.indices.contains { other in
      guard other != index, let start = files[other].start, start < text.wallTime else { return false }
      return !files[other].contents.series.contains { tags.contains(ExactText($0.tag)) }
    }
  }

  /// What the words of a tag say.
  private struct Name {
    private let words: Set<String>
    private let parts: Set<String>

    init(_ tag: String) {
      let name = tag.lowercased()
      parts = Set(name.split(separator: "/").map(String.init))
      words = Set(name.split { !($0.isLetter || $0.isNumber) }.map(String.init))
    }

    /// Whether the tag says that it holds settings, whenever they are written.
    var isOfSettings: Bool { !words.isDisjoint(with: Self.settings) }
    /// Whether it says that it holds results.
    var isOfResults: Bool { !parts.isDisjoint(with: Self.results) }

    private static let settings: Set<String> = [
      "args", "arguments", "argv", "config", "configs", "configuration", "cfg", "hparams", "hparam",
      "hyperparams",
      "hyperparameters", "settings", "options", "flags", "params", "command", "cmd",
    ]
    private static let results: Set<String> = [
      "eval", "evaluation", "val", "valid", "validation", "test", "score", "scores", "result", "results",
      "metrics",
      "sample", "samples", "generation", "generations", "prediction", "predictions", "completion",
      "completions",
      "confusion", "confusion_matrix", "leaderboard", "benchmark", "benchmarks",
    ]
  }
}
