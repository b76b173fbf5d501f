internal import Analysis
internal import JSON

/// Groups of runs for programs: `docs/schema/ftreport.sweep.json` describes the keys.
struct SweepJSON {
  private let sweep: SweepAnalysis
  private let names: [String]
  private let words: SweepWords

  init(_ sweep: SweepAnalysis, names: [String]) {
    self.sweep = sweep
    self.names = names
    words = SweepWords(sweep: sweep)
  }

  private var groups: RunGroups { sweep.groups }

  /// The members of the object.
  var members: [JSONValue.Member] {
    [
      .init("metric", metric), .init("settings", .array(groups.settings.map(Self.setting))),
      .init("seeds", .array(groups.seedNames.map { .string($0) })),
      .init("held_against", .string(groups.options.isHeldAgainstFirst ? "first" : "best")),
      .init("baseline", groups.baseline.map { .number($0) } ?? .null),
      .init("margin", .number(groups.options.margin)),
      .init("confidence", .number(groups.options.confidence)),
      .init("pooled_deviation", Self.number(groups.pooledDeviation)),
      .init("pooled_degrees_of_freedom", .number(groups.pooledFreedom)),
      .init("groups", .array(groups.groups.map(group))), .init("importance", importance),
    ]
  }

  /// The object, where it is a member of another.
  var value: JSONValue { .object(members) }

  private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  private static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  private var metric: JSONValue {
    guard let metric = groups.metric else { return .null }
    return .object([
      "tag": .string(metric.tag), "direction": .string(metric.direction.rawValue),
      "figure": .string(metric.isBest ? "best" : "final"),
    ])
  }

  private static func setting(_ setting: VaryingSetting) -> JSONValue {
    .object([
      "name": .string(setting.name), "moves_with": .array(setting.companions.map { .string($0) }),
      "told_by": .string(setting.origin.rawValue), "values": .array(setting.levels.map { .string($0) }),
    ])
  }

  private func group(_ group: RunGroup) -> JSONValue {
    let statistics = group.statistics
    let effect = group.effect
    return .object([
      "label": .string(words.label(group)),
      "settings": .object(zip(groups.settings, group.values).map { .init($0.name, Self.text($1)) }),
      "runs": .array(group.members.map { .string(names[$0]) }), "failed": .number(group.lostCount),
      "unfinished": .number(group.unfinishedCount), "copies": .number(group.copyCount),
      "figures": .array(group.figures.map { Self.number($0) }), "count": .number(statistics?.count ?? 0),
      "mean": Self.number(statistics?.mean), "median": Self.number(statistics?.median),
      "min": Self.number(statistics?.least), "max": Self.number(statistics?.greatest),
      "std": Self.number(statistics?.deviation), "difference": Self.number(effect?.difference),
      "relative_difference": Self.number(effect?.relativeDifference), "low": Self.number(effect?.lowerBound),
      "high": Self.number(effect?.upperBound), "standard_error": Self.number(effect?.standardError),
      "degrees_of_freedom": Self.number(effect?.degreesOfFreedom),
      "verdict": Self.text(group.verdict.map(Self.name)),
    ])
  }

  private static func name(_ verdict: GroupVerdict) -> String {
    verdict == .spreadUnknown ? "spread_unknown" : verdict.rawValue
  }

  private var importance: JSONValue {
    guard let importance = sweep.importance else { return .null }
    return .object([
      "measure": .string("Kelley's epsilon squared"), "runs": .number(importance.count),
      "settings": .array(
        importance.settings.map { share in
          .object([
            "name": .string(groups.settings[share.setting].name), "share": Self.number(share.share),
            "rank_correlation": Self.number(share.rankCorrelation),
            "levels": .array(
              share.levels.map { level in
                .object([
                  "first": Self.text(level.first), "last": Self.text(level.last), "mean": .number(level.mean),
                  "count": .number(level.count),
                ])
              }),
          ])
        }),
      "pairs": .array(
        importance.pairs.map { pair in
          .object([
            "names": .array(pair.settings.map { .string(groups.settings[$0].name) }),
            "share": .number(pair.share),
          ])
        }), "remainder": Self.number(importance.remainder),
    ])
  }
}
