internal import Analysis
internal import Bytes
internal import Checkpoint
internal import Weights

/// Type of module × layer as coloured cells: ‖ΔW‖ of both checkpoints side by side on one scale, or the relative
/// change, alone where there are no modules.
struct HeatMapChart {
  private let analysis: CheckpointAnalysis
  private let labels: CheckpointLabels
  private let isChange: Bool

  /// A figure of one side.
  private struct Side {
    var title: String
    var value: (CheckpointComparison.Total) -> Double?
  }

  /// The chart; nil where there is no stack of layers.
  ///
  /// - Parameter isOfChange: whether the relative change is shown also where there are modules.
  init?(_ analysis: CheckpointAnalysis, isOfChange: Bool = false) {
    guard !analysis.stacks.isEmpty else { return nil }
    self.analysis = analysis
    labels = CheckpointLabels(analysis)
    isChange = isOfChange || analysis.comparison.modules.isEmpty
    if isChange && !analysis.comparison.isPair { return nil }
    if isOfChange,
      !analysis.stacks.contains(where: { $0.cells.joined().contains { ($0?.relativeChange ?? 0) > 0 } })
    {
      return nil
    }
  }

  private var sides: [Side] {
    if isChange { return [Side(title: "relative \(labels.change)") { $0.relativeChange }] }
    let after = Side(title: labels.after) { $0.count.after > 0 ? $0.norm.after : nil }
    guard analysis.comparison.isPair else { return [after] }
    return [
      Side(title: labels.before) { $0.count.before > 0 ? $0.norm.before : nil }, after,
    ]
  }

  private static let labelSize = Theme.tickSize
  private static let rowHeight = 17.0
  private static let top = 74.0
  private static let stackHead = 20.0

  var title: String {
    isChange
      ? "Relative \(labels.change) by type of module and layer"
      : "‖ΔW‖ by type of module and layer, one scale for all"
  }

  /// The value from which cells have the darkest colour, and whether greater ones are cut off there.
  private var limit: (value: Double, isCut: Bool) {
    var values: [Double] = []
    for side in sides {
      for cell in analysis.stacks.flatMap(\.cells).joined() {
        if let value = cell.flatMap(side.value), value.isFinite { values.append(value) }
      }
    }
    values.sort()
    guard let greatest = values.last, greatest > 0 else { return (1, false) }
    // A single module that blew up must not make all others look alike.
    let high = values[min(values.count - 1, Int(clamping: 0.97 * Double(values.count)))]
    guard greatest > 5 * high, high > 0 else { return (greatest, false) }
    return (values.last { $0 <= 2 * high } ?? high, true)
  }

  var document: SVGDocument {
    let (limit, isCut) = limit
    let stacks = analysis.stacks
    let names = stacks.flatMap(\.types).map(Self.short)
    let left =
      16 + min(170, (names.map { TextMeasure.width($0, size: Self.labelSize) }.max() ?? 0)) + 10
    let gap = 26.0
    let width = (Theme.width - left - 16 - gap * Double(sides.count - 1)) / Double(sides.count)
    let heights = stacks.map { Double($0.types.count) * Self.rowHeight + Self.stackHead + 26 }
    var document = SVGDocument(
      width: Theme.width, height: Self.top + heights.reduce(0, +) + 40, title: title, description: description
    )
    document.text(title, x: 16, y: 25, size: Theme.titleSize, bold: true)
    for (index, side) in sides.enumerated() {
      document.text(
        TextMeasure.fitted(side.title, size: Theme.labelSize, width: width),
        x: left + Double(index) * (width + gap), y: 48, size: Theme.labelSize, paint: .muted)
    }
    var y = Self.top - 12
    for (stack, height) in zip(stacks, heights) {
      document.text(stack.name, x: left, y: y + 10, paint: .muted)
      for (row, type) in stack.types.enumerated() {
        document.text(
          TextMeasure.fitted(Self.short(type), size: Self.labelSize, width: left - 26), x: left - 8,
          y: y + Self.stackHead + (Double(row) + 0.5) * Self.rowHeight + 3.8, paint: .ink, anchor: .end)
      }
      for (index, side) in sides.enumerated() {
        draw(
          stack, side, limit, x: left + Double(index) * (width + gap), y: y + Self.stackHead, width: width,
          in: &document)
      }
      y += height
    }
    drawKey(limit, isCut, x: left, y: y + 6, width: min(width, 300), in: &document)
    return document
  }

