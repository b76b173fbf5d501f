internal import Bytes
internal import EventFile
internal import RunFolder

/// How long the steps of a run took, by the wall times of its loss.
public struct StepTimes: Equatable, Sendable {
  /// The median of seconds a step, evaluations and saves left out as far as they are known.
  public var median: Double
  /// The intervals that took far longer than usual, the longest first, at most `limit`.
  public var stalls: [Stall]
  /// The number of all of them.
  public var stallCount: Int
  /// The seconds that all of them took beyond the usual.
  public var lostSeconds: Double

  /// The greatest number of stalls that are listed.
  public static let limit = 5

  /// An interval between two points that took far longer than usual.
  public struct Stall: Equatable, Sendable {
    /// The step before it.
    public var step: Int64
    /// Its seconds.
    public var seconds: Double
    /// What so many steps usually take.
    public var usual: Double
  }
}

extension StepTimes {
  /// The times of `run`; nil where the loss has fewer than twenty intervals with times.
  ///
  /// A stall is an interval that took more than five times the usual for its steps, and at least ten seconds more. An
  /// interval in which an evaluation or a save lies is none, nor is the one before a resumed part.
  ///
  /// - Complexity: O(points).
  init?(of run: TrainingRun, loss: Series) {
    guard loss.count > 20, let typical = Self.typical(loss) else { return nil }
    median = typical
    stalls = []
    stallCount = 0
    lostSeconds = 0
    let seams = Set(run.seams)
    let evaluation = run.metric(for: .evalLoss)?.series.steps ?? []
    let saves = run.checkpoints.map(\.step)
    for index in 1..<loss.count {
      let seconds = loss.wallTimes[index] - loss.wallTimes[index - 1]
      guard seconds > 10 else { continue }
      let (from, to) = (loss.steps[index - 1], loss.steps[index])
      let usual = typical * (Double(to) - Double(from))
      guard seconds > 5 * usual, seconds - usual >= 10, !seams.contains(to),
        !Self.holds(evaluation, from: from, to: to), !Self.holds(saves, from: from, to: to)
      else { continue }
      stallCount += 1
      lostSeconds += seconds - usual
      stalls.append(Stall(step: from, seconds: seconds, usual: usual))
      if stalls.count > 4 * Self.limit { keepLongest() }
    }
    keepLongest()
  }

  private mutating func keepLongest() {
    stalls.sort { ($1.seconds, $0.step) < ($0.seconds, $1.step) }
    stalls.removeLast(max(0, stalls.count - Self.limit))
  }

  /// Whether any of `steps`, which rise, lies in the interval, its ends included: an evaluation is written before the
  /// loss of its step or after it.
  private static func holds(_ steps: [Int64], from: Int64, to: Int64) -> Bool {
    let place = steps.partitionIndex { $0 < from }
    return place < steps.count && steps[place] <= to
  }

  /// The median seconds a step over at most 4096 intervals; nil without times, or where they stand still.
  private static func typical(_ loss: Series) -> Double? {
    var times: [Double] = []
    for index in stride(from: 1, to: loss.count, by: max(1, loss.count / 4096)) {
      let steps = Double(loss.steps[index]) - Double(loss.steps[index - 1])
      let seconds = loss.wallTimes[index] - loss.wallTimes[index - 1]
      if steps > 0, seconds.isFinite, seconds >= 0 { times.append(seconds / steps) }
    }
    guard times.count >= 20 else { return nil }
    let median = Selection.median(inPlace: &times)
    return median > 0 ? median : nil
  }

  /// The intervals of `loss` of more than twenty usual ones and ten minutes, by the index of the point after them.
  static func gaps(of loss: Series) -> [(index: Int, seconds: Double)] {
    guard loss.count > 20, let typical = typical(loss) else { return [] }
    return (1..<loss.count).compactMap { index in
      let seconds = loss.wallTimes[index] - loss.wallTimes[index - 1]
      guard seconds > 600 else { return nil }
      let steps = Double(loss.steps[index]) - Double(loss.steps[index - 1])
      return seconds > 20 * typical * steps ? (index, seconds) : nil
    }
  }
}
