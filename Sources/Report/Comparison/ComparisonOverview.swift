internal import Analysis
internal import RunFolder

/// Many runs beside the first of them, a line each.
struct ComparisonOverview {
  /// What the columns tell.
  let headers: [String]
  /// A row for the baseline, then one for each run that is held against it.
  let rows: [[String]]

  init(_ words: ComparisonWords) {
    let pairs = words.comparison.pairs
    let evaluations = pairs.map { Self.row(.evalLoss, .best, in: $0) }
    let losses = pairs.map { Self.row(.trainLoss, .final, in: $0) }
    var headers = ["run"]
    var rows = words.names.map { [$0] }
    for (name, column) in [("best eval loss", evaluations), ("final training loss", losses)]
    where column.contains(where: { $0?.effect != nil }) {
      headers += [name, "Δ %"]
      rows[0] += [
        column.lazy.compactMap { $0?.effect?.base }.first.map { NumberText.significant($0) } ?? "–", "",
      ]
      for (index, metric) in column.enumerated() {
        let effect = metric?.effect
        rows[index + 1] += [
          effect.map { NumberText.significant($0.new) } ?? "–",
          effect?.relativeDifference.map { NumberText.signedPercent($0) } ?? "",
        ]
      }
    }
    headers += ["verdict", "settings that differ"]
    rows[0] += ["baseline", ""]
    for (index, pair) in pairs.enumerated() {
      let decisive = pair.configuration.filter { $0.weight == .decisive }
      let settings = decisive.prefix(3).map { difference in
        difference.name + " " + (difference.new.map { ForeignText.shortened($0, to: 20) } ?? "–")
      }
      rows[index + 1] += [
        words.overallVerdict(pair).name,
        settings.joined(separator: ", ") + (decisive.count > 3 ? ", …" : ""),
      ]
    }
    self.headers = headers
    self.rows = rows
  }

  /// On which side the cells of each column stand.
  var sides: [MarkdownTable.Side] {
    headers.indices.map { $0 == 0 || $0 >= headers.count - 2 ? .left : .right }
  }

  private static func row(
    _ role: MetricRole, _ statistic: GateStatistic, in pair: PairComparison
  ) -> MetricComparison? {
    pair.metrics.first { role.rank(of: $0.tag) != nil && $0.statistic == statistic }
  }
}
