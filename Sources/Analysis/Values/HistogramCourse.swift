public import EventFile

/// How the elements of one tag's histograms were spread over the steps of a run.
public struct HistogramCourse: Equatable, Sendable {
  /// The tag.
  public var tag: String
  /// The steps with a histogram that can be read, in their order.
  public private(set) var steps: [Int64] = []
  /// At each step the quantiles of `shares`.
  public private(set) var quantiles: [[Double]] = []
  /// A few of the histograms, evenly spread over the steps with the first and the last, to be drawn one above another.
  public private(set) var ridges: [Ridge] = []
  /// What is worth telling about the course.
  public private(set) var remarks: [Remark] = []
  /// The number of histograms that no quantile can be told of: empty ones, and those of `faults`.
  public private(set) var emptyCount = 0
  /// What is wrong with histograms: a word for it, at how many steps, and the first of them.
  public private(set) var faults: [Fault] = []

  /// The first of the histograms, whether quantiles can be told of it or not.
  public private(set) var first = End()
  /// The last of them.
  public private(set) var last = End()

  /// One end of a course.
  public struct End: Equatable, Sendable {
    /// The quantiles of `shares`; nil where none can be told.
    public var quantiles: [Double]?
    /// What is wrong with the histogram.
    public var fault: Fault.Kind?
  }

  /// The shares of the elements whose quantiles are told: from the least of nearly all to the greatest.
  public static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]
  /// The most histograms that are kept to be drawn.
  static let mostRidges = 24

  /// A histogram at a step.
  public struct Ridge: Equatable, Sendable {
    /// The step.
    public var step: Int64
    /// The histogram.
    public var histogram: Histogram
  }

  /// What is wrong with histograms.
  public struct Fault: Equatable, Sendable {
    /// What it is.
    public var kind: Kind
    /// At how many steps.
    public var count: Int
    /// The first of them.
    public var firstStep: Int64

    /// The kinds of fault.
    public enum Kind: Equatable, Sendable {
      /// A bucket has a negative number of elements, or one that is no number.
      case badCount
      /// An edge is no finite number.
      case notFinite
      /// The edges do not rise.
      case disorder
      /// It could not be read.
      case unreadable(String)
    }
  }

  /// Something about a course that is worth telling.
  public enum Remark: Equatable, Sendable {
    /// From this step on all elements are equal: the value.
    case constant(from: Int64, value: Double)
    /// The range of nearly all elements (5 to 95 %) at the last step is so many times that at the first: 100 times less.
    case collapsed(ratio: Double)
    /// The same, 10 times more.
    case spread(ratio: Double)
    /// The median moved from the first to the last step by so many times the range of nearly all elements at the first.
    case drifted(ratio: Double, from: Double, to: Double)
  }

  /// A range of this share of what it was is a collapse, one of the inverse share of `spreadRatio` a spread: weights that
  /// train move by parts of their range, and a factor of these sizes is seen at once in the picture.
  static let collapseRatio = 0.01
  static let spreadRatio = 10.0
  /// A median that moved by this many times the range has left it.
  static let driftRatio = 1.0

  /// The course of the histograms that `visit` gives one by one, in the order of their steps, `count` of them.
  public init(
    tag: String, count: Int, _ visit: ((_ step: Int64, _ value: EventValue) -> Void) -> Void
  ) {
    self.tag = tag
    var index = 0
    visit { step, value in
      let known = (steps.count, faults.map(\.count))
      add(value, at: step, isRidge: Self.isRidge(index, of: count))
      last = End()
      if steps.count > known.0 { last.quantiles = quantiles.last }
      last.fault = zip(faults, known.1 + [0]).first { $0.count > $1 }?.0.kind
      if index == 0 { first = last }
      index += 1
    }
    remarks = found
  }

  private static func isRidge(_ index: Int, of count: Int) -> Bool {
    guard count > mostRidges else { return true }
    // Those at which the number of ridges that are due rises, and so the first and the last.
    let ridge = { (index: Int) in index * (mostRidges - 1) / (count - 1) }
    return index == 0 || ridge(index) != ridge(index - 1)
  }

  private mutating func add(_ value: EventValue, at step: Int64, isRidge: Bool) {
    guard case .histogram(let histogram) = value else {
      if case .unreadable(let reason) = value { note(.unreadable(reason), step) }
      emptyCount += 1
      return
    }
    if let fault = histogram.fault { note(fault, step) }
    guard let quantiles = histogram.quantiles(Self.shares) else {
      emptyCount += 1
      return
    }
    steps.append(step)
    self.quantiles.append(quantiles)
    if isRidge { ridges.append(Ridge(step: step, histogram: histogram)) }
  }

  private mutating func note(_ kind: Fault.Kind, _ step: Int64) {
    if let index = faults.firstIndex(where: { $0.kind == kind }) {
      faults[index].count += 1
    } else {
      faults.append(Fault(kind: kind, count: 1, firstStep: step))
    }
  }

  private var found: [Remark] {
    // A course whose last histogram tells nothing has no end to be held against its beginning.
    guard let first = quantiles.first, let last = last.quantiles, quantiles.count > 1 else { return [] }
    var remarks: [Remark] = []
    let before = first[4] - first[0]
    let after = last[4] - last[0]
    if after == 0 {
      let start = quantiles.lastIndex { $0[4] > $0[0] }.map { $0 + 1 } ?? 0
      remarks.append(.constant(from: steps[start], value: last[2]))
    } else if before > 0, after <= before * Self.collapseRatio {
      remarks.append(.collapsed(ratio: after / before))
    } else if before > 0, after >= before * Self.spreadRatio {
      remarks.append(.spread(ratio: after / before))
    }
    let shift = abs(last[2] - first[2])
    if before > 0, shift >= before * Self.driftRatio {
      remarks.append(.drifted(ratio: shift / before, from: first[2], to: last[2]))
    }
    return remarks
  }
}
