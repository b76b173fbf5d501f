internal import Analysis
internal import Media

/// The samples of a sound, the least and the greatest of each moment.
struct WaveChart {
  private let item: MediaSheet.Item
  private let wave: WaveForm
  private let tag: String

  /// The chart; nil of a sound whose samples are not read.
  init?(_ item: MediaSheet.Item, of tag: String) {
    guard let wave = item.header.wave, wave.frameCount > 0, !item.bytes.isEmpty else { return nil }
    self.item = item
    self.wave = wave
    self.tag = tag
  }

  var words: String {
    "Samples of \(tag) at step \(NumberText.count(item.step)): \(QuantityText.duration(wave.duration)), "
      + "\(NumberText.count(wave.sampleRate)) a second"
  }

  var document: SVGDocument {
    let (width, height) = (400.0, 72.0)
    var document = SVGDocument(width: width, height: height, title: tag, description: words)
    let middle = height / 2
    var path = PathData()
    for (index, part) in wave.envelope(of: item.bytes, count: 380).enumerated() {
      let x = 10 + Double(index)
      path.move(x, middle - min(max(part.greatest, -1), 1) * 30)
      path.line(x, middle - min(max(part.least, -1), 1) * 30 + 0.6)
    }
    document.line(x1: 10, y1: middle, x2: width - 10, y2: middle, stroke: .grid)
    document.path(path, stroke: .series(0), lineWidth: 1)
    return document
  }
}
