internal import Analysis
internal import EventFile
internal import JSON
internal import RunFolder

/// A run's figures and findings for programs.
///
/// The keys are stable, `docs/schema/ftreport.run.json` describes them. Values that are not finite are the strings "NaN", "Infinity" and "-Infinity"; what is unknown is null.
///
/// ```
/// schema {name, version}, name, path, output_path, notes, source, verdict {severity, label, sentence}
/// training, objective {metric, direction, reason, best {step, value}, last {step, value}}
/// searches [{kind, essential, searched, obstacle}]
/// final_training_loss {mean, low, high, confidence, standard_error, points, effective_points, autocorrelation_time,
///                      slope_per_step, first_step, last_step}
/// training_loss {tag, points, superseded, mean, reported_mean, first {step, value}, lowest {step, value}}
/// evaluation {tag, best {step, value}, last {step, value}, gap, columns, rows [{step, epoch, training_loss, values}]}
/// extent {first_step, last_step, planned_steps, epochs, seconds, pause_seconds, start_time, steps_per_second,
///         samples_per_second, tokens}
/// forecast {step, seen, level, low, high, obstacle}
/// findings [{kind, severity, metric, step, last_step, value, reference, count, other, score, title, text}]
/// metrics [{tag, points, non_finite, first, last, least, greatest {step, value}, mean}]
/// quality {event_files, records, bytes, fault_count, faults [{file, offset, fault}], incomplete [{file, offset, missing}],
///          seams [{step, interrupted_at, pause_seconds}], superseded_points, repeated_points, other_tags [{tag, plugin,
///          values}], problems}
/// checkpoints [{step, path, train_loss, eval_loss, norm, change_norm, relative_change, cosine, movement, non_finite,
///               best, problem}], key_settings {name: text}, configuration [{source, settings {name: text}}],
/// values {texts, images, audio, histograms, pr_curves, hyperparameters, graphs, chart_groups, meshes, embeddings,
/// others, omitted}
/// options {smoothing, window, confidence}
/// ```
struct RunJSON {
  private let analysis: RunAnalysis

  private let checkpoints: CheckpointSection?
  private let isWhole: Bool
  private let values: ValueSection?

  /// - Parameters:
  ///   - checkpoints: the checkpoints, where more is known of them than their places.
  ///   - isWhole: whether `evaluation` has a row for each evaluation, and `configuration` its sections.
  ///   - values: what the event files hold beside scalars, where that was read.
  init(
    _ analysis: RunAnalysis, checkpoints: CheckpointSection? = nil, isWhole: Bool = true,
    values: ValueSection? = nil
  ) {
    self.values = values
    self.analysis = analysis
    self.checkpoints = checkpoints
    self.isWhole = isWhole
  }

  private var places: JSONValue {
    .array(analysis.run.checkpoints.map { .object(["step": .number($0.step), "path": .string($0.path)]) })
  }

  /// The object.
  var value: JSONValue {
    let verdict = Verdict(analysis)
    return .document(
      "ftreport.run", version: 2,
      [
        "name": .string(analysis.run.name), "path": .string(analysis.run.path),
        "output_path": analysis.run.outputPath.map { .string($0) } ?? .null,
        "notes": .array(analysis.run.notes.map { .string($0) }),
        "source": .string(Self.sourceName(analysis.run.source)),
        "verdict": .object([
          "severity": .string(verdict.severity?.name ?? "none"),
          "label": .string(verdict.label), "sentence": .string(verdict.sentence),
        ]),
        "training": .string(analysis.training.rawValue), "objective": objective, "searches": searches,
        "final_training_loss": level, "training_loss": loss, "evaluation": evaluation, "extent": extent,
        "forecast": forecast, "findings": .array(analysis.findings.map(Self.finding)),
        "metrics": .array(of: analysis.metrics, Self.metric), "quality": quality,
        "other_trainings": otherTrainings, "restarts": restarts,
        "checkpoints": checkpoints?.json ?? places, "averaging": checkpoints?.averagingJSON ?? .null,
        "values": values.map { RunValuesJSON(section: $0).value } ?? .null,
        "key_settings": Self.object(KeySettings(analysis.run.configuration).rows),
        "configuration": .array(
          (isWhole ? analysis.run.configuration : []).map { section in
            .object([
              "source": .string(section.source),
              "settings": Self.object(section.settings.map { ($0.name, $0.value) }),
            ])
          }),
        "options": .object([
          "smoothing": Self.number(analysis.options.smoothing), "window": .number(analysis.options.window),
          "confidence": .number(analysis.options.confidence),
        ]),
      ])
  }

