internal import Analysis
internal import EventFile
internal import RunFolder

/// The figures that a report opens with, one row each, in the words of every format.
struct Headline {
  /// A figure.
  struct Row: Equatable {
    /// What it is.
    var name: String
    /// Its value.
    var value: String
    /// How to read it; may be empty.
    var note: String
  }

  /// The rows that the run has figures for.
  private(set) var rows: [Row] = []

  /// The figures of `analysis`.
  init(_ analysis: RunAnalysis) {
    if let course = analysis.objective, !course.objective.isOfLoss { addObjective(course) }
    addLosses(analysis)
    addExtent(analysis.extent, analysis.stepTimes)
    if let forecast = analysis.forecast { add(forecast, target: analysis.options.target) }
    addMean(analysis)
    if !analysis.run.source.isLogged {
      addResults(analysis.run)
      addValues(analysis.run)
      addCheckpoints(analysis.run)
    }
  }

  /// The measures that the trainer wrote at its end, timings left out.
  private mutating func addResults(_ run: TrainingRun) {
    for result in run.results {
      guard let value = Double(result.value), !result.name.hasSuffix("_samples") else { continue }
      if result.name == "train_loss" {
        add(
          "Mean training loss", NumberText.significant(value),
          "of the whole run, as the trainer wrote it (train_loss)")
      } else if result.name.hasPrefix("eval_"), !MetricDirection.isTiming(result.name) {
        add(
          ForeignText.visible(result.name), NumberText.significant(value),
          "as the trainer wrote it at the end")
      }
    }
  }

  /// What the event files hold where they hold no metric.
  private mutating func addValues(_ run: TrainingRun) {
    guard run.source == .valuesOnly else { return }
    for (kind, name) in ValueWords.names {
      let tracks = run.values(of: kind)
      let steps = tracks.flatMap { [$0.places.first?.step, $0.places.last?.step] }.compactMap { $0 }
      guard let first = steps.min(), let last = steps.max() else { continue }
      let count = tracks.reduce(0) { $0 + $1.places.count }
      let range =
        first == last
        ? "step \(NumberText.count(first))" : "steps \(NumberText.count(first)) to \(NumberText.count(last))"
      add(
        Verdict.capitalised(name), NumberText.count(tracks.count, "tag"),
        kind == .hparams ? "" : "\(NumberText.count(count, "value")), \(range)")
    }
    if !run.embeddings.isEmpty { add("Embeddings", NumberText.count(run.embeddings.count), "") }
  }

  /// What there is to say without a single metric.
  private mutating func addCheckpoints(_ run: TrainingRun) {
    if let framework = KeySettings.framework(run.configuration) { add("Framework", framework, "") }
    guard let first = run.checkpoints.first?.step, let last = run.checkpoints.last?.step else { return }
    let steps =
      first == last
      ? "step \(NumberText.count(first))" : "steps \(NumberText.count(first)) to \(NumberText.count(last))"
    add("Checkpoints", NumberText.count(run.checkpoints.count), steps)
  }

  private mutating func addMean(_ analysis: RunAnalysis) {
    guard let loss = analysis.loss else {
      if let mean = analysis.run.metric(for: .meanTrainLoss)?.series.last, mean.value.isFinite {
        add(
          "Mean training loss", NumberText.significant(mean.value),
          "of the whole run, as the trainer wrote it (train_loss); its log has no loss of a step")
      }
      return
    }
    let reported = loss.reportedMean.flatMap { $0.isFinite ? $0 : nil }
    guard let mean = loss.mean.isFinite ? loss.mean : reported else { return }
    if analysis.isFiltered {
      add("Mean over the whole run", NumberText.significant(mean), "zeros in the place of NaN included")
    } else if let reported, loss.mean.isFinite, !loss.reportsItsMean {
      // After a resume HF Trainer divides the sum of the last part by the steps of all parts.
      let why = analysis.run.segments.count > 1 ? ", which counts the last part only" : ""
      add(
        "Mean over the whole run", NumberText.significant(mean),
        "of all points; the trainer wrote \(NumberText.significant(reported)) (train_loss)\(why)")
    } else {
      let source = reported == nil ? "of all points" : "of all points, as the trainer's train_loss"
      add("Mean over the whole run", NumberText.significant(mean), source + "; not the end of the curve")
    }
  }

