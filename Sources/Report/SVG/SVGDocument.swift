/// A picture under construction; the only place that writes SVG.
///
/// It keeps to what every place that shows a report allows. Colours are presentation attributes for a light page over
/// an opaque background, because GitHub's content-security policy and several renderers ignore style sheets; one
/// `<style>` holds the overrides for a dark page and nothing else. There is no script, font, import, link or id, so
/// that several pictures can stand in one HTML page.
struct SVGDocument {
  /// The width in pixels.
  let width: Double
  /// The height in pixels.
  let height: Double
  /// What a screen reader calls the picture.
  let title: String
  /// The numbers of the picture in words.
  let description: String

  /// The elements so far, as bytes: thousands of short pieces are put together.
  private var body: [UInt8] = []
  private var fills: Set<Paint> = []
  private var strokes: Set<Paint> = []

  /// Where a text stands with respect to its place.
  enum Anchor: String { case start, middle, end }

  /// An empty page.
  init(width: Double, height: Double, title: String, description: String) {
    self.width = width
    self.height = height
    self.title = title
    self.description = description
    rectangle(x: 0, y: 0, width: width, height: height, fill: .background)
  }

  /// Draws a rectangle.
  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: Paint? = nil, stroke: Paint? = nil,
    lineWidth: Double = Theme.hairline, opacity: Double = 1, radius: Double = 0
  ) {
    add("<rect")
    attribute("x", x)
    attribute("y", y)
    attribute("width", max(width, 0))
    attribute("height", max(height, 0))
    if radius > 0 { attribute("rx", radius) }
    paint(fill: fill, stroke: stroke, lineWidth: lineWidth)
    if opacity < 1 { decimals("opacity", opacity) }
    add("/>\n")
  }

  /// Draws a straight line.
  mutating func line(
    x1: Double, y1: Double, x2: Double, y2: Double, stroke: Paint, lineWidth: Double = Theme.hairline,
    dash: String? = nil, opacity: Double = 1
  ) {
    var path = PathData()
    path.move(x1, y1)
    path.line(x2, y2)
    self.path(path, stroke: stroke, lineWidth: lineWidth, dash: dash, opacity: opacity)
  }

  /// Draws a path; nothing for an empty one.
  mutating func path(
    _ data: PathData, fill: Paint? = nil, stroke: Paint? = nil, lineWidth: Double = Theme.line,
    dash: String? = nil, opacity: Double = 1
  ) {
    guard !data.isEmpty else { return }
    add("<path d=\"")
    data.append(to: &body)
    add("\"")
    paint(fill: fill, stroke: stroke, lineWidth: lineWidth)
    if stroke != nil {
      add(" stroke-linejoin=\"round\" stroke-linecap=\"\(dash == nil ? "round" : "butt")\"")
    }
    if let dash { add(" stroke-dasharray=\"\(dash)\"") }
    if opacity < 1 { decimals("opacity", opacity) }
    add("/>\n")
  }

  /// Draws one line of text with its baseline at `y`.
  mutating func text(
    _ text: String, x: Double, y: Double, size: Double = Theme.tickSize, paint: Paint = .ink,
    anchor: Anchor = .start, bold: Bool = false, rotated: Bool = false, halo: Bool = false
  ) {
    guard !text.isEmpty else { return }
    add("<text")
    attribute("x", x)
    attribute("y", y)
    attribute("font-size", size)
    if anchor != .start { add(" text-anchor=\"\(anchor.rawValue)\"") }
    if bold { add(" font-weight=\"600\"") }
    if rotated { add(" transform=\"rotate(-90 \(SVGNumber.text(x)) \(SVGNumber.text(y)))\"") }
    if halo {
      // A rim in the colour of the page keeps the text readable over lines.
      self.paint(fill: paint, stroke: .background, lineWidth: 3)
      add(" stroke-linejoin=\"round\" paint-order=\"stroke\"")
    } else {
      self.paint(fill: paint, stroke: nil, lineWidth: 0)
    }
    add(">")
    add(MarkupText.escaped(text))
    add("</text>\n")
  }

  /// Draws what belongs together into a group that scripts and style sheets find by `name`.
  mutating func group(_ name: String, _ draw: (inout SVGDocument) -> Void) {
    add("<g class=\"\(name)\">\n")
    draw(&self)
    add("</g>\n")
  }

  /// The whole document.
  var text: String {
    let size = "width=\"\(SVGNumber.text(width))\" height=\"\(SVGNumber.text(height))\""
    let head = """
      <svg xmlns="http://www.w3.org/2000/svg" class="ftreport" role="img" \(size) \
      viewBox="0 0 \(SVGNumber.text(width)) \(SVGNumber.text(height))" font-family="\(Theme.fonts)">
      <title>\(MarkupText.escaped(title))</title>
      <desc>\(MarkupText.escaped(description))</desc>
      <style>\(darkOverrides)</style>

      """
    return head + String(decoding: body, as: UTF8.self) + "</svg>\n"
  }

  private var darkOverrides: String {
    let rules =
      Self.rules(fills, prefix: "f", property: "fill") + Self.rules(strokes, prefix: "s", property: "stroke")
    return "@media (prefers-color-scheme:dark){\(rules.joined())}"
  }

  private static func rules(_ paints: Set<Paint>, prefix: String, property: String) -> [String] {
    paints.map { (name: "\(prefix)-\($0.name)", colour: $0.darkColour.text) }
      .sorted { $0.name < $1.name }
      .map { ".ftreport .\($0.name){\(property):\($0.colour)}" }
  }

  private mutating func paint(fill: Paint?, stroke: Paint?, lineWidth: Double) {
    add(" class=\"")
    if let fill {
      add("f-")
      add(fill.name)
      if stroke != nil { add(" ") }
      fills.insert(fill)
    }
    if let stroke {
      add("s-")
      add(stroke.name)
    }
    add("\" fill=\"")
    if let fill { fill.lightColour.append(to: &body) } else { add("none") }
    add("\"")
    guard let stroke else { return }
    strokes.insert(stroke)
    add(" stroke=\"")
    stroke.lightColour.append(to: &body)
    add("\"")
    if lineWidth != 1 { attribute("stroke-width", lineWidth) }
  }

  private mutating func add(_ text: String) { body += text.utf8 }

  private mutating func attribute(_ name: String, _ value: Double) {
    add(" ")
    add(name)
    add("=\"")
    SVGNumber.append(tenths: SVGNumber.tenths(value), to: &body)
    add("\"")
  }

  private mutating func decimals(_ name: String, _ value: Double) {
    add(" \(name)=\"\(NumberText.significant(value, digits: 2, trimmed: true))\"")
  }
}