  /// Names with texts; of a name that stands twice, the last.
  private static func object(_ pairs: [(name: String, value: String)]) -> JSONValue {
    var members: [JSONValue.Member] = []
    var places: [String: Int] = [:]
    for (name, value) in pairs {
      if let place = places[name] {
        members[place].value = .string(value)
      } else {
        places[name] = members.count
        members.append(.init(name, .string(value)))
      }
    }
    return .object(members)
  }

  private static func sourceName(_ source: TrainingRun.Source) -> String {
    switch source {
    case .eventFiles: "event_files"
    case .trainerState: "trainer_state"
    case .trainerLog: "trainer_log"
    case .tracker: "tracker"
    case .checkpointsOnly: "checkpoints"
    case .resultsOnly: "results"
    case .valuesOnly: "values"
    }
  }

  private var objective: JSONValue {
    guard let course = analysis.objective else { return .null }
    return .object([
      "metric": .string(course.objective.tag), "direction": .string(course.objective.direction.rawValue),
      "reason": .string(ObjectiveWords(course.objective).reason), "best": Self.point(course.best),
      "last": Self.point(course.last),
    ])
  }

  private var searches: JSONValue {
    .array(
      analysis.searches.map { search in
        .object([
          "kind": .string(search.kind.rawValue), "essential": .bool(search.isEssential),
          "searched": .bool(search.obstacle == nil),
          "obstacle": search.obstacle.map { .string(SearchWords.text($0)) } ?? .null,
        ])
      })
  }

  private var level: JSONValue {
    guard let level = analysis.loss?.final else { return .null }
    return .object([
      "level": .number(level.level), "mean": .number(level.mean), "low": .number(level.interval.lowerBound),
      "high": .number(level.interval.upperBound), "confidence": .number(level.confidence),
      "standard_error": .number(level.standardError), "points": .number(level.count),
      "effective_points": .number(level.effectiveCount),
      "autocorrelation_time": .number(level.autocorrelationTime),
      "slope_per_step": .number(level.slope), "first_step": .number(level.steps.lowerBound),
      "last_step": .number(level.steps.upperBound),
    ])
  }

  private var loss: JSONValue {
    guard let loss = analysis.loss else { return .null }
    return .object([
      "tag": .string(loss.tag), "points": .number(loss.series.count),
      "superseded": .number(loss.superseded.count),
      "mean": .number(loss.mean), "reported_mean": Self.number(loss.reportedMean),
      "first": Self.point(loss.first),
      "lowest": Self.point(loss.lowest),
    ])
  }

  private var evaluation: JSONValue {
    guard let evaluation = analysis.evaluation else { return .null }
    return .object([
      "tag": .string(evaluation.tag), "best": Self.point(evaluation.best),
      "last": Self.point(evaluation.last),
      "gap": Self.number(evaluation.gap), "after_training": Self.point(evaluation.afterTraining),
      "columns": .array(evaluation.columns.map { .string($0) }),
      "rows": .array(of: isWhole ? evaluation.rows : []) { row in
        .object([
          "step": .number(row.step), "epoch": Self.number(row.epoch),
          "training_loss": Self.number(row.trainLoss),
          "values": .array(row.values.map(Self.number)),
        ])
      },
      "other_sets": .array(
        analysis.otherEvaluations.map {
          .object(["tag": .string($0.tag), "best": Self.point($0.best), "last": Self.point($0.last)])
        }),
    ])
  }

  private var forecast: JSONValue {
    guard let forecast = analysis.forecast else { return .null }
    let known = try? forecast.get()
    let obstacle =
      if case .failure(let abstention) = forecast { Headline.words(abstention) } else { nil as String? }
    return .object([
      "step": Self.number(known?.step), "seen": Self.number(known?.seen), "level": Self.number(known?.level),
      "low": Self.number(known?.interval.lowerBound), "high": Self.number(known?.interval.upperBound),
      "obstacle": obstacle.map { .string($0) } ?? .null,
    ])
  }

