extension Series {
  /// How many points an asynchronous writer may be late with one.
  static let mostLate = 4

  /// The series with the points that a writer which does not wait wrote a few places late put where their steps belong;
  /// nil where steps go back for another reason, or nowhere.
  ///
  /// Late are points at most `mostLate` places behind whose times go up once they are in place: what was trained again
  /// after a resume has later times. Without times no step may be there twice.
  ///
  /// - Complexity: O(points), one pass over the steps.
  public func withLatePointsInPlace() -> Series? {
    var order: [Int] = []
    var index = 1
    while index < count {
      guard steps[index] < steps[index - 1] else {
        index += 1
        continue
      }
      guard let block = lateBlock(at: index) else { return nil }
      if order.isEmpty { order = Array(steps.indices) }
      order.replaceSubrange(block, with: block.sorted { (steps[$0], $0) < (steps[$1], $1) })
      for place in Swift.max(block.lowerBound, 1)..<Swift.min(block.upperBound + 1, count) {
        let (before, after) = (wallTimes[order[place - 1]], wallTimes[order[place]])
        if after < before { return nil }
      }
      index = block.upperBound
    }
    guard !order.isEmpty else { return nil }
    return Series(
      tag: tag, steps: order.map { steps[$0] }, wallTimes: order.map { wallTimes[$0] },
      values: order.map { values[$0] })
  }

  /// The points around a step that goes back at `fall` which are in order once they are sorted; nil where they are too
  /// many, or a step is there twice.
  private func lateBlock(at fall: Int) -> Range<Int>? {
    var (start, end) = (fall, fall + 1)
    var (least, greatest) = (steps[fall], steps[fall - 1])
    while true {
      if start > 0, steps[start - 1] >= least {
        start -= 1
        greatest = Swift.max(greatest, steps[start])
      } else if end < count, steps[end] <= greatest {
        least = Swift.min(least, steps[end])
        end += 1
      } else {
        break
      }
      guard fall - start <= Self.mostLate, end - fall <= Self.mostLate else { return nil }
    }
    let hasTimes = wallTimes[start..<end].contains { $0 > wallTimes[start] }
    return hasTimes || Set(steps[start..<end]).count == end - start ? start..<end : nil
  }
}