  private func draw(
    _ stack: LayerStack, _ side: Side, _ limit: Double, x: Double, y: Double, width: Double,
    in document: inout SVGDocument
  ) {
    // Cells stand at their layer's number, so that missing layers leave a hole.
    let cell = min(width / Double(stack.layers.count), 90)
    for (row, cells) in stack.cells.enumerated() {
      let top = y + Double(row) * Self.rowHeight
      for (column, total) in cells.enumerated() {
        let place = x + Double(column) * cell
        guard let value = total.flatMap(side.value), value.isFinite else {
          document.text(
            total == nil ? "·" : "×", x: place + cell / 2, y: top + Self.rowHeight / 2 + 4,
            paint: total == nil ? .quiet : .alert, anchor: .middle)
          continue
        }
        let paint = Paint.sequential(share: value / limit)
        let isBeyond = value > limit * 1.000001
        document.rectangle(
          x: place, y: top, width: cell - 1, height: Self.rowHeight - 1, fill: paint,
          stroke: isBeyond ? .alert : nil, lineWidth: 1.5)
        let number = isChange ? NumberText.percent(value) : NumberText.significant(value, digits: 3)
        if TextMeasure.width(number, size: 10) < cell - 4 {
          document.text(
            number, x: place + (cell - 1) / 2, y: top + Self.rowHeight / 2 + 3.2, size: 10, paint: paint.text,
            anchor: .middle)
        }
      }
    }
    let bottom = y + Double(stack.cells.count) * Self.rowHeight
    var free = -Double.infinity
    for (column, layer) in stack.layers.enumerated() {
      let middle = x + (Double(column) + 0.5) * cell
      let text = "\(layer)"
      let half = TextMeasure.width(text, size: Theme.tickSize) / 2
      guard middle - half > free, column.isMultiple(of: stack.layers.count > 20 ? 5 : 1) else { continue }
      free = middle + half + 6
      document.text(text, x: middle, y: bottom + 13, paint: .muted, anchor: .middle)
    }
  }

  private func drawKey(
    _ limit: Double, _ isCut: Bool, x: Double, y: Double, width: Double, in document: inout SVGDocument
  ) {
    let step = width / Double(Paint.levels)
    for level in 0..<Paint.levels {
      document.rectangle(x: x + Double(level) * step, y: y, width: step, height: 9, fill: .sequential(level))
    }
    document.text("0", x: x, y: y + 22, paint: .muted)
    let end = isChange ? NumberText.percent(limit) : NumberText.significant(limit, digits: 3)
    document.text(end, x: x + width, y: y + 22, paint: .muted, anchor: .end)
    if isCut {
      document.text("framed: beyond the scale", x: x + width + 14, y: y + 9, paint: .muted)
    }
  }

  /// The figures in words, for those who cannot see the colours.
  private var description: String {
    let parts = analysis.groups.filter { !$0.stack.isEmpty }.prefix(24).map { group in
      isChange
        ? "\(group.type) \(group.total.relativeChange.map { NumberText.percent($0) } ?? "?")"
        : "\(group.type) \(NumberText.significant(group.total.norm.before, digits: 3)) and \(NumberText.significant(group.total.norm.after, digits: 3))"
    }
    return "All layers together: " + parts.joined(separator: "; ")
      + ". The tables of the page hold every figure."
  }

  /// `mlp.down_proj` is known as well by `down_proj`.
  private static func short(_ type: String) -> String {
    for prefix in ["self_attn.", "mlp."] where type.hasPrefix(prefix) {
      return String(type.dropFirst(prefix.count))
    }
    return type
  }
}
