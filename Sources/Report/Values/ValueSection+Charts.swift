internal import Analysis
internal import RunFolder

extension ValueSection {
  /// The most obstacles of a group that are told one by one.
  private static let obstacleLimit = 20

  /// The charts that the writer laid out.
  func chartBlocks(isIllustrated: Bool) -> [Document.Block] {
    guard !charts.isEmpty else { return [] }
    var blocks: [Document.Block] = [.section("Charts as laid out")]
    for entry in charts {
      let group = entry.group
      if charts.count > 1 || !["", "default"].contains(group.title) {
        blocks.append(.heading(level: 3, InlineText(ForeignText.shortened(group.title, to: 120))))
      }
      if isIllustrated {
        blocks += entry.pictures.map { .picture($0) }
      } else {
        blocks.append(.bullets(group.charts.filter { !$0.isEmpty }.map(Self.words)))
      }
      let obstacles = group.charts.flatMap { chart in
        chart.obstacles.map { "\(Self.title(chart)): \(Self.words($0))." as InlineText }
      }
      var notes = Array(obstacles.prefix(Self.obstacleLimit))
      if obstacles.count > notes.count {
        notes.append("And \(NumberText.count(obstacles.count - notes.count)) more.")
      }
      for chart in group.charts where chart.omittedCount > 0 {
        notes.append(
          "\(Self.title(chart)): not drawn are \(NumberText.count(chart.omittedCount, "further line")).")
      }
      if group.omittedCount > 0 {
        notes.append("Not drawn are \(NumberText.count(group.omittedCount, "further chart")) of the group.")
      }
      if !notes.isEmpty { blocks.append(.bullets(notes)) }
    }
    return blocks
  }

  private static func title(_ chart: ChartGroup.Chart) -> InlineText {
    chart.title.isEmpty
      ? "A chart without a title" : .strong(InlineText(ForeignText.shortened(chart.title, to: 120)))
  }

  private static func words(_ chart: ChartGroup.Chart) -> InlineText {
    let lines = chart.lines.map { InlineText.code($0) }
    let margins = chart.margins.map { margin -> InlineText in
      "\(code: margin.value) between \(code: margin.lower) and \(code: margin.upper)"
    }
    return "\(title(chart)): \((lines + margins).joined(separator: ", "))"
  }

  /// What of a chart cannot be drawn.
  static func words(_ obstacle: ChartGroup.Obstacle) -> InlineText {
    switch obstacle {
    case .noTag(let pattern): "no metric fits \(code: ForeignText.shortened(pattern, to: 120))"
    case .unknownTag(let tag): "there is no metric \(code: ForeignText.shortened(tag, to: 120))"
    case .badPattern(let pattern, .invalid(let reason)):
      "\(code: ForeignText.shortened(pattern, to: 120)) is no regular expression: \(reason)"
    case .badPattern(let pattern, .unsupported(let reason)):
      "\(code: ForeignText.shortened(pattern, to: 120)) is not followed: \(reason)"
    }
  }
}
