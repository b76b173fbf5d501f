internal import Bytes
internal import EventFile
public import RunFolder

/// What is left of several good runs, so that later ones can be held against them: figures, and curves of a few places.
public struct GoldenBaseline: Equatable, Sendable {
  /// The runs it was made from.
  public var runs: [Source]
  /// The share of the points, from the end, that levels were computed over.
  public var window: Double
  /// The settings that decide a training, where all runs share them.
  public var configuration: [Setting]
  /// The number of samples of the evaluations, where it can be told.
  public var evaluationSamples: Int?
  /// The checksum of what the runs say of their data, where they all say the same.
  public var data: DataFingerprint?
  /// The figures, a metric each.
  public var metrics: [Metric]
  /// How often each finding shows in each run, in the order of `runs`; kinds that never show are left out.
  public var findings: [FindingCount]
  /// Where steps lie on other axes, as far as all runs tell: epochs and tokens.
  public var clocks: [Clock]

  /// A run that a baseline was made from.
  public struct Source: Equatable, Sendable {
    /// The name and the path as it was given.
    public var name: String, path: String
    /// The first and the last step of any metric.
    public var steps: ClosedRange<Int64>
    /// The number of points of the training loss.
    public var lossCount: Int

    /// A source from its parts.
    public init(name: String, path: String, steps: ClosedRange<Int64>, lossCount: Int) {
      self.name = name
      self.path = path
      self.steps = steps
      self.lossCount = lossCount
    }
  }

  /// The figures of one metric.
  public struct Metric: Equatable, Sendable {
    /// The tag.
    public var tag: String
    /// The last step that every run reached.
    public var lastStep: Int64
    /// The first step of the window at the end that levels are the means of, the earliest over the runs; nil in a file
    /// that was written without, and of metrics whose single points are no noisy measurements.
    public var windowStep: Int64?
    /// The figures.
    public var figures: [Figure]
    /// The curve; nil in a file that was written without.
    public var curve: GoldenCurve?

    /// A metric from its parts.
    public init(
      tag: String, lastStep: Int64, windowStep: Int64? = nil, figures: [Figure], curve: GoldenCurve? = nil
    ) {
      self.tag = tag
      self.lastStep = lastStep
      self.windowStep = windowStep
      self.figures = figures
      self.curve = curve
    }
  }

  /// Where steps lie on an axis.
  public struct Clock: Equatable, Sendable {
    /// The axis: epochs or tokens.
    public var axis: AlignmentAxis
    /// Some steps, rising.
    public var steps: [Int64]
    /// Their places, the means over the runs, rising.
    public var places: [Double]

    /// A clock from its parts.
    public init(axis: AlignmentAxis, steps: [Int64], places: [Double]) {
      self.axis = axis
      self.steps = steps
      self.places = places
    }
  }

  /// One figure of every run.
  public struct Figure: Equatable, Sendable {
    /// Which figure.
    public var statistic: GateStatistic
    /// The values, in the order of the runs.
    public var values: [Double]
    /// Their standard errors, 0 where a figure has no noise of its own.
    public var standardErrors: [Double]
    /// The degrees of freedom of the standard errors; 0 where there is none.
    public var degreesOfFreedom: [Double]
    /// The points behind the standard errors; empty where these are those of single points, or there are none.
    public var samples: [Sample]
    /// How far each value is expected to be off because it was chosen among many points; empty where none was.
    public var biases: [Double]
    /// The evaluations behind each value; empty for others.
    public var evaluations: [Evaluations]

    /// The evaluations that a value was taken from.
    public struct Evaluations: Equatable, Sendable {
      /// The noise of a single one.
      public var noise: EvaluationNoise
      /// How many of them compete to be the best; 1 for a value that was not chosen.
      public var candidates: Double
      /// Whether the value is a greatest one, where it was chosen.
      public var isGreatest: Bool
      /// The share of a single one's noise that the value has: less than 1 for a mean.
      public var share: Double

      /// Evaluations from their parts.
      public init(noise: EvaluationNoise, candidates: Double, isGreatest: Bool, share: Double) {
        self.noise = noise
        self.candidates = candidates
        self.isGreatest = isGreatest
        self.share = share
      }
    }

    /// The points behind a standard error.
    public struct Sample: Equatable, Sendable {
      /// The number of points.
      public var count: Int
      /// Their autocorrelation time, at least 1.
      public var time: Double

      /// A sample from its parts.
      public init(count: Int, time: Double) {
        self.count = count
        self.time = time
      }
    }

