/// What is done about several gates that each may fail by chance.
public enum Multiplicity: String, CaseIterable, Sendable {
  /// The chance that any gate of a good run fails is held to that of one (Holm, A simple sequentially rejective multiple
  /// test procedure, Scandinavian Journal of Statistics 6, 1979).
  case holm
  /// Every gate stands for itself.
  case none
}

extension Multiplicity {
  /// `results` with the failures by chance alone made inconclusive.
  ///
  /// The checks that noise decides are one family of m. In the order of their probabilities under "no difference", the
  /// i-th of them fails only where its probability is at most 1/(m − i + 1) of what its confidence leaves, and none
  /// after the first that does not. What fails without a test (a value that is not finite, a finding, missing data)
  /// is not part of it.
  func applied(to results: [GateResult]) -> [GateResult] {
    guard self == .holm else { return results }
    struct Place {
      var gate: Int
      var check: Int
      var share: Double
    }
    var places: [Place] = []
    for (gate, result) in results.enumerated() {
      for (index, check) in result.checks.enumerated() {
        guard let share = check.shareOfLevel else { continue }
        places.append(Place(gate: gate, check: index, share: share))
      }
    }
    guard places.count > 1 else { return results }
    var results = results
    var isOver = false
    for (rank, place) in places.sorted(by: { $0.share < $1.share }).enumerated() {
      isOver = isOver || place.share > 1 / Double(places.count - rank)
      guard isOver, results[place.gate].checks[place.check].status == .fail else { continue }
      results[place.gate].checks[place.check].status = .inconclusive
      results[place.gate].checks[place.check].reason = .oneOfMany(places.count)
    }
    return results
  }
}

extension GateCheck {
  /// Whether noise decides the check.
  var isTest: Bool {
    guard let effect, effect.standardError > 0, status != .missing else { return false }
    switch reason {
    case .within, .beyond, .undecided, .oneOfMany: return true
    default: return false
    }
  }

  /// The probability of a difference as great as the one found where there is none, as a share of what the confidence
  /// of the check allows; nil where noise did not decide.
  var shareOfLevel: Double? {
    guard let effect, isTest else { return nil }
    let isFloor = bound.map { !$0.isCeiling } ?? false
    return (isFloor ? effect.mirrored : effect).riseProbability / (1 - effect.confidence)
  }
}
