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
    drawLabels(panel, size: size, &document)
    caption.draw(x: frame.left, y: captionTop, width: frame.width, in: &document)
    return document
  }

  /// The labels beside their points, where no other point and no other label is.
  private func drawLabels(_ panel: Panel, size: Double, _ document: inout SVGDocument) {
    let frame = panel.frame
    var space = LabelSpace(
      Frame(left: frame.left, top: frame.top, width: frame.width + 20, height: frame.height))
    let places = projection.x.indices.map {
      panel.pixel(ChartPoint(x: projection.x[$0], y: projection.y[$0]))
    }
    for place in places { space.take(markAt: place, size: size) }
    for (place, label) in zip(places, projection.labels) where !label.isEmpty {
      let words = ForeignText.shortened(label, to: 24)
      let candidates = [3.6, -5, 12].flatMap { down in
        [
          PlacedWords(text: words, x: place.x + 7, y: place.y + down),
          PlacedWords(text: words, x: place.x - 7, y: place.y + down, isBefore: true),
        ]
      }
      space.placed(candidates)?.draw(.muted, in: &document)
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
