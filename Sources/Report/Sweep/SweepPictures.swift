internal import Analysis

/// The pictures of groups and settings.
struct SweepPictures {
  private let sweep: SweepAnalysis
  private let analyses: [RunAnalysis]
  private let title: String

  init(_ sweep: SweepAnalysis, of analyses: [RunAnalysis], title: String) {
    self.sweep = sweep
    self.analyses = analyses
    self.title = title
  }

  /// Where the picture of the curves stands.
  static let bandPath = "groups.svg"

  /// The curves of the groups over their seeds; nil without any.
  var bands: String? {
    sweep.groups.hasRepeats ? BandChart(sweep, title: title)?.document.text : nil
  }

  /// All pictures.
  var all: [Document.Picture] {
    var pictures: [Document.Picture] = []
    if let bands {
      pictures.append(
        .init(path: Self.bandPath, words: "The mean curves of each setting over its seeds", svg: bands))
    }
    if let chart = SettingHeatMap(sweep) {
      pictures.append(.init(path: "settings.svg", words: chart.title, svg: chart.document.text))
    }
    if let chart = ParallelCoordinates(sweep) {
      pictures.append(.init(path: "parallel.svg", words: chart.title, svg: chart.document.text))
    }
    return pictures
  }
}
