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
  ///
  /// - Parameter isAgainstBaseline: whether runs, and not a number, are what is held against.
  static func remedy(_ effect: Effect, _ doubt: EffectDoubt, isAgainstBaseline: Bool) -> String {
    let seeds = effect.spread.map(\.count) ?? 1
    let more =
      seeds == 1 ? "a second seed of the baseline" : "more seeds of the baseline (these are \(seeds))"
    if doubt == .seeds { return "\(more), or a wider margin such as seed, would settle it" }
    // What seeds alone leave open no points settle.
    if effect.isOfSeeds { return "\(more) would settle it" }
    return switch effect.model {
    case .evaluation:
      isAgainstBaseline && seeds == 1
        ? "more evaluations, or \(more), would settle it" : "more evaluations would settle it"
    case .window, .rhythm, .curve, .differences: "a longer window, or more points, would settle it"
    case .point, .extreme: "a figure of many points, such as final, would settle it"
    case .none: isAgainstBaseline ? "\(more) would settle it" : "more points would settle it"
    }
  }
}
