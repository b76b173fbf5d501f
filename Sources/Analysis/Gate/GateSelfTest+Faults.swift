internal import EventFile
internal import RunFolder

/// Faults of the newer kinds of finding, put into copies of a run.
extension TrainingRun {
  /// A copy that shows a finding as gravely as it can be.
  func showingGravely(_ kind: Finding.Kind) -> FaultyCopy {
    guard kind == .spike else { return showing(kind, times: 1, in: nil) }
    // Three points in a row, which no single bad batch is.
    return needing(.trainLoss, 40) { loss in
      let height = 10 * (loss.series.values.filter(\.isFinite).max() ?? 1)
      return .copy(
        changing(loss.tag) { series in
          for index in series.count * 2 / 3..<series.count * 2 / 3 + 3 { series.values[index] += height }
        })
    }
  }

  /// A copy that shows a finding once, or why there is none.
  func showingOnce(_ kind: Finding.Kind) -> FaultyCopy {
    switch kind {
    case .zeroLoss:
      return needing(.trainLoss, 8) { loss in
        .copy(
          changing(loss.tag) { $0.end($0.count / 2) { _ in 0 } }.changing(metric(for: .gradientNorm)?.tag) {
            $0.set(0)
          })
      }
    case .zeroLearningRate:
      return needing(.learningRate, 3) { rate in
        .copy(still.changing(rate.tag) { $0.set(0) })
      }
    case .notLearning: return needing(.trainLoss, 12) { _ in .copy(still) }
    case .resumeGap:
      return needing(.trainLoss, 20) { loss in
        var copy = changing(loss.tag) { series in
          let start = series.values.first { $0.isFinite } ?? 1
          series.end(series.count / 3) { 1.5 * abs(start) + 0.001 * Double($0 % 2) }
        }
        let seam = loss.series.steps[loss.series.count - loss.series.count / 3]
        copy.segments = [
          Segment(firstStep: loss.series.steps[0], lastStep: seam - 1, origin: "copy"),
          Segment(firstStep: seam, lastStep: loss.series.steps[loss.series.count - 1], origin: "copy"),
        ]
        return .copy(copy)
      }
    case .oscillation:
      return needing(.trainLoss, 60) { loss in
        .copy(
          changing(loss.tag) { series in
            let level = abs(series.values.last { $0.isFinite } ?? 1)
            for index in series.values.indices {
              series.values[index] = level * (1 + 0.01 * Double(index % 2))
            }
            series.end(series.count / 2) {
              level * (1.6 + 0.8 * [0, 0.7, 1, 0.7, 0, -0.7, -1, -0.7][$0 % 8] - 0.6)
            }
          })
      }
    case .gradientExplosion:
      return needing(.gradientNorm, 30) { norm in
        let level = abs(norm.series.values.last { $0.isFinite && $0 != 0 } ?? 1)
        return .copy(
          changing(norm.tag) { series in
            for index in series.values.indices {
              series.values[index] = level * (1 + 0.01 * Double(index % 2))
            }
            series.end(series.count / 3) { _ in 400 * level }
          })
      }
    case .lossScale:
      return needing(.trainLoss, 10) { loss in
        guard metric(for: .evalLoss).map({ $0.series.count >= 2 }) ?? false else {
          return .impossible("the baseline has less than two evaluations")
        }
        return .copy(changing(loss.tag) { series in series.scale(by: 30) })
      }
    case .noRewardSignal: return spread { tag in .copy(changing(tag) { $0.set(0) }) }
    case .rewardCollapse, .rewardFlat: return reward(kind)
    case .klBlowUp:
      guard TrainingKind(of: self) == .reinforcement, let metric = metric(plainly: MetricNames.divergences),
        metric.series.count >= 20
      else { return .impossible("the baseline has no distance from a reference of 20 points or more") }
      let tokens = summedTokens(in: metric.tag)
      return .copy(
        changing(metric.tag) { series in
          series.set(0.01)
          series.end(series.count / 3) { _ in 50 * tokens }
        })
    case .clippedCompletions:
      guard TrainingKind(of: self) == .reinforcement, let metric = metric(plainly: MetricNames.clipped),
        metric.series.count >= 20
      else { return .impossible("the baseline has no share of cut answers of 20 points or more") }
      return .copy(
        changing(metric.tag) { series in
          series.set(0)
          series.end(series.count / 2) { _ in 1 }
        })
    case .mixedTrainings:
      return needing(.trainLoss, 4) { loss in
        var copy = self
        guard let index = copy.metrics.firstIndex(where: { $0.tag == loss.tag }) else { return .copy(copy) }
        var other = loss.series
        other.shift(by: 1)
        copy.metrics[index].superseded = other
        return .copy(copy)
      }
    default: return .impossible("no change of a copy's points shows it")
    }
  }

  /// A copy whose loss stays where it began, and whose evaluations do.
  private var still: TrainingRun {
    var copy = self
    for index in copy.metrics.indices {
      let tag = copy.metrics[index].tag
      guard MetricAligner.isEvaluation(tag) || MetricRole.trainLoss.rank(of: tag) != nil else { continue }
      guard let first = copy.metrics[index].series.values.first(where: { $0.isFinite && $0 != 0 }) else {
        continue
      }
      for place in copy.metrics[index].series.values.indices {
        copy.metrics[index].series.values[place] = first * (1 + 0.0005 * Double(place % 2))
      }
    }
    return copy
  }

  private func reward(_ kind: Finding.Kind) -> FaultyCopy {
    let least = kind == .rewardFlat ? 100 : 30
    guard TrainingKind(of: self) == .reinforcement, let reward = metric(plainly: MetricNames.rewards),
      reward.series.count >= least
    else { return .impossible("the baseline has no reward of \(least) points or more") }
    let finite = reward.series.values.filter(\.isFinite)
    let level = finite.max() ?? 1
    let fall = max(1, 2 * (level - (finite.min() ?? 0)))
    return .copy(
      changing(reward.tag) { series in
        for index in series.values.indices { series.values[index] = level + 0.001 * Double(index % 2) }
        if kind == .rewardCollapse { series.end(series.count / 3) { level - fall + 0.001 * Double($0 % 2) } }
      })
  }

  private func spread(_ copy: (String) -> FaultyCopy) -> FaultyCopy {
    guard TrainingKind(of: self) == .reinforcement, let spread = metric(plainly: MetricNames.rewardSpreads),
      spread.series.count >= 10
    else { return .impossible("the baseline has no spread of rewards of ten points or more") }
    return copy(spread.tag)
  }

  private func needing(_ role: MetricRole, _ count: Int, _ copy: (Metric) -> FaultyCopy) -> FaultyCopy {
    guard let metric = metric(for: role), metric.series.count >= count else {
      return .impossible("the baseline has no \(role.rawValue) of \(count) points or more")
    }
    return copy(metric)
  }
}

extension Series {
  /// Sets every point.
  fileprivate mutating func set(_ value: Double) {
    for index in values.indices { values[index] = value }
  }

  /// Sets the last `count` points, by their number from the first of them.
  fileprivate mutating func end(_ count: Int, _ value: (Int) -> Double) {
    for index in Swift.max(0, values.count - count)..<values.count {
      values[index] = value(index - values.count + count)
    }
  }

  /// Multiplies every point.
  fileprivate mutating func scale(by factor: Double) {
    for index in values.indices { values[index] *= factor }
  }
}
