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
    addLosses(analysis)
    addExtent(analysis.extent)
    addMean(analysis)
    if analysis.run.source == .checkpointsOnly { addCheckpoints(analysis.run) }
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
    guard let loss = analysis.loss else { return }
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

  private mutating func addLosses(_ analysis: RunAnalysis) {
    if analysis.isFiltered {
      add("Final training loss", "NaN", "logged as 0.0")
    } else if let last = analysis.loss?.series.values.last, !last.isFinite {
      add("Final training loss", NumberText.nonFinite(last), "the last point")
    } else if let final = analysis.loss?.final {
      add(
        "Final training loss", NumberText.interval(final.mean, halfWidth: final.halfWidth),
        "\(Self.confidence(final.confidence)) interval; mean of the last \(NumberText.count(final.count, "point")), "
          + "steps \(NumberText.count(final.steps.lowerBound)) to \(NumberText.count(final.steps.upperBound))"
      )
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
        "last evaluation loss less the training loss about that step")
    }
  }

  private mutating func addExtent(_ extent: RunExtent) {
    if let steps = extent.steps {
      let planned = extent.plannedSteps.map {
        $0 == steps.upperBound ? "as planned" : "of \(NumberText.count($0)) planned"
      }
      add("Steps", NumberText.count(steps.upperBound), planned ?? "")
    }
    if let epochs = extent.epochs { add("Epochs", NumberText.significant(epochs, digits: 3), "") }
    if let duration = extent.duration {
      let pause =
        extent.pause.map { $0 > 0 ? "without \(QuantityText.duration($0)) of interruption" : "" } ?? ""
      add("Time", QuantityText.duration(duration), pause)
    }
    var speeds: [String] = []
    if let speed = extent.stepsPerSecond {
      speeds.append("\(NumberText.significant(speed, digits: 3)) steps/s")
    }
    if let speed = extent.samplesPerSecond {
      speeds.append("\(NumberText.significant(speed, digits: 3)) samples/s")
    }
    if let first = speeds.first { add("Throughput", first, speeds.dropFirst().joined()) }
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
    case .trainerLog: "trainer_log.jsonl"
    case .checkpointsOnly: "none; there are checkpoints and no logs"
    }
  }
}