  private var extent: JSONValue {
    let extent = analysis.extent
    return .object([
      "first_step": Self.number(extent.steps?.lowerBound), "last_step": Self.number(extent.steps?.upperBound),
      "planned_steps": Self.number(extent.plannedSteps), "epochs": Self.number(extent.epochs),
      "seconds": Self.number(extent.duration), "pause_seconds": Self.number(extent.pause),
      "start_time": Self.number(extent.startTime), "steps_per_second": Self.number(extent.stepsPerSecond),
      "samples_per_second": Self.number(extent.samplesPerSecond), "tokens": Self.number(extent.tokens),
      "operations": Self.number(extent.operations), "utilization": Self.number(extent.utilization),
      "step_unit": .string(extent.stepUnit.rawValue), "ending": .string(Self.name(of: extent.ending)),
    ])
  }

  private static func name(of ending: TrainingRun.Ending) -> String {
    switch ending {
    case .completed: "completed"
    case .earlyStopped: "early_stopped"
    case .endedEarly: "ended_early"
    case .interrupted: "interrupted"
    case .unknown: "unknown"
    }
  }

  /// The trainings that were told apart from the run.
  private var otherTrainings: JSONValue {
    .array(
      analysis.run.otherTrainings.map {
        .object([
          "relation": .string($0.relation.rawValue), "origin": .string($0.origin),
          "first_step": .number($0.steps.lowerBound), "last_step": .number($0.steps.upperBound),
          "start_time": Self.number($0.startTime), "end_time": Self.number($0.endTime),
          "common_steps": .number($0.commonCount), "differing_steps": .number($0.differingCount),
          "checkpoints": .array($0.checkpoints.map { .number($0.step) }),
        ])
      })
  }

  private var restarts: JSONValue {
    .array(
      analysis.restarts.map { restart in
        .object([
          "step": .number(restart.step), "before": .number(restart.before),
          "signs": .array(Restart.Sign.allCases.filter(restart.signs.contains).map { .string($0.rawValue) }),
          "pause_seconds": Self.number(restart.pause), "loss_before": Self.number(restart.lossBefore),
          "loss_after": Self.number(restart.lossAfter), "rate_before": Self.number(restart.rateBefore),
          "rate_after": Self.number(restart.rateAfter),
        ])
      })
  }

  private static func finding(_ finding: Finding) -> JSONValue {
    let words = FindingWords(finding)
    return .object([
      "kind": .string(finding.kind.rawValue), "severity": .string(finding.severity.name),
      "metric": .string(finding.metric), "step": number(finding.step), "last_step": number(finding.lastStep),
      "value": number(finding.value), "reference": number(finding.reference), "count": .number(finding.count),
      "other": finding.other.map { .string($0) } ?? .null, "score": number(finding.score),
      "title": .string(words.title),
      "text": .string(words.paragraph),
    ])
  }

  @Sendable private static func metric(_ metric: MetricStatistics) -> JSONValue {
    .object([
      "tag": .string(metric.tag), "points": .number(metric.count),
      "non_finite": .number(metric.nonFiniteCount),
      "first": point(metric.first), "last": point(metric.last), "least": point(metric.least),
      "greatest": point(metric.greatest), "mean": .number(metric.mean),
    ])
  }

  private var quality: JSONValue {
    let quality = analysis.quality
    return .object([
      "event_files": .number(quality.fileCount), "records": .number(quality.recordCount),
      "bytes": .number(quality.byteCount), "fault_count": .number(quality.faultCount),
      "faults": .array(
        quality.faults.map {
          .object([
            "file": .string($0.path), "offset": .number($0.offset), "fault": .string($0.kind.description),
          ])
        }),
      "incomplete": .array(
        quality.incomplete.map {
          .object(["file": .string($0.path), "offset": .number($0.offset), "missing": .number($0.missing)])
        }),
      "seams": .array(
        quality.seams.map {
          .object([
            "step": .number($0.step), "interrupted_at": .number($0.interruptedAt),
            "pause_seconds": Self.number($0.pause),
          ])
        }),
      "superseded_points": .number(quality.supersededCount),
      "repeated_points": .number(quality.duplicateCount),
      "other_tags": .array(of: quality.otherTags) {
        .object(["tag": .string($0.tag), "plugin": .string($0.plugin), "values": .number($0.count)])
      },
      "problems": .array(quality.problems.map { .string($0) }),
    ])
  }

  private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  private static func number(_ value: Int64?) -> JSONValue { value.map { .number($0) } ?? .null }
  private static func point(_ point: Point?) -> JSONValue {
    point.map { .object(["step": .number($0.step), "value": .number($0.value)]) } ?? .null
  }
}
