internal import Analysis
internal import Bytes
internal import EventFile

/// The losses of a run in characters, a drawing that takes any width.
public struct TextChart: Equatable, Sendable {
  private let analysis: RunAnalysis
  private let axis: HorizontalAxis
  private let rows: Int

  /// The picture of `analysis`; nil where the run has no finite loss.
  init?(_ analysis: RunAnalysis, axis: HorizontalAxis, rows: Int = 12) {
    let values = (analysis.loss?.series.values ?? []) + (analysis.evaluation?.series.values ?? [])
    guard values.contains(where: \.isFinite) else { return nil }
    self.analysis = analysis
    self.axis = axis
    self.rows = rows
  }

  /// The smoothed loss; nil where its points say more: of fewer than 40, and of zeros in the place of NaN.
  private var smoothed: SmoothedCurve? {
    guard !analysis.isFiltered, let loss = analysis.loss, loss.series.count >= 40 else { return nil }
    return analysis.smoothed(loss.series)
  }

  /// The lines, none longer than `width` columns.
  func lines(width: Int) -> [InlineText] {
    let mapping = HorizontalMapping(axis, for: analysis)
    let smoothed = smoothed
    let losses = smoothed?.values ?? analysis.loss?.series.values ?? []
    let allPlaces = analysis.loss.map { mapping.places(of: $0.series) } ?? []
    let lossPlaces = smoothed.map { allPlaces.at($0.indices) } ?? allPlaces
    let evaluations = analysis.evaluation?.series.values ?? []
    let evaluationPlaces = analysis.evaluation.map { mapping.places(of: $0.series) } ?? []

    let hull = analysis.valueRange(of: analysis.loss?.tag)
    let shown = ValueRange.shown(losses, always: evaluations, hull: hull) ?? 0...1
    let kind: Scale.Kind =
      ValueRange.wantsLogarithm(losses, always: evaluations, hull: hull) && shown.lowerBound > 0
      ? .logarithmic : .linear
    let yDomain = ValueRange.padded(shown, by: 0.02, kind: kind)
    let xDomain = HorizontalMapping.domain(of: [lossPlaces, evaluationPlaces])
    let labels = Self.labels(kind, yDomain, rows: rows)
    let margin = labels.values.map(\.count).max() ?? 0

    var canvas = BrailleCanvas(columns: max(width - margin - 3, 8), rows: rows)
    let x = Scale.linear(xDomain, from: 0, to: Double(canvas.width - 1))
    let y = Self.scale(kind, yDomain, from: Double(canvas.height - 1), to: 0)
    let reduced = LineReduction(x: lossPlaces, y: losses, domain: xDomain, columns: canvas.width)
    for piece in reduced.pieces {
      var last: (x: Int, y: Int)?
      for point in piece {
        let place = (x: Int(clamping: x(point.x).rounded()), y: Self.dot(y(point.y), height: canvas.height))
        canvas.line(from: last ?? place, to: place)
        last = place
      }
    }
    var marks: [Int: Character] = [:]
    func mark(_ place: Double, _ value: Double, _ character: Character) {
      guard place.isFinite, value.isFinite else { return }
      let column = Int(clamping: x(place).rounded()) / 2
      let row = Self.dot(y(value), height: canvas.height) / 4
      guard (0..<canvas.columns).contains(column), (0..<rows).contains(row) else { return }
      marks[row * canvas.columns + column] = character
    }
    if evaluations.count <= canvas.columns / 2 {
      for (place, value) in zip(evaluationPlaces, evaluations) { mark(place, value, "o") }
    }
    if let best = analysis.evaluation?.best { mark(mapping.place(of: best.step), best.value, "*") }

    var lines = (0..<rows).map { row in
      let label = Self.spaces(margin - (labels[row]?.count ?? 0)) + (labels[row] ?? "")
      return .toned(.quiet, "\(label)\(labels[row] == nil ? " │" : " ┤")")
        + Self.line(canvas, row: row, marks: marks)
    }
    let rule = String(repeating: "─", count: canvas.columns)
    lines.append(.toned(.quiet, "\(Self.spaces(margin + 1))└\(rule)"))
    lines.append(.toned(.quiet, InlineText(axisLine(mapping, x, margin: margin, width: width))))
    return lines + key(margin: margin, width: width)
  }

  /// What line and marks mean, in as many lines as the width asks for.
  private func key(margin: Int, width: Int) -> [InlineText] {
    let words = [
      analysis.loss == nil
        ? nil
        : smoothed == nil ? "line: training loss" : "line: training loss, \(analysis.curveSmoothing.words)",
      analysis.evaluation?.series.isEmpty == false ? "o evaluation" : nil,
      analysis.evaluation?.best == nil ? nil : "* best evaluation",
    ].compactMap { $0 }
    var lines: [String] = []
    for word in words {
      if let last = lines.last, margin + 4 + last.count + word.count <= width {
        lines[lines.count - 1] = "\(last), \(word)"
      } else {
        lines.append(word)
      }
    }
    return lines.map { .toned(.quiet, "\(Self.spaces(margin + 2))\($0)") }
  }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private static func line(_ canvas: BrailleCanvas, row: Int, marks: [Int: Character]) -> InlineText {
    var text = InlineText()
    var run = ""
    for column in 0..<canvas.columns {
      if let character = marks[row * canvas.columns + column] {
        text += .toned(.curve, InlineText(run)) + .toned(.mark, InlineText(String(character)))
        run = ""
      } else {
        run.append(canvas.character(column, row))
      }
    }
    while run.last == " " { run.removeLast() }
    return text + .toned(.curve, InlineText(run))
  }

  private static func scale(
    _ kind: Scale.Kind, _ domain: ClosedRange<Double>, from start: Double, to end: Double
  ) -> Scale {
    kind == .linear ? .linear(domain, from: start, to: end) : .logarithmic(domain, from: start, to: end)
  }

  private static func dot(_ position: Double, height: Int) -> Int {
    position.isNaN ? height - 1 : Int(clamping: min(max(position, 0), Double(height - 1)).rounded())
  }

  /// Labels of round values by the rows they fall on.
  private static func labels(_ kind: Scale.Kind, _ domain: ClosedRange<Double>, rows: Int) -> [Int: String] {
    let scale = scale(kind, domain, from: Double(rows) - 0.5, to: -0.5)
    var labels: [Int: String] = [:]
    for tick in scale.ticks(max(2, rows / 3)) {
      let row = Int(clamping: scale(tick.value).rounded())
      if (0..<rows).contains(row), labels[row] == nil { labels[row] = tick.label }
    }
    return labels
  }

  /// The labels under the chart, each beginning under its place; one that would touch the one before is left out.
  private func axisLine(_ mapping: HorizontalMapping, _ scale: Scale, margin: Int, width: Int) -> String {
    var line = String(repeating: " ", count: margin + 2)
    let name = " " + mapping.name
    for tick in mapping.ticks(on: scale, count: 6) {
      let place = margin + 2 + Int(clamping: scale.clamped(tick.value).rounded()) / 2
      let start = max(0, min(place - tick.label.count / 2, width - tick.label.count - name.count))
      guard line.allSatisfy({ $0 == " " }) || start > line.count else { continue }
      line = String(line.prefix(start))
      line += String(repeating: " ", count: start - line.count) + tick.label
    }
    return line + name
  }
}
