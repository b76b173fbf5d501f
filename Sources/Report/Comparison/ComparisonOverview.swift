internal import Analysis
internal import RunFolder

/// Many runs beside the first of them, a line each: the baseline first.
struct ComparisonOverview {
  private let words: ComparisonWords

  init(_ words: ComparisonWords) { self.words = words }

  /// A figure that the table has of each run.
  private struct Column {
    var name: String
    var effects: [Effect?]

    /// Whether the baseline's figure is one for all runs: not where each is compared over what it shares with it.
    var hasOneBaseline: Bool { Set(effects.compactMap { $0?.base }).count < 2 }

    func cell(_ index: Int) -> Table.Cell {
      guard let effect = effects[index] else { return "–" }
      if hasOneBaseline { return .figure(effect.new) }
      return Table.Cell(
        "\(NumberText.significant(effect.new)) (\(NumberText.significant(effect.base)))", value: effect.new)
    }
  }

  /// What decides, and the losses.
  private var columns: [Column] {
    let pairs = words.comparison.pairs
    let deciding = pairs.map(\.deciding)
    var columns: [Column] = []
    if let row = deciding.lazy.compactMap({ $0 }).first, !MetricRole.isLoss(row.tag) {
      columns.append(
        Column(
          name: ComparisonWords.name(row), effects: deciding.map { $0?.tag == row.tag ? $0?.effect : nil }))
    }
    columns += [
      Column(name: "best eval loss", effects: pairs.map { Self.row(.evalLoss, .best, in: $0)?.effect }),
      Column(
        name: "training loss, mean at the end",
        effects: pairs.map { Self.row(.trainLoss, .final, in: $0)?.effect }),
    ]
    return columns.filter { column in column.effects.contains { $0 != nil } }
  }

  /// The table.
  var table: Table {
    let columns = columns
    let headers =
      ["run"] + columns.flatMap { [$0.hasOneBaseline ? $0.name : "\($0.name) (baseline)", "Δ %"] }
      + ["verdict", "settings that differ"]
    var table = Table(
      headers, sides: headers.indices.map { $0 == 0 || $0 >= headers.count - 2 ? .left : .right })
    let base = columns.flatMap { column -> [Table.Cell] in
      [column.hasOneBaseline ? .figure(column.effects.lazy.compactMap { $0?.base }.first) : "", ""]
    }
    table.add([Table.Cell(words.names[0])] + base + ["baseline"])
    for (index, pair) in words.comparison.pairs.enumerated() {
      let figures = columns.flatMap { column -> [Table.Cell] in
        [column.cell(index), ComparisonWords.change(column.effects[index])]
      }
      let verdict = words.overallVerdict(pair)
      table.add(
        [Table.Cell(words.names[index + 1])] + figures
          + [Table.Cell(InlineText(verdict.name).toned(.init(verdict))), Table.Cell(Self.settings(pair))])
    }
    return table
  }

  /// What the figures in brackets are.
  static let ownSpans: InlineText =
    "runs of other lengths are compared over what each shares with the baseline, whose figure there stands in brackets"

  /// Whether some run is compared over a span of its own, so that the baseline's figure is not the same for all.
  var hasOwnSpans: Bool { columns.contains { !$0.hasOneBaseline } }

  private static func settings(_ pair: PairComparison) -> String {
    let decisive = pair.configuration.filter { $0.weight == .decisive }
    let settings = decisive.prefix(3).map { difference in
      difference.name + " " + (difference.new.map { ForeignText.shortened($0, to: 20) } ?? "–")
    }
    return settings.joined(separator: ", ") + (decisive.count > 3 ? ", …" : "")
  }

  private static func row(
    _ role: MetricRole, _ statistic: GateStatistic, in pair: PairComparison
  ) -> MetricComparison? {
    pair.metrics.first { role.rank(of: $0.tag) != nil && $0.statistic == statistic }
  }
}
