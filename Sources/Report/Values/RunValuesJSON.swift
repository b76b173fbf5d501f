internal import Analysis
internal import EventFile
internal import JSON

/// What the event files of a run hold beside scalars, for programs: what the page shows of each tag, and how much there is.
///
/// `docs/schema/ftreport.run.json` describes it. What a page has no room for is counted in `omitted`; `ftreport export
/// --kind` gives every value.
struct RunValuesJSON {
  let section: ValueSection

  private var values: RunValues { section.values }

  /// The object.
  var value: JSONValue {
    .object([
      "texts": .array(values.texts.map(Self.text)), "images": .array(values.images.map(Self.sheet)),
      "audio": .array(values.sounds.map(Self.sheet)),
      "histograms": .array(values.histograms.map(Self.histogram)),
      "pr_curves": .array(values.curves.map(Self.curve)),
      "hyperparameters": values.sessions.map { HyperparameterJSON.value($0, names: []) } ?? .null,
      "graphs": .array(
        values.graphs.map {
          .object([
            "nodes": .number($0.nodeCount), "functions": .number($0.functionCount),
            "parameters": $0.parameterCount.map { .number($0) } ?? .null, "bytes": .number($0.byteCount),
          ])
        }),
      "chart_groups": .array(section.charts.map(Self.group)),
      "meshes": .array(
        values.meshes.map {
          .object([
            "tag": .string($0.tag), "content": .string("\($0.part.content)"),
            "shape": .array($0.part.dimensions.map { .number($0) }), "values": .number($0.count),
          ])
        }),
      "embeddings": .array(
        values.embeddings.map {
          .object([
            "name": .string($0.name), "rows": .number($0.rowCount), "columns": .number($0.columnCount),
            "used": .number($0.usedCount), "variance_shares": .array($0.shares.map { .number($0) }),
            "obstacle": Self.text($0.obstacle),
          ])
        }),
      "others": .array(
        values.others.map {
          .object(["tag": .string($0.tag), "plugin": .string($0.plugin), "values": .number($0.count)])
        }),
      "omitted": .object(
        values.omitted.sorted { $0.key.rawValue < $1.key.rawValue }
          .map { JSONValue.Member($0.key.rawValue, .number($0.value)) }),
    ])
  }

  private static func text(_ course: TextCourse) -> JSONValue {
    .object([
      "tag": .string(course.tag), "steps": .number(course.stepCount),
      "samples": .array(
        course.texts.map { entry in
          .object([
            "step": .number(entry.step), "shape": .array(entry.grid.dimensions.map { .number($0) }),
            "strings": .array(entry.grid.strings.map { .string($0) }),
          ])
        }),
      "similarity": course.difference.map { .number($0.similarity) } ?? .null,
    ])
  }

  private static func sheet(_ sheet: MediaSheet) -> JSONValue {
    .object([
      "tag": .string(sheet.tag), "steps": .number(sheet.stepCount),
      "items": .array(
        sheet.items.map { item in
          Self.item(item, of: sheet.tag)
        }),
      "omitted": .number(sheet.omittedCount),
    ])
  }

  private static func item(_ item: MediaSheet.Item, of tag: String) -> JSONValue {
    let header = item.header
    var members: [JSONValue.Member] = [
      .init("step", .number(item.step)), .init("index", .number(item.index)),
      .init("type", text(header.type?.rawValue)),
    ]
    members.append(.init("width", header.width.map { .number($0) } ?? .null))
    members.append(.init("height", header.height.map { .number($0) } ?? .null))
    members.append(.init("seconds", header.wave.map { .number($0.duration) } ?? .null))
    members.append(.init("sample_rate", header.wave.map { .number($0.sampleRate) } ?? .null))
    members.append(.init("label", text(item.label)))
    members.append(.init("file", text(ValueSection.media(item, of: tag)?.path)))
    members.append(.init("faults", .array(header.faults.map { .string($0.description) })))
    return .object(members)
  }

  private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  private static func histogram(_ course: HistogramCourse) -> JSONValue {
    func place(_ index: Int?) -> JSONValue {
      guard let index else { return .null }
      return .object([
        "step": .number(course.steps[index]),
        "quantiles": .array(course.quantiles[index].map { .number($0) }),
      ])
    }
    return .object([
      "tag": .string(course.tag), "steps": .number(course.steps.count), "empty": .number(course.emptyCount),
      "first": place(course.steps.indices.first), "last": place(course.steps.indices.last),
      "remarks": .array(course.remarks.map(remark)),
      "faults": .array(
        course.faults.map {
          .object([
            "kind": .string(kind($0.kind)), "count": .number($0.count), "first_step": .number($0.firstStep),
          ])
        }),
    ])
  }

  private static func remark(_ remark: HistogramCourse.Remark) -> JSONValue {
    switch remark {
    case .constant(let step, let value):
      .object(["kind": .string("constant"), "step": .number(step), "value": .number(value)])
    case .collapsed(let ratio): .object(["kind": .string("collapsed"), "ratio": .number(ratio)])
    case .spread(let ratio): .object(["kind": .string("spread"), "ratio": .number(ratio)])
    case .drifted(let ratio, let from, let to):
      .object([
        "kind": .string("drifted"), "ratio": .number(ratio), "before": .number(from), "after": .number(to),
      ])
    }
  }

  private static func kind(_ kind: HistogramCourse.Fault.Kind) -> String {
    switch kind {
    case .badCount: "bad_count"
    case .notFinite: "not_finite"
    case .disorder: "disorder"
    case .unreadable: "unreadable"
    }
  }

  private static func curve(_ course: PrecisionRecallCourse) -> JSONValue {
    .object([
      "tag": .string(course.tag), "steps": .number(course.stepCount),
      "entries": .array(
        course.curves.map { entry in
          let best = entry.curve.best
          return .object([
            "step": .number(entry.step),
            "average_precision": entry.curve.averagePrecision.map { .number($0) } ?? .null,
            "best_f1": best.map { .number($0.score) } ?? .null,
            "threshold": best.map { .number($0.threshold) } ?? .null,
          ])
        }),
    ])
  }

  private static func group(_ entry: ValueSection.LaidOutGroup) -> JSONValue {
    .object([
      "title": .string(entry.group.title),
      "charts": .array(
        entry.group.charts.map { chart in
          .object([
            "title": .string(chart.title), "lines": .array(chart.lines.map { .string($0) }),
            "margins": .array(
              chart.margins.map {
                .object(["value": .string($0.value), "lower": .string($0.lower), "upper": .string($0.upper)])
              }),
            "obstacles": .array(chart.obstacles.map { .string(ValueSection.words($0).plain) }),
          ])
        }),
    ])
  }
}

/// The sessions of a search, for programs.
enum HyperparameterJSON {
  /// The object.
  ///
  /// - Parameter names: what the runs are called, one each.
  static func value(_ table: HyperparameterTable, names: [String]) -> JSONValue {
    .object([
      "parameters": .array(table.parameters.map { .string($0) }),
      "metrics": .array(table.metrics.map { .string($0) }),
      "sessions": .array(
        table.sessions.map { session in
          .object([
            "run": session.run < names.count ? .string(names[session.run]) : .null,
            "folder": .string(session.folder), "group": .string(session.group),
            "status": session.status.map { .string(ValueJSON.name($0)) } ?? .null,
            "hyperparameters": .object(
              session.hyperparameters.map { .init($0.name, ValueJSON.hyperparameter($0.value)) }),
            "metrics": .object(
              table.metrics.compactMap { tag in session.metric(tag).map { .init(tag, .number($0)) } }),
          ])
        }),
    ])
  }
}
