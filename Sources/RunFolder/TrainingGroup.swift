internal import EventFile

/// The writings of one training among those of a folder, told apart by steps, values and times.
struct TrainingGroup {
  /// The indices of its writings, in order of time.
  private(set) var writings: [Int]
  /// The indices of writings that say the same again.
  private(set) var copies: [Int] = []
  /// How it stands to the training before it; nil for the first.
  let relation: OtherTraining.Relation?
  private(set) var steps: ClosedRange<Int64>
  private(set) var startTime: Double?
  private(set) var endTime: Double?
  private var interval: Int64
  private(set) var told: [Series]

  private init(
    _ index: Int, _ writing: Writing, steps: ClosedRange<Int64>, _ relation: OtherTraining.Relation?
  ) {
    writings = [index]
    self.relation = relation
    self.steps = steps
    startTime = writing.startTime
    endTime = writing.endTime
    interval = writing.interval
    told = [writing.told].compactMap { $0 }
  }

  /// Sorts writings, which are in order of time, by the training that they are of.
  ///
  /// - What says the same as one before, at nine of ten common steps, is of that training: a copy, or a resume that
  ///   came to the same values.
  /// - What was written at the same time with other values is another writer's: each process of a parallel training.
  /// - What begins no later than one interval after the first step began afresh.
  /// - Anything else goes on from the last training that reaches as far, and replaces its steps.
  /// - Evaluations alone belong to the last training that had begun.
  static func groups(_ writings: [Writing]) -> [TrainingGroup] {
    var groups: [TrainingGroup] = []
    var pending: [Int] = []
    for (index, writing) in writings.enumerated() {
      guard let steps = writing.steps, let told = writing.told else {
        if groups.isEmpty { pending.append(index) } else { groups[home(of: groups)].writings.append(index) }
        continue
      }
      let agreements = groups.map { $0.agreement(with: told) }
      if let same = agreements.lastIndex(where: \.isSame) {
        groups[same].take(index, writing, steps, told)
      } else if let last = groups.last, last.isAtOnce(writing), agreements.last?.isDifferent == true {
        groups.append(TrainingGroup(index, writing, steps: steps, .atOnce))
      } else if groups.isEmpty {
        groups.append(TrainingGroup(index, writing, steps: steps, nil))
      } else if groups[home(of: groups)].isFresh(writing, steps) {
        groups.append(TrainingGroup(index, writing, steps: steps, .afresh))
      } else {
        let reaching = groups.lastIndex {
          $0.relation != .atOnce && $0.reaches(steps.lowerBound, writing.interval)
        }
        let before = groups.lastIndex { $0.relation != .atOnce && $0.steps.lowerBound < steps.lowerBound }
        groups[reaching ?? before ?? home(of: groups)].goOn(index, writing, steps, told)
      }
    }
    if !groups.isEmpty {
      groups[0].writings.insert(contentsOf: pending, at: 0)
    }
    return groups
  }

  /// The group that the folder's training is of: the last that began, the first of those that were written at once; or
  /// an earlier one where that one alone says the same as `vouched`, the loss in the trainer's own file.
  static func main(of groups: [TrainingGroup], vouched: Series?) -> Int? {
    guard !groups.isEmpty else { return nil }
    let last = home(of: groups)
    guard let vouched, !groups[last].agreement(with: vouched).isSame else { return last }
    return groups.lastIndex { $0.agreement(with: vouched).isSame } ?? last
  }

  /// The last group that is not a further writer's.
  private static func home(of groups: [TrainingGroup]) -> Int {
    groups.lastIndex { $0.relation != .atOnce } ?? 0
  }

  /// How far `other` says the same as the training at the steps of both, replaced ones included.
  func agreement(with other: Series) -> LossAgreement {
    guard let first = other.steps.first, let last = other.steps.last else { return LossAgreement() }
    // Only what reaches into its steps is looked at, so that many resumes cost what their overlaps do.
    let pieces = told.filter { piece in
      guard let start = piece.steps.first, let end = piece.steps.last else { return false }
      return first > last || start > end || (first <= end && start <= last)
    }
    guard !pieces.isEmpty else { return LossAgreement() }
    return LossAgreement(Series.joined(pieces), other)
  }

  private func isAtOnce(_ writing: Writing) -> Bool {
    guard let startTime, let endTime, let start = writing.startTime, let end = writing.endTime else {
      return false
    }
    return start < endTime - 1 && end > startTime + 1
  }

  private func isFresh(_ writing: Writing, _ new: ClosedRange<Int64>) -> Bool {
    let limit = steps.lowerBound.addingReportingOverflow(max(interval, writing.interval))
    return !limit.overflow && new.lowerBound <= limit.partialValue
  }

  private func reaches(_ step: Int64, _ interval: Int64) -> Bool {
    let next = steps.upperBound.addingReportingOverflow(max(self.interval, interval))
    return steps.lowerBound < step && (next.overflow || step <= next.partialValue)
  }

  private mutating func take(_ index: Int, _ writing: Writing, _ new: ClosedRange<Int64>, _ series: Series) {
    if new.upperBound <= steps.upperBound {
      copies.append(index)
    } else if new.lowerBound <= steps.lowerBound {
      // The fuller one stands.
      copies += writings
      writings = []
      told = []
      goOn(index, writing, new, series)
    } else {
      goOn(index, writing, new, series)
    }
  }

  private mutating func goOn(_ index: Int, _ writing: Writing, _ new: ClosedRange<Int64>, _ series: Series) {
    writings.append(index)
    told.append(series)
    steps = min(steps.lowerBound, new.lowerBound)...max(steps.upperBound, new.upperBound)
    startTime = [startTime, writing.startTime].compactMap { $0 }.min()
    endTime = [endTime, writing.endTime].compactMap { $0 }.max()
    interval = max(interval, writing.interval)
  }
}
