internal import Analysis

/// Each group as a line through its values of all settings to its figure.
struct ParallelCoordinates {
  private let groups: RunGroups
  private let words: SweepWords
  private let axes: [Axis]

  /// The most settings that have an axis; those that explain most come first.
  private static let limit = 6
  /// The most values that stand apart on an axis; more of them are numbers on a scale.
  private static let levelLimit = 12

  /// A setting as an axis: where each value stands, from 0 at the foot to 1.
  private struct Axis {
    var setting: Int
    var name: String
    var places: [String: Double]
    var labels: [(place: Double, text: String)]

    /// The labels as they are drawn where axes stand so far apart, and the width of the widest.
    func fitted(_ pitch: Double) -> [(place: Double, text: String)] {
      labels.map {
        ($0.place, TextMeasure.fitted($0.text, size: Theme.tickSize, width: min(pitch / 2, 82)))
      }
    }
    func labelWidth(_ pitch: Double) -> Double {
      fitted(pitch).map { TextMeasure.width($0.text, size: Theme.tickSize) }.max() ?? 0
    }
  }

  /// The picture; nil with fewer than three groups that have a figure, or without a setting.
  init?(_ sweep: SweepAnalysis) {
    guard let importance = sweep.importance, sweep.groups.groups.count(where: { $0.statistics != nil }) >= 3
    else {
      return nil
    }
    groups = sweep.groups
    words = SweepWords(sweep: sweep)
    axes = importance.settings.prefix(Self.limit).compactMap {
      Self.axis($0.setting, sweep.groups.settings[$0.setting])
    }
    if axes.isEmpty { return nil }
  }

  private static func axis(_ index: Int, _ setting: VaryingSetting) -> Axis? {
    let levels = setting.levels
    let values = levels.compactMap { Double($0) }
    var places: [String: Double] = [:]
    var labels: [(place: Double, text: String)] = []
    if levels.count > levelLimit, values.count == levels.count, let least = values.first,
      let greatest = values.last,
      least < greatest
    {
      let isLogarithmic = least > 0 && greatest > 20 * least
      let scale: Scale =
        isLogarithmic
        ? .logarithmic(least...greatest, from: 0, to: 1) : .linear(least...greatest, from: 0, to: 1)
      for (level, value) in zip(levels, values) { places[level] = scale.clamped(value) }
      labels = scale.ticks(5).map { (scale.clamped($0.value), $0.label) }
    } else {
      guard levels.count <= 60 else { return nil }
      let all = (setting.values.contains(nil) ? ["–"] : []) + levels
      for (place, level) in all.enumerated() {
        let share = all.count > 1 ? Double(place) / Double(all.count - 1) : 0.5
        places[level] = share
        if all.count <= 24 { labels.append((share, level == "–" ? level : SweepWords.value(level))) }
      }
    }
    return Axis(setting: index, name: SweepWords.short(setting.name), places: places, labels: labels)
  }

  var title: String { "Settings and \(words.figureName)" }

  var document: SVGDocument {
    let frame = Frame(left: 96, top: 92, width: Theme.width - 96 - 92, height: 260)
    let drawn = groups.groups.filter { $0.statistics != nil }
    let means = drawn.compactMap { $0.statistics?.mean }
    let hull = ValueRange.widened((means.min() ?? 0)...(means.max() ?? 1))
    let figures = Scale.linear(hull, from: frame.bottom, to: frame.top)
    var document = SVGDocument(
      width: Theme.width, height: frame.bottom + 28, title: title, description: description(drawn))
    document.text(title, x: 16, y: 25, size: Theme.titleSize, bold: true)
    document.text(
      "a line for each setting\(groups.hasRepeats ? ", mean over its seeds" : ""); the best in orange, better ones stronger",
      x: 16, y: 43, size: Theme.labelSize, paint: .muted)
    let pitch = frame.width / Double(axes.count)
    // The worst first, so that the best lie over them.
    for (rank, group) in drawn.enumerated().reversed() {
      guard let mean = group.statistics?.mean else { continue }
      var path = PathData()
      for (index, axis) in axes.enumerated() {
        let share = axis.places[group.values[axis.setting] ?? "–"] ?? 0
        let (x, y) = (frame.left + Double(index) * pitch, frame.bottom - share * frame.height)
        // A line ends before the values of an axis, and goes on behind them.
        if index > 0 { path.line(x - axis.labelWidth(pitch) - 12, y) }
        path.move(x, y)
      }
      path.line(frame.right, figures.clamped(mean))
      let share = drawn.count > 1 ? 1 - Double(rank) / Double(drawn.count - 1) : 1
      document.path(
        path, stroke: rank == 0 ? .series(1) : .sequential(share: 0.25 + 0.75 * share),
        lineWidth: rank == 0 ? 2.6 : 1.3,
        opacity: rank == 0 ? 1 : 0.35 + 0.55 * share)
    }
    for (index, axis) in axes.enumerated() {
      draw(axis, x: frame.left + Double(index) * pitch, frame: frame, width: pitch, in: &document)
    }
    drawFigures(figures, frame: frame, in: &document)
    return document
  }

  private func draw(_ axis: Axis, x: Double, frame: Frame, width: Double, in document: inout SVGDocument) {
    document.line(x1: x, y1: frame.top, x2: x, y2: frame.bottom, stroke: .frame)
    document.text(
      TextMeasure.fitted(axis.name, size: Theme.labelSize, width: width - 6), x: x, y: frame.top - 14,
      size: Theme.labelSize, anchor: .middle, bold: true)
    for label in axis.fitted(width) {
      document.text(
        label.text, x: x - 6, y: frame.bottom - label.place * frame.height + 3.8, paint: .ink, anchor: .end)
    }
  }

  private func drawFigures(_ figures: Scale, frame: Frame, in document: inout SVGDocument) {
    document.line(x1: frame.right, y1: frame.top, x2: frame.right, y2: frame.bottom, stroke: .frame)
    document.text(
      TextMeasure.fitted(words.figureName, size: Theme.labelSize, width: 170), x: Theme.width - 16,
      y: frame.top - 14,
      size: Theme.labelSize, anchor: .end, bold: true)
    for tick in figures.ticks(6) {
      document.text(
        TickLabels.minus(tick.label), x: frame.right + 7, y: figures(tick.value) + 3.8, paint: .muted)
    }
  }

  private func description(_ drawn: [RunGroup]) -> String {
    drawn.prefix(60).compactMap { group in
      group.statistics.map { "\(words.label(group)): \(NumberText.significant($0.mean))" }
    }.joined(separator: ". ")
  }
}
