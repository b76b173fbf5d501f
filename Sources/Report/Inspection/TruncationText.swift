public import Weights

/// What was lost by cutting an adapter to a rank, in words.
public struct TruncationText {
  private let cut: AdapterTruncation
  private let folder: String

  /// The words for `cut`, which was written into `folder`.
  public init(_ cut: AdapterTruncation, folder: String) {
    self.cut = cut
    self.folder = folder
  }

  /// Two or three lines.
  public var text: String {
    let ranks = Set(cut.modules.map(\.rank)).sorted()
    let before = ranks.count == 1 ? "\(ranks[0])" : "\(ranks.first ?? 0) to \(ranks.last ?? 0)"
    var text =
      "Rank \(cut.rank) of \(before) in \(NumberText.count(cut.modules.count, "module")), written to \(ForeignText.visible(folder)).\n"
    text += "The new ΔW differs from the old by \(NumberText.percent(cut.error)) of its norm"
    if let worst = cut.worst, worst.error > 0 {
      text += ", most in \(ForeignText.visible(worst.name)) (\(NumberText.percent(worst.error)))"
    }
    text += ".\n"
    return text + "What that does to the model was not measured: evaluate it.\n"
  }
}
