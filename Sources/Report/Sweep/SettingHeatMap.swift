internal import Analysis

/// The mean figure by the values of the two settings that explain most.
struct SettingHeatMap {
  private let groups: RunGroups
  private let words: SweepWords
  private let row: VaryingSetting
  private let column: VaryingSetting

  /// The most values of a setting that has a side of the map.
  private static let limit = 16

  /// The map; nil where there are no two settings with few enough values.
  init?(_ sweep: SweepAnalysis) {
    guard let importance = sweep.importance else { return nil }
    let settings = importance.settings.map { sweep.groups.settings[$0.setting] }
      .filter { (2...Self.limit).contains($0.levels.count) && !$0.values.contains(nil) }
    guard settings.count >= 2 else { return nil }
    groups = sweep.groups
    words = SweepWords(sweep: sweep)
    // The side with more values is the wider one.
    let isFirstWider = settings[0].levels.count > settings[1].levels.count
    column = settings[isFirstWider ? 0 : 1]
    row = settings[isFirstWider ? 1 : 0]
  }

  var title: String { "Mean \(words.figureName) by \(column.name) and \(row.name)" }

  private static let rowHeight = 26.0
  private static let top = 74.0

  /// The mean over the runs of each cell; nil where there is none.
  private var cells: [[SeedStatistics?]] {
    var figures: [[String]: [Double]] = [:]
    for group in groups.groups {
      for (member, figure) in zip(group.members, group.figures) {
        guard let figure, let left = row.values[member], let right = column.values[member] else { continue }
        figures[[left, right], default: []].append(figure)
      }
    }
    return row.levels.map { left in column.levels.map { SeedStatistics(of: figures[[left, $0]] ?? []) } }
  }

  var document: SVGDocument {
    let cells = cells
    let means = cells.joined().compactMap { $0?.mean }
    let (least, greatest) = (means.min() ?? 0, means.max() ?? 1)
    let isLower = groups.metric?.direction != .higher
    func share(_ mean: Double) -> Double {
      guard greatest > least else { return 0.5 }
      let share = (mean - least) / (greatest - least)
      return isLower ? 1 - share : share
    }
    let names = row.levels.map { SweepWords.value($0) }
    let widest = names.map { TextMeasure.width($0, size: Theme.tickSize) }.max() ?? 0
    let left = 16 + max(min(170, widest), 40) + 14
    let width = min((Theme.width - left - 16) / Double(column.levels.count), 110)
    let bottom = Self.top + Double(row.levels.count) * Self.rowHeight
    var document = SVGDocument(
      width: Theme.width, height: bottom + 50, title: title, description: description(cells))
    document.text(
      TextMeasure.fitted(title, size: Theme.titleSize, width: Theme.width - 32, bold: true), x: 16, y: 25,
      size: Theme.titleSize, bold: true)
    document.text(
      "mean over seeds and other settings; the best is darkest on a light page, brightest on a dark one",
      x: 16, y: 43,
      size: Theme.labelSize, paint: .muted)
    document.text(
      TextMeasure.fitted(SweepWords.short(row.name), size: Theme.tickSize, width: left - 24), x: left - 8,
      y: Self.top - 8, paint: .muted, anchor: .end)
    for (number, line) in cells.enumerated() {
      let top = Self.top + Double(number) * Self.rowHeight
      document.text(
        TextMeasure.fitted(names[number], size: Theme.tickSize, width: left - 26), x: left - 8,
        y: top + Self.rowHeight / 2 + 3.8, anchor: .end)
      for (place, cell) in line.enumerated() {
        draw(
          cell, share: cell.map { share($0.mean) }, x: left + Double(place) * width, y: top, width: width,
          &document)
      }
    }
    for (place, level) in column.levels.enumerated() {
      document.text(
        TextMeasure.fitted(SweepWords.value(level), size: Theme.tickSize, width: width - 4),
        x: left + (Double(place) + 0.5) * width, y: bottom + 16, anchor: .middle)
    }
    document.text(
      SweepWords.short(column.name), x: left + width * Double(column.levels.count) / 2, y: bottom + 34,
      paint: .muted,
      anchor: .middle)
    return document
  }

  private func draw(
    _ cell: SeedStatistics?, share: Double?, x: Double, y: Double, width: Double,
    _ document: inout SVGDocument
  ) {
    guard let cell, let share else {
      document.text("·", x: x + width / 2, y: y + Self.rowHeight / 2 + 4, paint: .quiet, anchor: .middle)
      return
    }
    let paint = Paint.sequential(share: share)
    document.rectangle(x: x, y: y, width: width - 1, height: Self.rowHeight - 1, fill: paint)
    let number = TickLabels.minus(NumberText.significant(cell.mean))
    guard TextMeasure.width(number, size: 10) < width - 4 else { return }
    document.text(
      number, x: x + (width - 1) / 2, y: y + Self.rowHeight / 2 + 3.4, size: 10, paint: paint.text,
      anchor: .middle)
  }

  private func description(_ cells: [[SeedStatistics?]]) -> String {
    var parts: [String] = []
    for (left, line) in zip(row.levels, cells) {
      for (right, cell) in zip(column.levels, line) {
        guard let cell else { continue }
        parts.append(
          "\(SweepWords.short(column.name)) \(SweepWords.value(right)), \(SweepWords.short(row.name)) "
            + "\(SweepWords.value(left)): \(NumberText.significant(cell.mean)) over \(cell.count)")
      }
    }
    return parts.prefix(100).joined(separator: ". ")
  }
}
