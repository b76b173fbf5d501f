/// Panels one above the other over one shared horizontal axis, with labels at the ends of their lines.
///
/// This is the form of the loss picture, of the pictures of further metrics, and of a comparison with its difference
/// panel: fill `rows`, and ask for the `document`.
struct StackedChart {
  /// The name above the picture.
  var title: String
  /// A sentence under it.
  var subtitle: String
  /// The picture's numbers in words.
  var description: String
  /// The panels from top to bottom.
  var rows: [Row]
  /// The horizontal axis.
  var axis: Axis
  /// The key at the foot.
  var caption = Caption()
  /// Marks on the upper edge of the first panel (checkpoints).
  var flags: [Double] = []
  /// Upright lines through every panel, with words in the first.
  var rules: [Rule] = []
  /// What else the steps of the lines are, for a readout: `Line.clock` counts these.
  var clocks: [ReadoutClock] = []
  /// How the lines were smoothed, in the words of the caption.
  var smoothing = ""
  /// The width of the picture.
  var width = Theme.width

  /// The horizontal axis.
  struct Axis {
    /// The values at its ends.
    var domain: ClosedRange<Double>
    /// Its name.
    var name: String
    /// Its ticks, given the scale.
    var ticks: (Scale) -> [Tick]
    /// What it counts, as a readout names it.
    var quantity = "step"
    /// What it counts over the picture, where that is not its domain.
    var quantities: ClosedRange<Double>?
    /// Whether its places are decimal logarithms of what it counts.
    var isLogarithmic = false
    /// A second row of ticks with their name.
    var second: (Scale) -> (name: String, ticks: [Tick])? = { _ in nil }
  }

  /// One panel.
  struct Row {
    /// Its height.
    var height: Double
    /// The values at its lower and upper edge.
    var domain: ClosedRange<Double>
    /// How values become heights.
    var kind = Scale.Kind.linear
    /// About how many ticks its axis has.
    var tickCount = 6
    /// What its axis measures, above its upper left corner.
    var name: String?
    /// Areas, drawn first.
    var bands: [Band] = []
    /// Stretches of the horizontal axis, with words.
    var shades: [Shade] = []
    /// Level lines across the panel.
    var levels: [Level] = []
    /// The lines, in the order in which they are drawn.
    var lines: [Line] = []
    /// The marks, over the lines.
    var marks: [Marks] = []
    /// The labels at the right end.
    var labels: [EndLabel] = []
  }

  /// A line.
  struct Line {
    var x: Places
    var y: [Double]
    var paint: Paint
    var width = Theme.line
    var dash: String?
    var opacity = 1.0
    /// The pixels of a column that the line is reduced to: more than one for the many lines of a background.
    var columnWidth = 1.0
    /// Whether points beyond the panel are marked on its edge.
    var marksClipped = false
    /// Whether values that are not finite are marked on the foot of the panel.
    var marksGaps = false
    /// Whether each point gets a dot.
    var hasDots = false
    /// The places from which on it begins anew, with a gap before: resumes and pauses.
    var breaks: [Double] = []
    /// What a readout calls it; nil for a line that has none.
    var name: String?
    /// Whether it is the smoothed form of the line before it.
    var isSmoothed = false
    /// The clock of the run that it is of.
    var clock = 0
  }

  /// Marks of one kind.
  struct Marks {
    var marker: Marker
    var points: [ChartPoint]
    var paint: Paint
    var size = 4.0
    /// The name of the line that the marks belong to, which hides them too.
    var name: String?
  }

  /// An area between two lines.
  struct Band {
    var x: [Double]
    var lower: [Double]
    var upper: [Double]
    var paint: Paint
  }

  /// A stretch of the horizontal axis.
  struct Shade {
    var range: ClosedRange<Double>
    var words: String
    var paint: Paint
  }

  /// A level line.
  struct Level {
    var value: Double
    var paint: Paint
    var dash: String? = "2 3"
  }

  /// Words at the end of a line.
  struct EndLabel {
    /// The words, a line each.
    var lines: [String]
    var paint: Paint
    /// The height at which the line ends.
    var value: Double
  }

  /// An upright line.
  struct Rule {
    var place: Double
    var words: String
    var paint: Paint
    /// Whether the words would rather stand to the left.
    var isBefore = false
    /// Fewer words, where there is no room for all.
    var short = ""
  }
}

extension StackedChart.Line {
  /// A line over places that are numbers.
  init(
    x: [Double], y: [Double], paint: Paint, width: Double = Theme.line, dash: String? = nil,
    opacity: Double = 1,
    marksClipped: Bool = false, marksGaps: Bool = false, hasDots: Bool = false
  ) {
    self.init(
      x: Places(x), y: y, paint: paint, width: width, dash: dash, opacity: opacity,
      marksClipped: marksClipped,
      marksGaps: marksGaps, hasDots: hasDots)
  }
}
