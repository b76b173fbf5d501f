public import Analysis
public import JSON
internal import Process
internal import RunFolder

/// The report of many runs: an overview, and a page a run.
///
/// The same analyses always give the same bytes.
public struct OverviewReport: Presentable {
  private let runs: [RunAnalysis]
  /// What the runs are called in pictures.
  private let names: [String]
  /// The folders of the runs' own pages, one each.
  private let folders: [String]
  /// What the runs were found under.
  public let title: String
  private let options: ReportOptions
  private let checkpoints: [CheckpointHistory?]
  private let values: [RunValues?]
  private let sweep: SweepAnalysis?
  private let problems: [String]
  private let sessions: HyperparameterTable?

  /// The report of `runs`, which were found under `title`.
  ///
  /// - Parameters:
  ///   - checkpoints: the histories of the runs' checkpoints, in the order of the runs, as far as known.
  ///   - values: what the runs' event files hold beside scalars, in the same way.
  ///   - sweep: the runs grouped by their settings, where they are.
  ///   - problems: what could not be read and is of none of the runs, in words.
  ///   - sessions: the sessions of a search that the plugin hparams keeps of the runs.
  public init(
    _ runs: [RunAnalysis], checkpoints: [CheckpointHistory?] = [], values: [RunValues?] = [],
    sweep: SweepAnalysis? = nil, title: String, problems: [String] = [],
    sessions: HyperparameterTable? = nil, options: ReportOptions = ReportOptions()
  ) {
    self.runs = runs
    self.checkpoints = checkpoints
    self.values = values
    self.title = title
    self.options = options
    self.sweep = sweep
    self.problems = problems
    self.sessions = sessions
    names = sweep?.runNames ?? ShortNames.suffixes(runs.map(\.run.name))
    folders = Slug.unique(runs.map(\.run.name))
  }

  /// The files of the report's folder: `report.md`, `report.html`, `overview.svg`, `runs.svg` (and `runs-2.svg`, …),
  /// `report.json`, of groups of runs also `groups.svg`, `settings.svg`, `parallel.svg` and `groups.csv`, and for each run
  /// a folder with the files of its own report.
  public var files: [ReportFile] {
    concurrentMap(count: partCount) { files(ofPart: $0) }.flatMap { $0 }
  }

  /// The number of parts of the folder that know nothing of each other: the overview, and each run.
  public var partCount: Int { runs.count + 1 }

  /// The files of a part of the folder: of the overview for 0, of the run before for any other.
  public func files(ofPart part: Int) -> [ReportFile] {
    guard part > 0 else { return overviewFiles }
    let index = part - 1
    let history = index < checkpoints.count ? checkpoints[index] : nil
    let values = index < values.count ? values[index] : nil
    return RunReport(runs[index], checkpoints: history, values: values, options: options).files
      .map { $0.within(folders[index]) }
  }

  private var overviewFiles: [ReportFile] {
    let (pictures, sweepPictures) = (pictures, sweepPictures)
    let page = page
    func document(_ name: String) -> Document {
      page.document(
        pictures: pictures, sweepPictures: sweepPictures, pages: folders.map { "\($0)/\(name)" })
    }
    var own = self.pages(document("report.md"), html: document("report.html"))
    own += (sweepPictures + pictures).map(\.file)
    if let sweep { own.append(ReportFile(path: "groups.csv", text: SweepTableText(sweep, of: runs).text)) }
    return own + [ReportFile(path: "report.json", value: value)]
  }

  private var pictures: [Document.Picture] {
    var pictures: [Document.Picture] = []
    if let chart = OverlayChart(runs, names: names, title: title, axis: options.scale, look: options.picture)
    {
      let words = "The losses of all runs"
      let drawn = chart.illustration
      pictures.append(.init(path: "overview.svg", words: words, svg: drawn.svg, data: drawn.data))
    }
    let small = SmallMultiples.pages(
      runs, names: names, title: title, axis: options.scale, width: options.picture.width)
    for (index, chart) in small.enumerated() {
      let path = index == 0 ? "runs.svg" : "runs-\(index + 1).svg"
      pictures.append(.init(path: path, words: "The losses of each run", svg: chart.document.text))
    }
    return pictures
  }

  private var sweepPictures: [Document.Picture] {
    sweep.map { SweepPictures($0, of: runs, title: title).all } ?? []
  }

  private var page: OverviewPage {
    OverviewPage(runs, sweep: sweep, names: names, title: title, problems: problems, sessions: sessions)
  }

  /// The losses of all runs.
  public var picture: String? {
    OverlayChart(runs, names: names, title: title, axis: options.scale, look: options.picture)?.document.text
  }

  /// The overview by itself.
  public func page(isIllustrated: Bool) -> Document {
    page.document(
      pictures: isIllustrated ? pictures : [], sweepPictures: isIllustrated ? sweepPictures : [], pages: [])
  }

  /// A line for each run.
  public var summary: Document {
    OverviewSummary(
      runs, sweep: sweep, title: title,
      verdict: page.verdict
    ).document
  }

  /// The figures and findings of every run as JSON text, indented: an object with `schema`, `title`, `sweep` (the
  /// groups, or null), `hyperparameters` (the sessions of the plugin hparams, or null), `runs`, whose elements are those of a run's own report with no `rows` of evaluations, and `problems`:
  /// what could not be read and is of none of the runs.
  public var value: JSONValue {
    JSONValue.document(
      "ftreport.overview", version: 2,
      [
        "title": .string(title),
        "sweep": sweep.map { SweepJSON($0, names: runs.map(\.run.name)).value } ?? .null,
        "runs": .array(of: runs) { RunJSON($0, isWhole: false).value },
        "hyperparameters": sessions.map { HyperparameterJSON.value($0, names: runs.map(\.run.name)) }
          ?? .null,
        "problems": .array(problems.map { .string($0) }),
      ]
    )
  }
}