  private mutating func add(_ forecast: Result<Forecast, Forecast.Abstention>, target: Double?) {
    switch forecast {
    case .success(let forecast):
      let ends = [forecast.interval.lowerBound, forecast.interval.upperBound].map {
        NumberText.significant($0, digits: 3)
      }
      add(
        "Forecast", NumberText.significant(forecast.level, digits: 3),
        "the training loss up to step \(NumberText.count(forecast.step)), if it goes on as it does; in nine of ten runs "
          + "between \(ends[0]) and \(ends[1])" + (target.map { Self.words(forecast, $0) } ?? ""))
    case .failure(let abstention): add("Forecast", "none", Self.words(abstention))
    }
  }

  /// Whether the loss will reach `target`.
  private static func words(_ forecast: Forecast, _ target: Double) -> String {
    let what = "\(NumberText.significant(target, digits: 3)) by step \(NumberText.count(forecast.step))"
    return switch forecast.reaching(target) {
    case .reached: "; it will reach \(what)"
    case .missed: "; it will not reach \(what)"
    case .open: "; it may reach \(what) or not"
    }
  }

  static func words(_ abstention: Forecast.Abstention) -> String {
    switch abstention {
    case .beforeHalf: "less than half of the plan has been seen"
    case .fewPoints: "too few points"
    case .rising: "the loss has risen, and no curve says how far it would go on"
    case .decayAhead: "the learning rate decays before the end, and the loss falls then"
    case .epochAhead: "another epoch begins before the end, and the loss may jump there"
    case .wide: "the curve leaves more than ± 15 % open"
    case .notPositive: "the loss is not above 0 everywhere"
    case .failed: "the run has a failure"
    }
  }

  /// What the run is judged by, where that is no loss.
  private mutating func addObjective(_ course: ObjectiveCourse) {
    let tag = ForeignText.visible(course.objective.tag)
    let reason = ObjectiveWords(course.objective).sentence
    if let final = course.final {
      add("Final \(tag)", NumberText.interval(final.level, halfWidth: final.halfWidth), reason)
    } else if course.isOfEvaluations, let best = course.best {
      add(
        "Best \(tag)", NumberText.significant(best.value),
        "step \(NumberText.count(best.step)); the run is \(reason)")
    } else {
      add("Last \(tag)", NumberText.significant(course.last.value), reason)
    }
  }

  private mutating func addLosses(_ analysis: RunAnalysis) {
    if analysis.isFiltered {
      add("Final training loss", "NaN", "logged as 0.0")
    } else if let last = analysis.loss?.series.values.last, !last.isFinite {
      add("Final training loss", NumberText.nonFinite(last), "the last point")
    } else if let final = analysis.loss?.final {
      let points = "the last \(NumberText.count(final.count, "point")), "
      let steps =
        "steps \(NumberText.count(final.steps.lowerBound)) to \(NumberText.count(final.steps.upperBound))"
      add(
        "Final training loss", Self.level(final),
        "\(Self.confidence(final.confidence)) interval; "
          + (final.hasTrend
            ? "end of the trend of \(points)\(steps)" : "mean of \(points)\(steps)"))
    } else if let last = analysis.loss?.series.last {
      add(
        "Last training loss", NumberText.significant(last.value),
        "step \(NumberText.count(last.step)); too few points for an interval")
    }
    guard let evaluation = analysis.evaluation else { return }
    if let best = evaluation.best {
      add("Best evaluation loss", NumberText.significant(best.value), "step \(NumberText.count(best.step))")
    }
    if evaluation.last.step != evaluation.best?.step {
      add(
        "Last evaluation loss", NumberText.significant(evaluation.last.value),
        "step \(NumberText.count(evaluation.last.step))")
    }
    if let gap = evaluation.gap, gap.isFinite, !analysis.isFiltered {
      add(
        "Gap", NumberText.signed(gap, digits: 3),
        "last evaluation loss minus the training loss since the evaluation before")
    }
    for other in analysis.otherEvaluations {
      guard let best = other.best else { continue }
      let last =
        other.last.step == best.step ? "" : "; last \(NumberText.significant(other.last.value))"
      add(
        "Best \(other.tag)", NumberText.significant(best.value), "step \(NumberText.count(best.step))\(last)")
    }
  }

  /// The level at the end with its interval.
  static func level(_ final: WindowLevel) -> String {
    NumberText.interval(final.level, halfWidth: final.halfWidth)
  }

