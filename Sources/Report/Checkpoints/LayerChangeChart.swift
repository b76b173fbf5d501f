internal import Analysis
internal import Checkpoint
internal import Weights

/// A bar for each layer: how far its weights moved, relative to what they were.
struct LayerChangeChart {
  private let analysis: CheckpointAnalysis
  private let stacks: [LayerStack]
  private let labels: CheckpointLabels

  /// The chart; nil where no layer has a change.
  init?(_ analysis: CheckpointAnalysis) {
    let stacks = analysis.stacks.filter { $0.totals.contains { ($0.relativeChange ?? 0) > 0 } }
    guard analysis.comparison.isPair, !stacks.isEmpty else { return nil }
    self.analysis = analysis
    self.stacks = stacks
    labels = CheckpointLabels(analysis)
  }

  var title: String { "\(Verdict.capitalised(labels.change)) by layer, relative to \(labels.reference)" }

  var document: SVGDocument {
    let height = 92.0
    let pitch = height + 54
    let left = 64.0
    var document = SVGDocument(
      width: Theme.width, height: 66 + Double(stacks.count) * pitch, title: title, description: description)
    document.text(title, x: 16, y: 25, size: Theme.titleSize, bold: true)
    document.text(
      "\(labels.before) → \(labels.after)", x: 16, y: 43, size: Theme.labelSize, paint: .muted)
    for (number, stack) in stacks.enumerated() {
      let changes = stack.totals.map { $0.relativeChange ?? 0 }
      let greatest = changes.filter(\.isFinite).max() ?? 1
      let frame = Frame(
        left: left, top: 72 + Double(number) * pitch, width: Theme.width - left - 16, height: height)
      let count = Double(stack.layers.count)
      let panel = Panel(frame: frame, x: -0.5...max(0.5, count - 0.5), y: 0...max(greatest * 1.08, 1e-12))
      let ticks = panel.y.ticks(3).map { Tick(value: $0.value, label: NumberText.percent($0.value)) }
      panel.drawGrid(yTicks: ticks, in: &document)
      panel.drawLeftLabels(ticks, in: &document)
      document.text(stack.name, x: left, y: frame.top - 6, paint: .muted)
      let step = frame.width / count
      let bar = min(step * 0.8, 46)
      for (index, change) in changes.enumerated() where change.isFinite && change > 0 {
        let top = panel.y(change)
        document.rectangle(
          x: panel.x(Double(index)) - bar / 2, y: top, width: bar, height: frame.bottom - top,
          fill: .series(0))
      }
      let every = stack.layers.count > 24 ? 5 : 1
      let names = stack.layers.enumerated().filter { $0.offset.isMultiple(of: every) }
        .map { Tick(value: Double($0.offset), label: "\($0.element)") }
      panel.drawBottomLabels(names, name: "layer", in: &document)
    }
    return document
  }

  private var description: String {
    stacks.map { stack in
      let figures = zip(stack.layers, stack.totals).map { layer, total in
        "\(layer): \(total.relativeChange.map { NumberText.percent($0) } ?? "?")"
      }
      return "\(stack.name): " + figures.joined(separator: ", ")
    }.joined(separator: ". ")
  }
}
