internal import Analysis

/// How the noise of a difference was found, in words.
enum NoiseWords {
  /// What the standard error of `effect` stands on, without a full stop; nil where there is none.
  static func source(_ effect: Effect) -> String? {
    guard effect.standardError > 0 else { return nil }
    if effect.method == .paired {
      return "the differences step by step, as both runs saw the same data in the same order"
    }
    let source =
      switch effect.model {
      case .none, .differences: "the figures' own noise"
      case .window: "the scatter of both windows, neighbours allowed for"
      case .rhythm:
        "the scatter of both windows without what repeats in every epoch, neighbours allowed for"
      case .evaluation:
        "the distances between neighbouring evaluations, pooled with what evaluations show in general"
      case .point: "the scatter of the points around it"
      case .extreme: "the scatter of the points around it, and that it was chosen among many"
      case .curve: "the scatter of all points about their trend"
      }
    guard let seeds = effect.assumedSeedSpread else { return source }
    return source
      + "; seeds are assumed to differ by \(NumberText.percent(seeds)), since one baseline cannot show it"
  }

  /// How much of a difference is there by choice alone; nil where nothing was chosen, or nearly nothing.
  static func selection(_ effect: Effect) -> String? {
    guard effect.base != 0, abs(effect.selection / effect.base) >= 0.0005 else { return nil }
    return
      "\(NumberText.signed(effect.selection, digits: 2)) of the distance comes from choosing among more points on one side, and is taken out"
  }

  /// What would settle an open verdict, without a full stop.
  static func remedy(_ effect: Effect) -> String {
    switch effect.model {
    case .evaluation: "more evaluations, or a second seed of the baseline, would settle it"
    case .window, .rhythm, .curve, .differences: "a longer window, or more points, would settle it"
    case .point, .extreme: "a figure of many points, such as final, would settle it"
    case .none: "a second seed of the baseline would settle it"
    }
  }
}
