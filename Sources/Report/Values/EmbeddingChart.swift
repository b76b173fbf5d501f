internal import Analysis

/// The vectors of an embedding as points in a plane.
struct EmbeddingChart {
  private let projection: EmbeddingProjection

  /// The chart; nil where there is nothing to draw.
  init?(_ projection: EmbeddingProjection) {
    guard projection.obstacle == nil, !projection.x.isEmpty else { return nil }
    self.projection = projection
  }

  private static let frame = Frame(left: 62, top: 62, width: 460, height: 340)

  var document: SVGDocument {
    let frame = Self.frame
    let (x, y) = (projection.x, projection.y)
    let panel = Panel(
      frame: frame, x: ValueRange.padded(ValueRange.hull(x) ?? -1...1, by: 0.05),
      y: ValueRange.padded(ValueRange.hull(y) ?? -1...1, by: 0.05))
    var caption = Caption()
    for (index, group) in projection.groups.enumerated() {
      caption.add(
        .marker(.disc, .series(index)), ForeignText.shortened(group.isEmpty ? "no label" : group, to: 40))
    }
    let captionTop = frame.bottom + 40
    var document = SVGDocument(
      width: 560, height: captionTop + caption.height(width: frame.width) + 14, title: projection.name,
      description: words)
    document.text(
      TextMeasure.fitted(projection.name, size: Theme.titleSize, width: 528, bold: true), x: 16, y: 25,
      size: Theme.titleSize, bold: true)
    document.text(subtitle, x: 16, y: 43, size: Theme.labelSize, paint: .muted)
    let yTicks = panel.y.ticks(5)
    let xTicks = panel.x.ticks(5)
    panel.drawGrid(xTicks: xTicks, yTicks: yTicks, in: &document)
    panel.drawLeftLabels(yTicks, in: &document)
    panel.drawBottomLabels(xTicks, name: "", in: &document)
    let size = x.count > 1000 ? 1.6 : x.count > 200 ? 2.2 : 3
    let kinds = max(1, projection.groups.count)
    for group in 0..<kinds {
      let points = x.indices.filter { projection.groups.isEmpty || projection.groupIndices[$0] == group }
        .map { ChartPoint(x: x[$0], y: y[$0]) }
      panel.drawMarkers(.disc, at: points, paint: .series(group), size: size, in: &document)
    }
    drawLabels(panel, &document)
    caption.draw(x: frame.left, y: captionTop, width: frame.width, in: &document)
    return document
  }

  /// The labels beside their points, where they do not touch another.
  private func drawLabels(_ panel: Panel, _ document: inout SVGDocument) {
    var taken: [(x: ClosedRange<Double>, y: Double)] = []
    for (index, label) in projection.labels.enumerated() where !label.isEmpty {
      let words = ForeignText.shortened(label, to: 24)
      let place = panel.pixel(ChartPoint(x: projection.x[index], y: projection.y[index]))
      let width = TextMeasure.width(words, size: Theme.tickSize)
      let isLeft = place.x + 6 + width > panel.frame.right + 20
      let range = isLeft ? place.x - 6 - width...place.x : place.x...place.x + 6 + width
      guard !taken.contains(where: { abs($0.y - place.y) < 12 && $0.x.overlaps(range) }) else { continue }
      taken.append((range, place.y))
      document.text(
        words, x: isLeft ? place.x - 6 : place.x + 6, y: place.y + 3.6, paint: .muted,
        anchor: isLeft ? .end : .start, halo: true)
    }
  }

  private var subtitle: String {
    let shares = projection.shares.map(NumberText.percent)
    return "first principal component (\(shares[0])) across, second (\(shares[1])) up"
  }

  /// The picture in words, for those who cannot see it.
  var words: String {
    let vectors = NumberText.count(projection.usedCount, "vector")
    return "\(vectors) of \(projection.name) along their first two principal components"
  }
}
