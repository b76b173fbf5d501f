internal import Analysis
internal import EventFile

extension ValueSection {
  // MARK: Histograms

  func histogramBlocks(_ pictures: [Document.Block]) -> [Document.Block] {
    guard !values.histograms.isEmpty else { return [] }
    var blocks: [Document.Block] = [.section("Histograms")]
    let remarks = values.histograms.flatMap { course in Self.remarks(course) }
    if !remarks.isEmpty { blocks.append(.bullets(remarks)) }
    blocks += pictures
    var table = Table(
      ["Tag", "Steps", "Median, first", "Median, last", "5–95 %, first", "5–95 %, last"],
      sides: [.left, .right, .right, .right, .right, .right])
    for course in values.histograms {
      let (first, last) = (course.first, course.last)
      table.add([
        .code(course.tag), .count(course.steps.count + course.emptyCount), Self.median(first),
        Self.median(last), Self.range(first), Self.range(last),
      ])
    }
    return blocks + [.table(table)] + omission(.histograms, "tag")
  }

  private static func median(_ end: HistogramCourse.End) -> Table.Cell {
    end.quantiles.map { .figure($0[2]) } ?? missing(end)
  }

  /// What stands in the place of figures of a histogram.
  private static func missing(_ end: HistogramCourse.End) -> Table.Cell {
    end.fault == .notFinite ? "not finite" : "–"
  }

  private static func range(_ end: HistogramCourse.End) -> Table.Cell {
    guard let quantiles = end.quantiles else { return missing(end) }
    let ends = [quantiles[0], quantiles[4]].map { NumberText.significant($0, digits: 3) }
    return Table.Cell("\(ends[0]) … \(ends[1])", value: quantiles[4] - quantiles[0])
  }

  private static func remarks(_ course: HistogramCourse) -> [InlineText] {
    let remarks = course.remarks.map { remark -> InlineText in
      switch remark {
      case .constant(let step, let value):
        let since = step == course.steps.first ? "at every step" : "from step \(NumberText.count(step)) on"
        return
          "\(code: course.tag): all elements are \(NumberText.significant(value)) \(since)."
      case .collapsed(let ratio):
        return
          "\(code: course.tag) collapsed: nearly all elements (5–95 %) lie within \(NumberText.percent(ratio)) of the range that they had at first."
      case .spread(let ratio):
        return
          "\(code: course.tag) spread: nearly all elements (5–95 %) take \(NumberText.significant(ratio, digits: 3)) times the range that they had at first."
      case .drifted(let ratio, let from, let to):
        return
          "\(code: course.tag) moved: its median went from \(NumberText.significant(from)) to \(NumberText.significant(to)), \(NumberText.significant(ratio, digits: 3)) times the range of nearly all elements at first."
      }
    }
    let faults = course.faults.map { fault -> InlineText in
      let steps =
        "\(NumberText.count(fault.count, "histogram")), first at step \(NumberText.count(fault.firstStep))"
      return switch fault.kind {
      case .badCount:
        "\(code: course.tag): buckets with a negative number of elements, or none that is a number: \(steps)."
      case .notFinite: "\(code: course.tag): elements that are NaN or infinite: \(steps)."
      case .disorder: "\(code: course.tag): edges that do not rise: \(steps)."
      case .unreadable(let reason): "\(code: course.tag): could not be read (\(reason)): \(steps)."
      }
    }
    let all = remarks + faults
    return all.map { InlineText.toned(.warning, $0) }
  }

  // MARK: Precision and recall

  func curveBlocks(_ pictures: [Document.Block]) -> [Document.Block] {
    guard !values.curves.isEmpty else { return [] }
    var table = Table(
      ["Tag", "Step", "Average precision", "Best F1", "At threshold"],
      sides: [.left, .right, .right, .right, .right])
    for course in values.curves {
      for entry in course.curves {
        let best = entry.curve.best
        table.add([
          .code(course.tag), .count(entry.step), .figure(entry.curve.averagePrecision), .figure(best?.score),
          .figure(best?.threshold),
        ])
      }
    }
    let empty = values.curves.filter { course in !course.curves.contains(where: \.curve.hasPositives) }
    let remarks = empty.map {
      InlineText.toned(.warning, "\(code: $0.tag): no example is positive, so that there is no recall.")
    }
    return [.section("Precision and recall")] + (remarks.isEmpty ? [] : [.bullets(remarks)]) + pictures + [
      .table(table)
    ] + omission(.prCurves, "tag")
  }

