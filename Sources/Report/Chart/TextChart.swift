internal import Analysis
internal import Bytes
internal import EventFile

/// A curve in characters, a drawing that takes any width.
public struct TextChart: Equatable, Sendable {
  private let subject: Subject
  private let rows: Int

  private enum Subject: Equatable, Sendable {
    case run(RunAnalysis, HorizontalScale)
    case gate(GateCurves)
  }

  /// What is drawn.
  struct Drawing {
    /// What the horizontal axis counts.
    var mapping: HorizontalMapping
    /// The curve.
    var places: Places
    var values: [Double]
    /// Points beside it, which have room or are left out.
    var dots: [ChartPoint] = []
    /// The one point that matters most.
    var star: ChartPoint?
    /// The places of values that are not finite, which a line cannot show.
    var gaps: [Double] = []
    /// A level across the drawing.
    var level: Double?
    /// How values become heights, and those at the foot and the head.
    var kind: Scale.Kind
    var domain: ClosedRange<Double>
    /// What line and marks mean.
    var words: [String]
  }

  /// The losses of `analysis`; nil where the run has no finite loss.
  init?(_ analysis: RunAnalysis, axis: HorizontalScale, rows: Int = 12) {
    let values = (analysis.loss?.series.values ?? []) + (analysis.evaluation?.series.values ?? [])
    guard values.contains(where: \.isFinite) else { return nil }
    subject = .run(analysis, axis)
    self.rows = rows
  }

  /// What a gate looked at, beside its baseline.
  init(_ curves: GateCurves, rows: Int = 10) {
    subject = .gate(curves)
    self.rows = rows
  }

  private var drawing: Drawing {
    switch subject {
    case .run(let analysis, let axis): analysis.drawing(on: axis)
    case .gate(let curves): curves.drawing
    }
  }

  /// The lines, none longer than `width` columns.
  func lines(width: Int) -> [InlineText] {
    let drawing = drawing
    let dots = drawing.dots.map(\.x)
    let xDomain = HorizontalMapping.domain(of: [drawing.places, Places(dots)])
    let labels = Self.labels(drawing.kind, drawing.domain, rows: rows)
    let margin = labels.values.map(\.count).max() ?? 0

    var canvas = BrailleCanvas(columns: max(width - margin - 3, 8), rows: rows)
    let x = Scale.linear(xDomain, from: 0, to: Double(canvas.width - 1))
    let y = Self.scale(drawing.kind, drawing.domain, from: Double(canvas.height - 1), to: 0)
    let reduced = LineReduction(
      x: drawing.places, y: drawing.values, domain: xDomain, columns: canvas.width)
    for piece in reduced.pieces {
      var last: (x: Int, y: Int)?
      for point in piece {
        let place = (x: Int(clamping: x(point.x).rounded()), y: Self.dot(y(point.y), height: canvas.height))
        canvas.line(from: last ?? place, to: place)
        last = place
      }
    }
    var marks: [Int: Character] = [:]
    if let level = drawing.level, level.isFinite, drawing.domain.contains(level) {
      let row = Self.dot(y(level), height: canvas.height) / 4
      for column in 0..<canvas.columns where canvas.character(column, row) == " " {
        marks[row * canvas.columns + column] = "╌"
      }
    }
    func mark(_ point: ChartPoint, _ character: Character) {
      guard point.x.isFinite, point.y.isFinite else { return }
      let column = Int(clamping: x(point.x).rounded()) / 2
      let row = Self.dot(y(point.y), height: canvas.height) / 4
      guard (0..<canvas.columns).contains(column), (0..<rows).contains(row) else { return }
      marks[row * canvas.columns + column] = character
    }
    for place in drawing.gaps { mark(ChartPoint(x: place, y: drawing.domain.lowerBound), "×") }
    if drawing.dots.count <= canvas.columns / 2 {
      for point in drawing.dots { mark(point, "o") }
    }
    if let star = drawing.star { mark(star, "*") }

    var lines = (0..<rows).map { row in
      let label = Self.spaces(margin - (labels[row]?.count ?? 0)) + (labels[row] ?? "")
      return .toned(.quiet, "\(label)\(labels[row] == nil ? " │" : " ┤")")
        + Self.line(canvas, row: row, marks: marks)
    }
    let rule = String(repeating: "─", count: canvas.columns)
    lines.append(.toned(.quiet, "\(Self.spaces(margin + 1))└\(rule)"))
    lines.append(.toned(.quiet, InlineText(axisLine(drawing.mapping, x, margin: margin, width: width))))
    let words = drawing.words + (drawing.gaps.isEmpty ? [] : ["× not finite"])
    return lines + key(words, margin: margin, width: width)
  }

  /// What line and marks mean, in as many lines as the width asks for.
  private func key(_ words: [String], margin: Int, width: Int) -> [InlineText] {
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

extension TextChart {
  /// The places of the values that are not finite.
  static func gaps(_ values: [Double], at places: Places) -> [Double] {
    zip(places, values).compactMap { $1.isFinite ? nil : $0 }
  }
}

extension RunAnalysis {
  /// The losses as text draws them: smoothed, unless the points say more, as fewer than 40 do.
  fileprivate func drawing(on axis: HorizontalScale) -> TextChart.Drawing {
    let mapping = HorizontalMapping(axis, for: self)
    let smoothed = loss.flatMap { $0.series.count >= 40 ? self.smoothed($0.series) : nil }
    let values = smoothed?.values ?? loss?.series.values ?? []
    let places = loss.map { mapping.places(of: $0.series) } ?? []
    let evaluations = evaluation?.series.values ?? []
    let evaluationPlaces = evaluation.map { mapping.places(of: $0.series) } ?? []
    let hull = valueRange(of: loss?.tag)
    let shown = ValueRange.shown(values, always: evaluations, hull: hull) ?? 0...1
    let kind: Scale.Kind =
      ValueRange.wantsLogarithm(values, always: evaluations, hull: hull) && shown.lowerBound > 0
      ? .logarithmic : .linear
    return TextChart.Drawing(
      mapping: mapping, places: smoothed.map { places.at($0.indices) } ?? places, values: values,
      dots: zip(evaluationPlaces, evaluations).map { ChartPoint(x: $0, y: $1) },
      star: evaluation?.best.map { ChartPoint(x: mapping.place(of: $0.step), y: $0.value) },
      gaps: TextChart.gaps(loss?.series.values ?? [], at: places),
      kind: kind, domain: ValueRange.padded(shown, by: 0.02, kind: kind),
      words: [
        loss == nil
          ? nil
          : smoothed == nil ? "line: training loss" : "line: training loss, \(curveSmoothing.words)",
        evaluations.isEmpty ? nil : "o evaluation",
        evaluation?.best == nil ? nil : "* best evaluation",
      ].compactMap { $0 })
  }
}
