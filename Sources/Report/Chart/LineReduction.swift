/// A point in data values.
struct ChartPoint: Equatable {
  var x: Double
  var y: Double
}

/// A line, reduced to what the pixels of its panel can show.
///
/// M4 (Jugel, Jerzak, Hackenbroich, Markl: "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014)
/// keeps the first, the last, the least and the greatest point of each pixel column, so no extreme ever disappears.
struct LineReduction: Equatable {
  /// The pieces of the line between gaps, in order; each has at least one point.
  var pieces: [[ChartPoint]] = []
  /// Where values are NaN or infinite: one place for each pixel column that has any.
  var gaps: [Double] = []
  /// Whether points were left out.
  var isReduced = false

  /// The points that are kept, in order.
  var points: [ChartPoint] { pieces.flatMap { $0 } }

  /// Reduces the points (`x[i]`, `y[i]`) to the columns of `domain`.
  ///
  /// Points outside `domain` are left out, and so are those whose x is not finite. A value that is not finite ends a
  /// piece where the next finite one lies in another column. Where `x` goes back, the points are sorted by it first.
  ///
  /// - Complexity: O(points), O(points · log points) where `x` goes back.
  init(x: [Double], y: [Double], domain: ClosedRange<Double>, columns: Int) {
    let count = min(x.count, y.count)
    let width = domain.upperBound / 2 - domain.lowerBound / 2
    guard count > 0, columns > 0, width > 0 else { return }
    guard !scan(x, y, count, domain, columns) else { return }
    let order = (0..<count).filter { !x[$0].isNaN }.sorted { (x[$0], $0) < (x[$1], $1) }
    self = LineReduction()
    _ = scan(order.map { x[$0] }, order.map { y[$0] }, order.count, domain, columns)
  }

  private init() {}

  /// Reduces points whose x does not go back; false where it does.
  private mutating func scan(
    _ x: [Double], _ y: [Double], _ count: Int, _ domain: ClosedRange<Double>, _ columns: Int
  ) -> Bool {
    let factor = Double(columns) / (domain.upperBound / 2 - domain.lowerBound / 2)
    let origin = domain.lowerBound / 2
    let (lower, upper) = (domain.lowerBound, domain.upperBound)
    let (places, values) = (x.span, y.span)
    var group = Group()
    var piece: [ChartPoint] = []
    var lastPlace = -Double.infinity
    var lastGapColumn = -1
    var gapIsOpen = false
    for index in 0..<count {
      let place = places[index]
      if place < lastPlace { return false }
      guard place >= lower, place <= upper else { continue }
      lastPlace = place
      let column = min(Int((place / 2 - origin) * factor), columns - 1)
      let value = values[index]
      guard value.isFinite else {
        if column != lastGapColumn { gaps.append(place) }
        lastGapColumn = column
        gapIsOpen = true
        continue
      }
      if column == group.column {
        group.add(index, value)
      } else {
        isReduced = group.flush(x, y, into: &piece) || isReduced
        if gapIsOpen, !piece.isEmpty {
          pieces.append(piece)
          piece = []
        }
        group = Group(column, index, value)
      }
      gapIsOpen = false
    }
    isReduced = group.flush(x, y, into: &piece) || isReduced
    if !piece.isEmpty { pieces.append(piece) }
    return true
  }

  /// The points of one column, as far as they were seen.
  private struct Group {
    var column = -1
    private var first = 0
    private var last = 0
    private var least = 0
    private var greatest = 0
    private var leastValue = 0.0
    private var greatestValue = 0.0

    init() {}

    init(_ column: Int, _ index: Int, _ value: Double) {
      self.column = column
      first = index
      last = index
      least = index
      greatest = index
      leastValue = value
      greatestValue = value
    }

    mutating func add(_ index: Int, _ value: Double) {
      last = index
      if value < leastValue {
        least = index
        leastValue = value
      }
      if value > greatestValue {
        greatest = index
        greatestValue = value
      }
    }

    /// Appends the column's points in their order; returns whether some of them were left out.
    func flush(_ x: [Double], _ y: [Double], into piece: inout [ChartPoint]) -> Bool {
      guard column >= 0 else { return false }
      var previous = -1
      for index in [first, min(least, greatest), max(least, greatest), last] where index > previous {
        piece.append(ChartPoint(x: x[index], y: y[index]))
        previous = index
      }
      return last - first > 3
    }
  }
}
