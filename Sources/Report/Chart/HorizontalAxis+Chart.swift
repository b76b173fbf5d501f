internal import Analysis

extension HorizontalMapping {
  /// The axis of a picture.
  func axis(over domain: ClosedRange<Double>) -> StackedChart.Axis {
    .init(
      domain: domain, name: name, ticks: { ticks(on: $0, count: 8) }, quantity: quantity,
      quantities: quantities(over: domain), isLogarithmic: isLogarithmic,
      second: { secondTicks(on: $0, count: 8) })
  }

  /// The range of all places, from 0 where the first is near it.
  static func domain(of places: [[Double]]) -> ClosedRange<Double> { domain(of: places.map { Places($0) }) }

  /// The range of all places, from 0 where the first is near it.
  static func domain(of places: [Places]) -> ClosedRange<Double> {
    let hulls = places.compactMap(\.hull)
    guard let least = hulls.map(\.lowerBound).min(), let greatest = hulls.map(\.upperBound).max() else {
      return 0...1
    }
    if least == greatest { return least - 1...greatest + 1 }
    return least > 0 && least <= 0.15 * greatest ? 0...greatest : least...greatest
  }
}

extension RunAnalysis {
  /// An upright line at each resume and pause.
  func seamRules(_ mapping: HorizontalMapping) -> [StackedChart.Rule] {
    let resumed = Set(quality.seams.map(\.step))
    return seams.map { step in
      let words = resumed.contains(step) ? "resumed at" : "pause before"
      let count = NumberText.count(step)
      return .init(
        place: mapping.place(of: step), words: "\(words) \(count)", paint: .muted, short: count)
    }
  }
}
