internal import Analysis
internal import Bytes

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
  init(x: Places, y: [Double], domain: ClosedRange<Double>, columns: Int) {
    let count = min(x.count, y.count)
    let width = domain.upperBound / 2 - domain.lowerBound / 2
    guard count > 0, columns > 0, width > 0 else { return }
    // One loop for each kind of column, so that neither pays for the other.
    let isInOrder =
      switch x {
      case .rising(let steps): cut(steps.span, y.span, count, domain, columns)
      case .steps(let steps): scan(steps.span, y.span, count, domain, columns)
      case .numbers(let numbers): scan(numbers.span, y.span, count, domain, columns)
      }
    guard !isInOrder else { return }
    let order = (0..<count).filter { !x[$0].isNaN }.sorted { (x[$0], $0) < (x[$1], $1) }
    let (places, values) = (order.map { x[$0] }, order.map { y[$0] })
    self = LineReduction()
    _ = scan(places.span, values.span, places.count, domain, columns)
  }

  /// Reduces the points (`x[i]`, `y[i]`).
  init(x: [Double], y: [Double], domain: ClosedRange<Double>, columns: Int) {
    self.init(x: Places(x), y: y, domain: domain, columns: columns)
  }

  private init() {}

  /// The same line with a gap before each of `places`.
  func broken(at places: [Double]) -> LineReduction {
    guard !places.isEmpty else { return self }
    var broken = self
    broken.pieces = pieces.flatMap { piece -> [[ChartPoint]] in
      let starts = piece.indices.dropFirst().filter { index in
        places.contains { piece[index - 1].x < $0 && $0 <= piece[index].x }
      }
      return zip([0] + starts, starts + [piece.count]).map { Array(piece[$0..<$1]) }
    }
    return broken
  }

  /// Reduces points whose x does not go back; false where it does.
  private mutating func scan<X: Place>(
    _ places: Span<X>, _ values: Span<Double>, _ count: Int, _ domain: ClosedRange<Double>, _ columns: Int
  ) -> Bool {
    let factor = Double(columns) / (domain.upperBound / 2 - domain.lowerBound / 2)
    let origin = domain.lowerBound / 2
    let (lower, upper) = (domain.lowerBound, domain.upperBound)
    var group = Group()
    // The place where the next column begins, a little before it, so that most points need no column computed.
    var nextColumn = -Double.infinity
    var piece: [ChartPoint] = []
    var lastPlace = -Double.infinity
    var lastGapColumn = -1
    var gapIsOpen = false
    for index in 0..<count {
      let place = places[index].place
      if place < lastPlace { return false }
      let value = values[index]
      if place < nextColumn, value.magnitude < .infinity {
        lastPlace = place
        group.add(index, value)
        gapIsOpen = false
        continue
      }
      guard place >= lower, place <= upper else { continue }
      lastPlace = place
      let column = min(Int(clamping: (place / 2 - origin) * factor), columns - 1)
      guard value.isFinite else {
        if column != lastGapColumn { gaps.append(place) }
        lastGapColumn = column
        gapIsOpen = true
        continue
      }
      if column == group.column {
        group.add(index, value)
      } else {
        isReduced = group.flush(places, values, into: &piece) || isReduced
        if gapIsOpen, !piece.isEmpty {
          pieces.append(piece)
          piece = []
        }
        group = Group(column, index, value)
        let end = (origin + Double(column + 1) / factor) * 2
        nextColumn = min(end - (end - place) * 1e-6 - end.magnitude * 1e-12, upper)
      }
      gapIsOpen = false
    }
    isReduced = group.flush(places, values, into: &piece) || isReduced
    if !piece.isEmpty { pieces.append(piece) }
    return true
  }

  /// Reduces points whose x is known to rise: the bounds of a column are sought, and its values looked at alone.
  private mutating func cut(
    _ steps: Span<Int64>, _ values: Span<Double>, _ count: Int, _ domain: ClosedRange<Double>, _ columns: Int
  ) -> Bool {
    let factor = Double(columns) / (domain.upperBound / 2 - domain.lowerBound / 2)
    let origin = domain.lowerBound / 2
    func column(_ index: Int) -> Int {
      min(max(0, Int(clamping: (Double(steps[index]) / 2 - origin) * factor)), columns - 1)
    }
    var index = (0..<count).partitionIndex { Double(steps[$0]) < domain.lowerBound }
    let last = (index..<count).partitionIndex { Double(steps[$0]) <= domain.upperBound }
    var piece: [ChartPoint] = []
    var gapIsOpen = false
    func begin(_ piece: inout [ChartPoint], _ pieces: inout [[ChartPoint]]) {
      if gapIsOpen, !piece.isEmpty {
        pieces.append(piece)
        piece = []
      }
      gapIsOpen = false
    }
    while index < last {
      let place = column(index)
      let next = (index + 1..<last).partitionIndex { column($0) <= place }
      let extremes = Extremes(of: values, in: index..<next)
      var group = Group()
      if extremes.isFinite {
        begin(&piece, &pieces)
        group = Group(place, values, index..<next, extremes)
      } else {
        var hasGap = false
        for point in index..<next {
          if values[point].isFinite {
            if group.column == place {
              group.add(point, values[point])
              gapIsOpen = false
            } else {
              begin(&piece, &pieces)
              group = Group(place, point, values[point])
            }
          } else {
            if !hasGap { gaps.append(Double(steps[point])) }
            hasGap = true
            gapIsOpen = true
          }
        }
      }
      isReduced = group.flush(steps, values, into: &piece) || isReduced
      index = next
    }
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

    /// The points of `column` in `range`, all of whose values are finite.
    init(_ column: Int, _ values: Span<Double>, _ range: Range<Int>, _ extremes: Extremes) {
      self.column = column
      first = range.lowerBound
      last = range.upperBound - 1
      leastValue = extremes.least
      greatestValue = extremes.greatest
      least = range.first { values[$0] == extremes.least } ?? first
      greatest = range.first { values[$0] == extremes.greatest } ?? first
    }

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
    func flush<X: Place>(
      _ x: Span<X>, _ y: Span<Double>, into piece: inout [ChartPoint]
    ) -> Bool {
      guard column >= 0 else { return false }
      var previous = -1
      for index in [first, min(least, greatest), max(least, greatest), last] where index > previous {
        piece.append(ChartPoint(x: x[index].place, y: y[index]))
        previous = index
      }
      return last - first > 3
    }
  }
}

/// What a column of places may hold.
private protocol Place {
  var place: Double { get }
}

extension Int64: Place {
  fileprivate var place: Double { Double(self) }
}

extension Double: Place {
  fileprivate var place: Double { self }
}
