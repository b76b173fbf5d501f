internal import EventFile
public import RunFolder

/// What can be said about one run: every figure and finding that a report shows, and nothing about how it looks.
public struct RunAnalysis: Equatable, Sendable {
  /// The run that was examined.
  public var run: TrainingRun
  /// How it was examined.
  public var options: AnalysisOptions
  /// The training loss, where the run has one.
  public var loss: LossAnalysis?
  /// The evaluation loss, where the run has one; of several sets the first.
  public var evaluation: EvaluationAnalysis?
  /// The evaluation losses over the other sets.
  public var otherEvaluations: [EvaluationAnalysis]
  /// Steps, epochs, time and throughput.
  public var extent: RunExtent
  /// Where the training was taken up again, or may have been: resumes, schedules that began anew, long pauses.
  public var restarts: [Restart]
  /// How long the steps took; nil without wall times.
  public var stepTimes: StepTimes?
  /// What kind of training it is.
  public var training: TrainingKind
  /// What it is judged by, with the course of that metric; nil of a run without any loss or reward.
  public var objective: ObjectiveCourse?
  /// What the training loss is heading for, or why nobody can tell; nil unless the run is unfinished and judged by a loss.
  public var forecast: Result<Forecast, Forecast.Abstention>?
  /// What is worth telling, the gravest first.
  public var findings: [Finding]
  /// What was searched for, and what could not be and why.
  public var searches: [Search]
  /// One row a scalar tag, in the order of the run's metrics.
  public var metrics: [MetricStatistics]
  /// What was read and what could not be.
  public var quality: DataQuality
}

extension RunAnalysis {
  /// Examines `run`.
  ///
  /// - Complexity: O(points), a few passes over the training loss and one over every other metric, whose columns are
  ///   shared with `run`.
  public init(of run: TrainingRun, options: AnalysisOptions = AnalysisOptions()) {
    self.run = run
    self.options = options
    // As an array that grows it would take three times the memory for a moment.
    var metrics: [MetricStatistics] = []
    metrics.reserveCapacity(run.metrics.count)
    for metric in run.metrics {
      if let statistics = MetricStatistics(of: metric.series) { metrics.append(statistics) }
    }
    let lossMetric = run.metric(for: .trainLoss)
    let loss = lossMetric.flatMap { metric in
      metrics.first { $0.tag == metric.tag }.map {
        LossAnalysis(of: metric, statistics: $0, in: run, options: options)
      }
    }
    let evaluations = run.evaluationLosses.compactMap { metric in
      EvaluationAnalysis(of: metric, in: run, loss: loss?.series)
    }
    let evaluation = evaluations.first
    self.metrics = metrics
    self.loss = loss
    self.evaluation = evaluation
    otherEvaluations = Array(evaluations.dropFirst())
    extent = RunExtent(of: run, loss: loss?.series, peakOperations: options.peakOperations)
    let quality = DataQuality(of: run)
    self.quality = quality
    restarts = loss.map { Restart.restarts(of: run, loss: $0.series, seams: quality.seams) } ?? []
    stepTimes = loss.flatMap { StepTimes(of: run, loss: $0.series) }
    training = TrainingKind(of: run)
    let objective = Objective(of: run, training: training)
    self.objective = objective.flatMap {
      ObjectiveCourse(of: $0, in: run, loss: loss, options: options)
    }
    let examination = Examination(
      Evidence(
        run: run, options: options, training: training, objective: objective, loss: loss, statistics: metrics,
        quality: quality, stepTimes: stepTimes, restarts: restarts))
    findings = examination.findings
    searches = examination.searches
    if let filtered { self.loss?.restore(filtered) }
    if isFiltered || findings.contains(where: { $0.kind == .zeroLoss }) { self.loss?.final = nil }
    forecast = Self.forecast(self)
  }

  private static func forecast(_ analysis: RunAnalysis) -> Result<Forecast, Forecast.Abstention>? {
    guard analysis.extent.ending == .interrupted, let planned = analysis.extent.plannedSteps,
      let loss = analysis.loss?.series, analysis.objective?.objective.isOfLoss ?? false
    else { return nil }
    if analysis.severity == .failure { return .failure(.failed) }
    return Result { () throws(Forecast.Abstention) in
      try Forecast(loss, of: analysis.run, planned: planned)
    }
  }

  /// The level at the end of `series`: of its last window, or its last finite value where it has too few points.
  public func level(atEndOf series: Series) -> Double? {
    WindowLevel(atEndOf: series, share: options.window)?.level ?? series.values.last(where: \.isFinite)
  }

  /// The gravest of the findings' severities; nil where there is no finding.
  public var severity: Finding.Severity? { findings.map(\.severity).max() }

  /// Whether anything of what matters most could be searched for: without, no finding means nothing.
  public var isJudged: Bool { searches.contains { $0.isEssential && $0.obstacle == nil } }
}

/// How a run is examined.
public struct AnalysisOptions: Equatable, Sendable {
  /// The weight of TensorBoard's exponential smoothing in pictures, from 0 (none) up to 1; nil for the local trend
  /// (`Trend`).
  public var smoothing: Double?
  /// The share of the points, from the end, that the final level is computed over.
  public var window: Double
  /// The confidence of intervals.
  public var confidence: Double

  /// The floating-point operations a second that all devices of the training could do at best; nil where not known.
  public var peakOperations: Double?
  /// The training loss that is wanted by the end of the plan, which a forecast is held against; nil where none is.
  public var target: Double?

  /// Options with the defaults of the command.
  public init(
    smoothing: Double? = nil, window: Double = 0.1, confidence: Double = 0.95, peakOperations: Double? = nil,
    target: Double? = nil
  ) {
    self.target = target
    self.peakOperations = peakOperations
    self.smoothing = smoothing
    self.window = window
    self.confidence = confidence
  }
}