    /// A figure from its parts.
    public init(
      statistic: GateStatistic, values: [Double], standardErrors: [Double], degreesOfFreedom: [Double],
      samples: [Sample] = [], biases: [Double] = [], evaluations: [Evaluations] = []
    ) {
      self.biases = biases
      self.evaluations = evaluations
      self.statistic = statistic
      self.values = values
      self.standardErrors = standardErrors
      self.degreesOfFreedom = degreesOfFreedom
      self.samples = samples
    }

    /// Whether mean and variance of the values are numbers, so that other runs can be held against them.
    var isMeasurable: Bool {
      (values + standardErrors + biases + evaluations.map(\.noise.variance)).reduce(0) { $0 + $1 * $1 }
        .isFinite
    }
  }

  /// How often a finding shows.
  public struct FindingCount: Equatable, Sendable {
    /// The finding.
    public var kind: Finding.Kind
    /// The counts, in the order of the runs.
    public var counts: [Int]

    /// A count from its parts.
    public init(kind: Finding.Kind, counts: [Int]) {
      self.kind = kind
      self.counts = counts
    }
  }

  /// A baseline from its parts.
  public init(
    runs: [Source], window: Double, configuration: [Setting], evaluationSamples: Int?,
    data: DataFingerprint? = nil, metrics: [Metric], findings: [FindingCount], clocks: [Clock] = []
  ) {
    self.data = data
    self.runs = runs
    self.window = window
    self.configuration = configuration
    self.evaluationSamples = evaluationSamples
    self.metrics = metrics
    self.findings = findings
    self.clocks = clocks
  }

  /// The metric that `tag` names, by its tag or, for a known name of a role, by that role.
  public func metric(named tag: String) -> Metric? {
    if let metric = metrics.first(where: { $0.tag == tag }) { return metric }
    guard let role = MetricRole(named: tag) else { return nil }
    return metrics.filter { role.rank(of: $0.tag) != nil }
      .min { (role.rank(of: $0.tag) ?? 0) < (role.rank(of: $1.tag) ?? 0) }
  }
}

extension GoldenBaseline {
  /// Why no baseline can be made.
  public enum Failure: Error, Equatable, Sendable {
    /// There is no run.
    case noRuns
    /// A run has no metric.
    case noMetrics(run: String)
    /// A run is not good: what was found in it.
    case badRun(run: String, Finding.Kind, step: Int64?)
    /// A run is not of the others' kind: the metric, and how far it is from the mean of the others as a share of it.
    case outlier(run: String, metric: String, distance: Double)
    /// Two runs are one: all their points are the same.
    case sameRun(run: String, other: String)
    /// The runs have no metric in common that can be compared.
    case nothingInCommon
  }

  /// The figures that `runs` have in common.
  ///
  /// - Throws: `Failure` where a run has a failure, diverged or has no metric: a bad run is no baseline.
  public init(calibrating runs: [TrainingRun], window: Double, confidence: Double) throws(Failure) {
    guard !runs.isEmpty else { throw .noRuns }
    var sources: [Source] = []
    var findings: [[Finding]] = []
    for run in runs {
      let steps = run.metrics.flatMap { [$0.series.steps.first, $0.series.steps.last].compactMap { $0 } }
      guard let first = steps.min(), let last = steps.max() else { throw .noMetrics(run: run.name) }
      let analysis = RunAnalysis(of: run, options: AnalysisOptions(window: window, confidence: confidence))
      if let finding = Self.spoiler(in: analysis) {
        throw .badRun(run: run.name, finding.kind, step: finding.step)
      }
      findings.append(analysis.findings)
      sources.append(
        Source(
          name: run.name, path: run.path, steps: first...last,
          lossCount: run.metric(for: .trainLoss)?.series.count ?? 0))
    }
    for index in runs.indices {
      // A run beside itself would show a spread of nothing.
      guard let other = runs[..<index].first(where: { $0.hasPoints(of: runs[index]) }) else { continue }
      throw .sameRun(run: runs[index].path, other: other.path)
    }
    let metrics = runs[0].metrics.compactMap { metric in
      Self.metric(metric.tag, in: runs, window: window, confidence: confidence)
    }
    guard !metrics.isEmpty else { throw .nothingInCommon }
    for metric in metrics {
      guard let outlier = metric.outlier else { continue }
      throw .outlier(
        run: runs[outlier.index].name, metric: metric.tag, distance: outlier.relativeDistance)
    }
    let counts = Finding.Kind.allCases.compactMap { kind -> FindingCount? in
      let counts = findings.map { GateEvaluation.count(of: kind, in: $0, matching: nil) }
      return counts.allSatisfy { $0 == 0 } ? nil : FindingCount(kind: kind, counts: counts)
    }
    let samples = runs.map { EvaluationSets(base: $0, new: $0, differences: []).baseSamples }
    self.init(
      runs: sources, window: window, configuration: ConfigurationDifference.shared(by: runs),
      evaluationSamples: Set(samples).count == 1 ? samples[0] : nil,
      data: DataFingerprint(sharedBy: runs), metrics: metrics, findings: counts,
      clocks: Clock.shared(by: runs))
  }