  // MARK: Hyperparameters

  var parameterBlocks: [Document.Block] {
    guard !values.records.isEmpty else { return [] }
    if let sessions = values.sessions, sessions.sessions.count > 1 {
      return [.section("Hyperparameters")] + HyperparameterSection(table: sessions, names: []).blocks
    }
    let session = values.sessions?.sessions.first
    var table = Table.facts(["Hyperparameter", "Value"], sides: [.left, .left])
    for record in values.records {
      switch record {
      case .start(let start):
        for parameter in start.hyperparameters {
          table.add([.code(parameter.name), .code(HyperparameterSection.text(parameter.value))])
        }
        if !start.group.isEmpty { table.add(["Group", .code(start.group)]) }
      case .end(let status, _): table.add(["Session", Table.Cell(HyperparameterSection.words(status))])
      case .experiment(let experiment):
        if !experiment.name.isEmpty { table.add(["Experiment", .code(experiment.name)]) }
        let metrics = experiment.metrics.map { metric -> InlineText in
          guard let value = session?.metric(metric.path) else { return .code(metric.path) }
          return "\(code: metric.path) (last \(NumberText.significant(value)))"
        }
        if !metrics.isEmpty { table.add(["Judged by", Table.Cell(metrics.joined(separator: ", "))]) }
      }
    }
    return [.section("Hyperparameters"), .table(table)]
  }

  // MARK: Graphs and others

  var graphBlocks: [Document.Block] {
    guard !values.graphs.isEmpty else { return [] }
    var blocks: [Document.Block] = [.section("Graphs")]
    for graph in values.graphs {
      var parts = ["\(NumberText.count(graph.nodeCount, "node")), \(QuantityText.bytes(graph.byteCount))"]
      if graph.functionCount > 0 { parts.append(NumberText.count(graph.functionCount, "function")) }
      if let count = graph.parameterCount {
        parts.append("variables of \(NumberText.count(count, "element"))")
      }
      blocks.append(.paragraph(InlineText(parts.joined(separator: ", ") + ".")))
      var table = Table(["Operation", "Nodes"], sides: [.left, .right])
      for operation in graph.operations.prefix(20) {
        table.add([.code(operation.name), .count(operation.count)])
      }
      var scopes = Table(["Scope", "Nodes"], sides: [.left, .right])
      for scope in graph.scopes.prefix(30) { scopes.add([.code(scope.name), .count(scope.count)]) }
      var folded: [Document.Block] = [.table(table)]
      folded += DataQualitySection.further(graph.operations.count - table.rows.count, "operation")
      folded.append(.table(scopes))
      folded += DataQualitySection.further(graph.scopes.count - scopes.rows.count, "scope")
      blocks.append(.fold(summary: "Operations and scopes", folded))
    }
    return blocks
  }

  private static func name(_ content: MeshPart.Content) -> String {
    switch content {
    case .undefined: "of an unknown kind"
    case .vertices: "corners"
    case .faces: "faces"
    case .colours: "colours"
    }
  }

  var otherBlocks: [Document.Block] {
    var table = Table(["Tag", "What it is", "Values"], sides: [.left, .left, .right])
    for mesh in values.meshes {
      let shape: String = mesh.part.dimensions.map { "\($0)" }.joined(separator: " × ")
      let words: String = "mesh, " + Self.name(mesh.part.content) + ": " + shape
      table.add([.code(mesh.tag), Table.Cell(words), .count(mesh.count)])
    }
    for other in values.others {
      let name =
        other.plugin == "profile" || other.plugin == "run_metadata" ? "profile of one step" : other.plugin
      table.add([.code(other.tag), Table.Cell(ForeignText.line(name)), .count(other.count)])
    }
    return table.isEmpty ? [] : [.section("Other data"), .table(table)]
  }
}
