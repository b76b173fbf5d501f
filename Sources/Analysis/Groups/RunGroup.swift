/// Runs of one setting, which differ by their seed alone.
public struct RunGroup: Equatable, Sendable {
  /// The indices of its runs.
  public var members: [Int]
  /// The values of the settings that tell groups apart, in the order of `RunGroups.settings`; nil where nothing tells
  /// them.
  public var values: [String?]
  /// The figure of each member by what decides, in the order of `members`; nil of a run that does not
  /// count, or has none.
  public var figures: [Double?]
  /// The statistics of the figures; nil where no member has one.
  public var statistics: SeedStatistics?
  /// The members that failed, whose figures do not count.
  public var lostCount: Int
  /// The members that ended before their planned end, while others reached theirs: they do not count either.
  public var unfinishedCount = 0
  /// The members that are copies of others, point by point: each run counts once.
  public var copyCount = 0
  /// How the group stands beside the one that all are held against; nil of that one, and where one of the two has no
  /// figure.
  public var effect: Effect?
  /// What can be said of it.
  public var verdict: GroupVerdict?
}

/// How a group stands beside another.
public enum GroupVerdict: String, Sendable {
  /// Better, surely enough and by more than the margin.
  case better
  /// Worse, surely enough and by more than the margin.
  case worse
  /// Within the margin, surely enough.
  case same
  /// The spread between seeds lets nobody tell.
  case inconclusive
  /// No group has two seeds: how much they differ by is not known.
  case spreadUnknown
}

extension Effect {
  /// The effect of one group's mean beside another's.
  ///
  /// With two seeds or more in both, Welch's t; where one of them has a single seed, the spread of all groups pooled
  /// (equal variances assumed). Nil without any spread.
  init?(
    base: SeedStatistics, new: SeedStatistics, pooled: (deviation: Double, freedom: Double)?,
    confidence: Double
  ) {
    let error: (error: Double, freedom: Double)
    if let left = base.standardError, let right = new.standardError {
      error = Effect.welch([(left, Double(base.count - 1)), (right, Double(new.count - 1))])
    } else if let pooled {
      let share = 1 / Double(base.count) + 1 / Double(new.count)
      error = (pooled.deviation * share.squareRoot(), pooled.freedom)
    } else {
      return nil
    }
    self.init(
      base: base.mean, new: new.mean, standardError: error.error, degreesOfFreedom: error.freedom,
      confidence: confidence, method: .welch)
  }
}

extension GroupVerdict {
  /// The verdict on `effect`, where a difference of up to `margin` (a share of the base's figure) counts as none.
  init(_ effect: Effect, direction: MetricDirection, margin: Double) {
    let allowed = margin * abs(effect.base)
    let rise = direction == .higher ? effect.mirrored : effect
    switch (rise.verdict(rise: allowed), rise.mirrored.verdict(rise: allowed)) {
    case (.beyond, _): self = .worse
    case (_, .beyond): self = .better
    case (.within, .within): self = .same
    default: self = .inconclusive
    }
  }
}
