internal import Analysis

/// The tables of a page on groups.
struct SweepTables {
  let words: SweepWords

  private var groups: RunGroups { words.groups }

  /// The settings that have columns of their own; further ones stand in no table.
  static let settingLimit = 8

  // MARK: Groups

  /// A row a group: its settings, the statistics of its seeds, and how it stands beside the baseline.
  var groupTable: Table {
    let settings = groups.settings.prefix(Self.settingLimit)
    var columns = settings.map { Table.Column(.code($0.name), .right) }
    if columns.isEmpty { columns = [.init("setting")] }
    columns += [words.repeats, "mean", "sd", "min", "median", "max"].map {
      Table.Column(InlineText($0), .right)
    }
    let isCompared = groups.groups.contains { $0.effect != nil }
    if isCompared { columns += [.init("Δ %", .right), .init("verdict")] }
    var table = Table(columns)
    for (index, group) in groups.groups.enumerated() {
      var cells = settings.indices.map { cell(group.values[$0]) }
      if cells.isEmpty { cells = [Table.Cell(words.label(group))] }
      cells += [Self.count(group)] + Self.statistics(group.statistics)
      if isCompared {
        cells += [
          change(group), Table.Cell(words.verdict(group, isBaseline: index == groups.baseline)),
        ]
      }
      table.add(index == groups.baseline ? cells.map(\.strong) : cells)
    }
    return table
  }

  /// The same for a terminal, in fewer columns.
  func shortTable(limit: Int) -> Table {
    var table = Table(
      ["setting", words.repeats, "mean ± sd", "min – max", "verdict"],
      sides: [.left, .right, .right, .right, .left])
    for (index, group) in groups.groups.prefix(limit).enumerated() {
      let statistics = group.statistics
      let mean = statistics.map { Self.mean($0) } ?? "–"
      let range =
        statistics.flatMap { $0.count > 1 ? $0 : nil }
        .map { "\(NumberText.significant($0.least)) – \(NumberText.significant($0.greatest))" } ?? ""
      table.add([
        Table.Cell(words.label(group)), Self.count(group), Table.Cell(mean, value: statistics?.mean),
        Table.Cell(range), Table.Cell(words.verdict(group, isBaseline: index == groups.baseline)),
      ])
    }
    return table
  }

  private func cell(_ value: String?) -> Table.Cell {
    value.map { Table.Cell(.code(SweepWords.value($0)), value: Double($0)) } ?? "–"
  }

  /// The number of runs that count, and of those that do not.
  private static func count(_ group: RunGroup) -> Table.Cell {
    let sound = group.statistics?.count ?? 0
    let others = SweepWords.exclusions(of: group)
    return Table.Cell(
      NumberText.count(sound) + (others.isEmpty ? "" : " (\(others))"), value: Double(sound))
  }

  private static func statistics(_ statistics: SeedStatistics?) -> [Table.Cell] {
    guard let statistics else { return ["–", "", "", "", ""] }
    guard let deviation = statistics.deviation else {
      return [.significant(statistics.mean), "", "", "", ""]
    }
    return [
      .significant(statistics.mean),
      Table.Cell(NumberText.significant(deviation, digits: 2), value: deviation),
      .significant(statistics.least), .significant(statistics.median), .significant(statistics.greatest),
    ]
  }

  private static func mean(_ statistics: SeedStatistics) -> String {
    guard let deviation = statistics.deviation else { return NumberText.significant(statistics.mean) }
    return NumberText.interval(statistics.mean, halfWidth: deviation)
  }

  private func change(_ group: RunGroup) -> Table.Cell {
    guard let effect = group.effect, let share = effect.relativeDifference else { return "" }
    return Table.Cell(NumberText.signedPercent(share), value: share)
  }

  // MARK: Importance

  /// What each setting explains.
  func importanceTable(_ importance: SettingImportance) -> Table {
    let isLower = groups.metric?.direction != .higher
    var table = Table(
      ["setting", "explains", "rank correlation", isLower ? "lowest mean at" : "highest mean at", "values"],
      sides: [.left, .right, .right, .left, .right])
    for share in importance.settings {
      let setting = groups.settings[share.setting]
      let best = share.levels.min { isLower ? $0.mean < $1.mean : $0.mean > $1.mean }
      let companions = setting.companions.map { ", \(ForeignText.shortened($0, to: 40))" }.joined()
      table.add([
        Table.Cell("\(code: setting.name)\(companions)"), .percent(share.share),
        Table.Cell(share.rankCorrelation.map { Self.correlation($0) } ?? "–", value: share.rankCorrelation),
        Table.Cell(best.map { "\(Self.name($0)) (\(NumberText.significant($0.mean)))" } ?? ""),
        .count(setting.levels.count),
      ])
    }
    return table
  }

  private static func correlation(_ value: Double) -> String {
    (value > 0 ? "+" : "") + NumberText.fixed(value, places: 2)
  }

  private static func name(_ level: SettingImportance.Level) -> String {
    let ends = [level.first, level.last].map { SweepWords.value($0) }
    return ends[0] == ends[1] ? ends[0] : "\(ends[0]) to \(ends[1])"
  }

  /// Pairs of settings that explain something beyond both, and what is left.
  func importanceNotes(_ importance: SettingImportance) -> [InlineText] {
    var notes: [InlineText] = []
    let pairs = importance.pairs.filter { $0.share >= 0.005 }.prefix(5)
    for pair in pairs {
      let names = pair.settings.map { groups.settings[$0].name }
      notes.append(
        "\(code: names[0]) and \(code: names[1]) together explain \(number: NumberText.percent(pair.share)) more than each by itself."
      )
    }
    if pairs.isEmpty, !importance.pairs.isEmpty {
      notes.append("No pair of settings explains more together than each by itself (under 0.5 %).")
    }
    if let remainder = importance.remainder {
      notes.append(
        "\(number: NumberText.percent(min(1, max(0, remainder)))) of the variance is left to seeds and to what no file tells."
      )
    }
    return notes
  }
}
