internal import Bytes

/// Round moments and durations for axes in seconds.
enum TimeTicks {
  private static let steps: [Double] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
    604_800, 1_209_600,
  ]

  /// Durations within `domain`: `0`, `30 s`, `5 min`, `2 h`, `1.5 h`, `3 d`.
  static func elapsed(_ domain: ClosedRange<Double>, count: Int) -> [Tick] {
    guard let step = step(for: domain, count: count) else { return plain(domain, count) }
    let (unit, suffix) =
      step >= 86_400 ? (86_400.0, " d") : step >= 1800 ? (3600, " h") : step >= 60 ? (60, " min") : (1, " s")
    return multiples(of: step, in: domain, offset: 0).map {
      Tick(
        value: $0,
        label: $0 == 0 ? "0" : TickLabels.minus(NumberText.significant($0 / unit, trimmed: true)) + suffix)
    }
  }

  /// Moments within `domain`, which counts from `start` (seconds since 1970): times of day, or dates where the ticks
  /// are days apart; the first tick of a day shows the date too.
  static func clock(_ domain: ClosedRange<Double>, from start: Double, count: Int) -> [Tick] {
    guard let step = step(for: domain, count: count) else { return plain(domain, count) }
    var day: Substring?
    return multiples(of: step, in: domain, offset: start).compactMap { value in
      guard let moment = QuantityText.moment(start + value + 0.001) else { return nil }
      let date = moment.prefix(10).dropFirst(5)
      let time = moment.dropFirst(11).prefix(step < 60 ? 8 : 5)
      defer { day = date }
      if step >= 86_400 { return Tick(value: value, label: String(date)) }
      return Tick(value: value, label: day == date ? String(time) : "\(date) \(time)")
    }
  }

  private static func step(for domain: ClosedRange<Double>, count: Int) -> Double? {
    let wanted = (domain.upperBound - domain.lowerBound) / Double(max(count, 1))
    guard wanted > 0.4, wanted < 4e6 else { return nil }
    return steps.min { max($0 / wanted, wanted / $0) < max($1 / wanted, wanted / $1) }
  }

  private static func multiples(of step: Double, in domain: ClosedRange<Double>, offset: Double) -> [Double] {
    let first = ((domain.lowerBound + offset) / step).rounded(.up)
    let last = ((domain.upperBound + offset) / step).rounded(.down)
    guard first <= last, last - first < 200, last.magnitude < 1e15 else { return [] }
    return (0...Int(clamping: last - first)).map { (first + Double($0)) * step - offset }
  }

  /// Spans beyond what clocks are for: seconds, or days.
  private static func plain(_ domain: ClosedRange<Double>, _ count: Int) -> [Tick] {
    if domain.upperBound - domain.lowerBound < 10 {
      return NiceTicks.linear(domain, count: count).map { Tick(value: $0.value, label: $0.label + " s") }
    }
    let days = domain.lowerBound / 86_400...domain.upperBound / 86_400
    return NiceTicks.linear(days, count: count).map { Tick(value: $0.value * 86_400, label: $0.label + " d") }
  }
}
