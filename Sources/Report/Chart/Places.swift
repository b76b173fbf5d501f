internal import Analysis
internal import EventFile

/// The horizontal places of the points of a line: steps as they are, or other numbers.
///
/// Steps are not turned into a column of numbers first, which for a million of them would cost more than drawing them.
enum Places: ExpressibleByArrayLiteral {
  /// Whole steps.
  case steps([Int64])
  /// Whole steps in rising order, as those of a run's metrics are.
  case rising([Int64])
  /// Any numbers.
  case numbers([Double])

  /// Numbers.
  init(_ numbers: [Double]) { self = .numbers(numbers) }

  /// The places of `steps` on the axis of a comparison.
  init(_ steps: [Int64], on clock: RunClock) {
    self = clock.axis == .step ? .rising(steps) : .numbers(clock.places(of: steps))
  }

  /// Numbers, as a literal.
  init(arrayLiteral elements: Double...) { self = .numbers(elements) }

  /// The places as numbers.
  ///
  /// - Complexity: O(places), O(1) where they are numbers.
  var numbers: [Double] {
    switch self {
    case .steps(let steps), .rising(let steps): steps.map { Double($0) }
    case .numbers(let numbers): numbers
    }
  }

  /// The least and the greatest finite place.
  ///
  /// - Complexity: O(places).
  var hull: ClosedRange<Double>? {
    switch self {
    case .rising(let steps):
      guard let first = steps.first, let last = steps.last, first <= last else { return nil }
      return Double(first)...Double(last)
    case .steps(let steps):
      guard var least = steps.first else { return nil }
      var greatest = least
      let steps = steps.span
      for index in steps.indices {
        least = Swift.min(least, steps[index])
        greatest = Swift.max(greatest, steps[index])
      }
      return Double(least)...Double(greatest)
    case .numbers(let numbers): return ValueRange.hull(numbers)
    }
  }
}

extension Series {
  /// Whether no step is less than the one before it.
  ///
  /// - Complexity: O(points), a fraction of what drawing points in any order takes longer.
  var isInStepOrder: Bool {
    let steps = steps.span
    var isInOrder = true
    for index in steps.indices.dropFirst() { isInOrder = isInOrder && steps[index - 1] <= steps[index] }
    return isInOrder
  }
}

extension Places {
  /// The places of the points at `indices`, which are in rising order.
  func at(_ indices: [Int]) -> Places {
    if indices.count == count, indices.last == count - 1, indices.first == 0 { return self }
    return switch self {
    case .steps(let steps): .steps(indices.map { steps[$0] })
    case .rising(let steps): .rising(indices.map { steps[$0] })
    case .numbers(let numbers): .numbers(indices.map { numbers[$0] })
    }
  }
}

extension Places: RandomAccessCollection {
  /// 0.
  var startIndex: Int { 0 }
  /// The number of places.
  var endIndex: Int {
    switch self {
    case .steps(let steps), .rising(let steps): steps.count
    case .numbers(let numbers): numbers.count
    }
  }
  /// The place of the point at `position`.
  subscript(position: Int) -> Double {
    switch self {
    case .steps(let steps), .rising(let steps): Double(steps[position])
    case .numbers(let numbers): numbers[position]
    }
  }
}

extension RunAnalysis {
  /// The least and the greatest finite value of the metric `tag`, which the analysis knows already.
  func valueRange(of tag: String?) -> ClosedRange<Double>? {
    // The statistics of a filtered loss hold its zeros.
    guard !isFiltered || tag != loss?.tag, let statistics = metrics.first(where: { $0.tag == tag }),
      let least = statistics.least?.value,
      let greatest = statistics.greatest?.value, least <= greatest
    else { return nil }
    return least...greatest
  }
}
