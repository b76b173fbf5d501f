internal import Analysis
internal import EventFile

/// The horizontal places of the points of a line: steps as they are, or other numbers.
///
/// Steps are not turned into a column of numbers first, which for a million of them would cost more than drawing them.
enum Places: ExpressibleByArrayLiteral {
  /// Whole steps.
  case steps([Int64])
  /// Any numbers.
  case numbers([Double])

  /// Numbers.
  init(_ numbers: [Double]) { self = .numbers(numbers) }

  /// The places of `steps` on the axis of a comparison.
  init(_ steps: [Int64], on clock: RunClock) {
    self = clock.axis == .step ? .steps(steps) : .numbers(clock.places(of: steps))
  }

  /// Numbers, as a literal.
  init(arrayLiteral elements: Double...) { self = .numbers(elements) }

  /// The least and the greatest finite place.
  ///
  /// - Complexity: O(places).
  var hull: ClosedRange<Double>? {
    switch self {
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

extension Places: RandomAccessCollection {
  /// 0.
  var startIndex: Int { 0 }
  /// The number of places.
  var endIndex: Int {
    switch self {
    case .steps(let steps): steps.count
    case .numbers(let numbers): numbers.count
    }
  }
  /// The place of the point at `position`.
  subscript(position: Int) -> Double {
    switch self {
    case .steps(let steps): Double(steps[position])
    case .numbers(let numbers): numbers[position]
    }
  }
}

extension RunAnalysis {
  /// The least and the greatest finite value of the metric `tag`, which the analysis knows already.
  func valueRange(of tag: String?) -> ClosedRange<Double>? {
    guard let statistics = metrics.first(where: { $0.tag == tag }), let least = statistics.least?.value,
      let greatest = statistics.greatest?.value, least <= greatest
    else { return nil }
    return least...greatest
  }
}
