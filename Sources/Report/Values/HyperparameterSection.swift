internal import Analysis
internal import EventFile

/// The sessions of a search: a row a session with its settings, its metrics and how it ended.
struct HyperparameterSection {
  let table: HyperparameterTable
  /// What the runs are called, one each.
  let names: [String]

  /// The most settings that have columns of their own.
  private static let parameterLimit = 12
  /// The most sessions that are shown.
  private static let sessionLimit = 200
  /// The most settings that are told where all sessions have the same.
  private static let sharedLimit = 24

  /// The table, and what all sessions have alike.
  var blocks: [Document.Block] {
    let varying = table.varying
    let columns = Array((varying.isEmpty ? table.parameters : varying).prefix(Self.parameterLimit))
    let hasGroups = table.sessions.contains { !$0.group.isEmpty }
    var result = Table(
      [.init("Session")] + (hasGroups ? [.init("Group")] : [])
        + (columns + table.metrics).map { Table.Column(.code($0), .right) } + [.init("Status")])
    for session in table.sessions.prefix(Self.sessionLimit) {
      var cells = [Table.Cell.code(name(session))]
      if hasGroups { cells.append(.code(session.group)) }
      cells += columns.map { Self.cell(session.parameter($0)) }
      cells += table.metrics.map { .figure(session.metric($0)) }
      result.add(cells + [Self.status(session)])
    }
    var blocks: [Document.Block] = [.table(result)]
    blocks += DataQualitySection.further(table.sessions.count - result.rows.count, "session")
    let notes = [shared(besides: columns), omitted(varying.count - Self.parameterLimit)].compactMap { $0 }
    if !notes.isEmpty { blocks.append(.bullets(notes)) }
    return blocks
  }

  /// What `session` is called.
  func name(_ session: HyperparameterTable.Session) -> String {
    let name = session.run < names.count ? names[session.run] : ""
    return session.folder.isEmpty ? name : name.isEmpty ? session.folder : "\(name)/\(session.folder)"
  }

  private func shared(besides columns: [String]) -> InlineText? {
    guard table.sessions.count > 1 else { return nil }
    let varying = Set(table.varying)
    let shared = table.parameters.filter { !varying.contains($0) && !columns.contains($0) }
    guard !shared.isEmpty else { return nil }
    let words = shared.prefix(Self.sharedLimit).map { name -> InlineText in
      "\(code: name) \(Self.text(table.sessions[0].parameter(name) ?? .none))"
    }
    let rest = shared.count - words.count
    return "The same in all: \(words.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")."
  }

  private func omitted(_ parameters: Int) -> InlineText? {
    var parts: [String] = []
    if parameters > 0 { parts.append(NumberText.count(parameters, "further hyperparameter")) }
    if table.omittedMetricCount > 0 {
      parts.append(NumberText.count(table.omittedMetricCount, "further metric"))
    }
    guard !parts.isEmpty else { return nil }
    return
      "Not shown: \(parts.joined(separator: ", ")); 'ftreport export --kind hparams --format csv' has every hyperparameter."
  }

  private static func cell(_ value: Hyperparameter.Value?) -> Table.Cell {
    guard let value else { return "–" }
    if case .number(let number) = value { return Table.Cell(.code(text(value)), value: number) }
    return .code(text(value))
  }

  private static func status(_ session: HyperparameterTable.Session) -> Table.Cell {
    guard let status = session.status else { return "no end on record" }
    return status == .failure
      ? Table.Cell(.toned(.bad, InlineText(words(status)))) : Table.Cell(words(status))
  }

  /// A value as text.
  static func text(_ value: Hyperparameter.Value) -> String {
    switch value {
    case .none: "–"
    case .number(let number):
      Hyperparameter.Value.singleText(of: number) ?? NumberText.significant(number, digits: 6, trimmed: true)
    case .text(let text): ForeignText.shortened(text, to: 200)
    case .bool(let bool): "\(bool)"
    }
  }

  /// How a session stands, in words.
  static func words(_ status: HyperparameterRecord.SessionStatus) -> String {
    switch status {
    case .success: "ended well"
    case .failure: "failed"
    case .running: "was running"
    case .unknown: "without a status"
    case .other(let number): "with the status \(number)"
    }
  }
}