  private mutating func addExtent(_ extent: RunExtent, _ times: StepTimes?) {
    if let steps = extent.steps { addSteps(steps, extent) }
    if let epochs = extent.epochs { add("Epochs", NumberText.significant(epochs, digits: 3), "") }
    if let duration = extent.duration {
      var notes: [String] = []
      if let pause = extent.pause, pause > 0 {
        notes.append("without \(QuantityText.duration(pause)) of interruption")
      }
      if let times, let longest = times.stalls.first {
        let count = times.stallCount == 1 ? "one interval" : "\(NumberText.count(times.stallCount)) intervals"
        notes.append(
          "\(count) took \(QuantityText.duration(times.lostSeconds)) longer than usual, the longest after step "
            + NumberText.count(longest.step))
      }
      add("Time", QuantityText.duration(duration), notes.joined(separator: "; "))
    }
    var speeds: [String] = []
    if let speed = extent.stepsPerSecond {
      let unit = extent.stepUnit == .sample ? "sample" : "step"
      // A training of slow steps is spoken of in seconds.
      speeds.append(
        speed < 0.1
          ? "\(NumberText.significant(1 / speed, digits: 3)) s/\(unit)"
          : "\(NumberText.significant(speed, digits: 3)) \(unit)s/s")
    }
    if let speed = extent.samplesPerSecond {
      speeds.append("\(NumberText.significant(speed, digits: 3)) samples/s")
    }
    if let first = speeds.first { add("Throughput", first, speeds.dropFirst().joined()) }
    if let share = extent.utilization {
      add(
        "FLOPs utilization", NumberText.percent(share),
        "of the devices' peak, by the trainer's own count of operations (frozen parameters included)"
          + (share > 1 ? "; more than all is impossible, so one of the two is not right" : ""))
    }
    if let tokens = extent.tokens, let whole = Int64(exactly: tokens.rounded()) {
      add("Tokens seen", NumberText.count(whole), "")
    }
    if let start = extent.startTime.flatMap(QuantityText.moment) {
      add("Started", String(start.prefix(10)), String(start.dropFirst(11)))
    }
  }

  /// The rows as a table of facts.
  var table: Table {
    .facts(
      ["Figure", "Value", "Note"], sides: [.left, .right, .left],
      rows: rows.map { row in
        let note = InlineText(row.note)
        return [Table.Cell(row.name), Table.Cell(row.value), Table.Cell(note)]
      })
  }

  private mutating func addSteps(_ steps: ClosedRange<Int64>, _ extent: RunExtent) {
    let last = NumberText.count(steps.upperBound)
    switch extent.stepUnit {
    case .sample: add("Samples", last, "the writer counts samples, not steps")
    case .order: add("Points", last, "numbered in their order: the writer counted no steps")
    case .step:
      guard let planned = extent.plannedSteps.map({ NumberText.count($0) }) else {
        add("Steps", last, "")
        return
      }
      let note =
        switch extent.ending {
        case .completed: "of \(planned), as planned"
        case .earlyStopped(let patience):
          "of \(planned) planned; stopped after \(patience) evaluations without an improvement"
        case .endedEarly: "of \(planned) planned; the trainer ended by itself"
        case .interrupted: "of \(planned) planned; stopped, or still running"
        case .unknown: "of \(planned) planned"
        }
      add("Steps", last, note)
    }
  }

  private mutating func add(_ name: String, _ value: String, _ note: String) {
    rows.append(Row(name: name, value: value, note: note))
  }

  /// `95 %`.
  static func confidence(_ share: Double) -> String {
    NumberText.significant(share * 100, digits: 3, trimmed: true) + " %"
  }

  /// Where the metrics were read.
  static func source(_ run: TrainingRun) -> String {
    switch run.source {
    case .eventFiles: "TensorBoard event files"
    case .trainerState: "trainer_state.json"
    case .trainerLog: run.trainerLog?.fileName ?? TrainerLog.names[0]
    case .tracker:
      switch run.tracker {
      case .wandb: "a log of Weights & Biases"
      case .trackio: "a database of trackio"
      case .lightning: "Lightning's metrics.csv"
      case .torchtune: "a log of torchtune"
      case .swanlab: "a log of SwanLab"
      case nil: "a file of another tracker"
      }
    case .checkpointsOnly: "none; there are checkpoints and no logs"
    case .resultsOnly: "none; there are results and no logs"
    case .valuesOnly: "none; the event files hold other data alone"
    }
  }
}