  /// Why a run is no baseline: its first finding that spoils it; nil of a good run.
  public static func spoiler(in analysis: RunAnalysis) -> Finding? {
    analysis.findings.first {
      $0.severity == .failure || $0.severity == .warning && spoiling.contains($0.kind)
    }
  }

  /// The figures of `known` as they were taken.
  static func figures(_ known: Figure) -> [Analysis.Figure] {
    known.values.indices.map { index in
      let freedom = known.degreesOfFreedom[index]
      var figure = Analysis.Figure(
        value: known.values[index], standardError: known.standardErrors[index],
        degreesOfFreedom: freedom > 0 ? freedom : .infinity)
      if known.samples.indices.contains(index) { figure.sample = known.samples[index] }
      if known.biases.indices.contains(index) { figure.bias = known.biases[index] }
      if known.evaluations.indices.contains(index) { figure.evaluations = known.evaluations[index] }
      return figure
    }
  }

  /// What no baseline may have.
  static let spoiling: Set<Finding.Kind> = [
    .filteredNaN, .zeroLoss, .diverged, .deadRun, .interleaved, .mixedTrainings,
  ]

  private static func metric(
    _ tag: String, in runs: [TrainingRun], window: Double, confidence: Double
  ) -> Metric? {
    let series = runs.compactMap { $0.metric(tagged: tag)?.series }.filter { !$0.isEmpty }
    guard series.count == runs.count, isWorthKeeping(tag, series),
      let lastStep = series.compactMap(\.steps.last).min()
    else { return nil }
    let noise = MetricAligner.noise(of: tag)
    let ranges = series.map { one in 0..<one.steps.partitionIndex { $0 <= lastStep } }
    // One part of the training for all, however often each logs: a mean over another part is another level.
    let starts = zip(series, ranges).compactMap { one, range in
      WindowLevel.range(share: window, count: range.count).first.map { one.steps[$0] }
    }
    let windowStep = noise == .steps ? starts.min() : nil
    let ends = zip(zip(series, ranges), runs).map { part, run in
      let (one, range) = part
      let first = windowStep.map { step in one.steps.partitionIndex { $0 < step } }
      return LastWindow(
        share: window, from: first, of: one, in: range, noise: noise, epochs: EpochBoundaries(run),
        confidence: confidence)
    }
    // The best is the least or the greatest, whichever a gate asks for.
    let figures = GateStatistic.ofMetrics.filter { $0 != .best }.compactMap { statistic -> Figure? in
      var figure = Figure(statistic: statistic, values: [], standardErrors: [], degreesOfFreedom: [])
      for (one, window) in zip(series, ends) {
        guard
          let value = try? Analysis.Figure(
            statistic, of: one, in: 0..<window.range.upperBound, window: window,
            direction: MetricDirection(ofTag: tag))
        else { return nil }
        figure.values.append(value.value)
        figure.standardErrors.append(value.standardError)
        figure.degreesOfFreedom.append(value.degreesOfFreedom.isFinite ? value.degreesOfFreedom : 0)
        figure.biases.append(value.bias)
        if let sample = value.sample { figure.samples.append(sample) }
        if let evaluations = value.evaluations { figure.evaluations.append(evaluations) }
      }
      if figure.samples.count < series.count { figure.samples = [] }
      if figure.evaluations.count < series.count { figure.evaluations = [] }
      if figure.biases.allSatisfy({ $0 == 0 }) { figure.biases = [] }
      return figure.isMeasurable ? figure : nil
    }
    guard !figures.isEmpty else { return nil }
    return Metric(
      tag: tag, lastStep: lastStep, windowStep: windowStep, figures: figures,
      curve: GoldenCurve(of: series, lastStep: lastStep, isNoisy: noise == .steps))
  }

  /// Whether a metric says something about the quality of a run.
  private static func isWorthKeeping(_ tag: String, _ series: [Series]) -> Bool {
    if let role = MetricRole.role(of: tag), role == .learningRate || role == .epoch || role == .tokens {
      return false
    }
    return !tag.contains("runtime") && !tag.contains("per_second") && !tag.hasSuffix("total_flos")
  }
}

extension GoldenBaseline.Metric {
  /// The run whose loss at the end is none of the others' kind; nil for other metrics.
  var outlier: SeedSpread.Outlier? {
    guard MetricRole.isLoss(tag) else { return nil }
    return figures.first { $0.statistic == .final }.flatMap { SeedSpread.outlier(among: $0.values) }
  }
}
