// Chart: what every picture of this module is made of.
//
//   Scale        data → pixels, linear or logarithmic, with `ticks(_:)` (d3's nice ticks)
//   Tick         a value with its label; `TickLabels` gives the labels of an axis one common form
//   LineReduction  M4: a million points → at most four a pixel column, no extreme lost, gaps kept, in one pass
//   ValueRange   what part of the values an axis shows (1–99 % after warm-up, padding, constants)
//   Paint        the semantic colours, each for a light and a dark page, checked for contrast by a test;
//                `.series(i)` for lines, `.sequential(l)`/`.diverging(l)` with `.onSequential(l)`/`.onDiverging(l)`
//                for the cells of heat maps and the numbers on them
//   Theme        sizes of text and lines
//   TextMeasure  an estimate of how wide a text will be drawn, on the safe side
//   Panel        a plotting area with its two scales: grid, axes, lines, bands, marks, clipped to its frame
//   Marker       ○ ★ ▾ ▲ × as paths, so that no font decides how they look
//   LabelColumn  labels beside the ends of lines, pushed apart so that none overlaps
//   ShortNames   the shortest suffixes that tell names apart
//
// and SVG/: SVGDocument (the one writer of SVG: presentation attributes in light colours, one `<style>` with the
// dark overrides, title and description) and PathData.
//
// A picture is a value with a method that returns an SVGDocument: scales are computed from the data, panels draw
// into the document, the document becomes text.

/// A mapping of data values to pixel positions along one axis.
struct Scale: Equatable {
  /// How positions grow with values.
  enum Kind: Equatable { case linear, logarithmic }

  /// How positions grow with values.
  let kind: Kind
  /// The values at the two ends; the upper is greater than the lower, and both are positive on a logarithmic scale.
  let domain: ClosedRange<Double>
  /// The position of the lower end of the domain.
  let start: Double
  /// The position of the upper end of the domain; less than `start` for an axis that points upwards.
  let end: Double

  private let origin: Double
  private let factor: Double

  /// A linear scale.
  static func linear(_ domain: ClosedRange<Double>, from start: Double, to end: Double) -> Scale {
    Scale(.linear, domain, start, end)
  }

  /// A logarithmic scale; linear where the domain is not positive.
  static func logarithmic(_ domain: ClosedRange<Double>, from start: Double, to end: Double) -> Scale {
    Scale(domain.lowerBound > 0 ? .logarithmic : .linear, domain, start, end)
  }

  private init(_ kind: Kind, _ wanted: ClosedRange<Double>, _ start: Double, _ end: Double) {
    let domain = ValueRange.widened(wanted)
    self.kind = kind
    self.domain = domain
    self.start = start
    self.end = end
    switch kind {
    case .linear:
      // Halves, so that the width of the widest domain is still finite.
      origin = domain.lowerBound / 2
      factor = (end - start) / (domain.upperBound / 2 - domain.lowerBound / 2)
    case .logarithmic:
      origin = Logarithm.decimal(domain.lowerBound)
      factor = (end - start) / (Logarithm.decimal(domain.upperBound) - origin)
    }
  }

  /// The position of `value`, which may lie outside the ends; NaN for NaN, and for ≤ 0 on a logarithmic scale.
  func callAsFunction(_ value: Double) -> Double {
    switch kind {
    case .linear: start + (value / 2 - origin) * factor
    case .logarithmic: value > 0 ? start + (Logarithm.decimal(value) - origin) * factor : .nan
    }
  }

  /// The position of `value`, moved to the nearer end where it lies outside.
  func clamped(_ value: Double) -> Double {
    let position = self(min(max(value, domain.lowerBound), domain.upperBound))
    return position.isNaN ? start : position
  }

  /// Whether `value` lies on the axis.
  func contains(_ value: Double) -> Bool { domain.contains(value) }

  /// Round values along the axis, about `count` of them, with labels of one form.
  func ticks(_ count: Int) -> [Tick] {
    switch kind {
    case .linear: NiceTicks.linear(domain, count: count)
    case .logarithmic: NiceTicks.logarithmic(domain, count: count)
    }
  }

  /// Round whole numbers along the axis, about `count` of them.
  func wholeTicks(_ count: Int) -> [Tick] { NiceTicks.whole(domain, count: count) }
}
