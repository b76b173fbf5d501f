internal import Analysis
internal import RunFolder

/// Many runs beside the first of them, a line each: the baseline first.
struct ComparisonOverview {
  private let words: ComparisonWords

  init(_ words: ComparisonWords) { self.words = words }

  /// The table.
  var table: Table {
    let pairs = words.comparison.pairs
    let columns = [
      ("best eval loss", pairs.map { Self.row(.evalLoss, .best, in: $0) }),
      ("final training loss", pairs.map { Self.row(.trainLoss, .final, in: $0) }),
    ].filter { column in column.1.contains { $0?.effect != nil } }
    let headers = ["run"] + columns.flatMap { [$0.0, "Δ %"] } + ["verdict", "settings that differ"]
    var table = Table(
      headers, sides: headers.indices.map { $0 == 0 || $0 >= headers.count - 2 ? .left : .right })
    let base = columns.flatMap { column -> [Table.Cell] in
      [.figure(column.1.lazy.compactMap { $0?.effect?.base }.first), ""]
    }
    table.add([Table.Cell(words.names[0])] + base + ["baseline"])
    for (index, pair) in pairs.enumerated() {
      let figures = columns.flatMap { column -> [Table.Cell] in
        let effect = column.1[index]?.effect
        return [.figure(effect?.new), ComparisonWords.change(effect)]
      }
      let verdict = words.overallVerdict(pair)
      table.add(
        [Table.Cell(words.names[index + 1])] + figures
          + [Table.Cell(InlineText(verdict.name).toned(.init(verdict))), Table.Cell(Self.settings(pair))])
    }
    return table
  }

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
