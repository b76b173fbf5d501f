internal import Analysis
internal import EventFile
internal import JSON
internal import RunFolder

/// A comparison of runs as JSON with stable keys.
enum ComparisonJSON {
  /// The document; `weights` is as `CheckpointJSON` documents it, null where the runs have none.
  ///
  /// - Parameter values: how what both event files hold beside scalars differs, where that was read.
  static func value(
    _ comparison: RunComparison, weights: CheckpointAnalysis?, values: ValueComparison? = nil
  ) -> JSONValue {
    let words = ComparisonWords(comparison)
    return .document(
      "ftreport.comparison", version: 2,
      [
        "base": .object(["name": .string(comparison.base.name), "path": .string(comparison.base.path)]),
        "options": .object([
          "window": .number(comparison.options.window), "confidence": .number(comparison.options.confidence),
          "margin": .number(comparison.options.margin),
        ]),
        "comparisons": .array(comparison.pairs.map { pair($0, words) }),
        "weights": weights.map { CheckpointJSON(analysis: $0).value } ?? .null,
        "values": values.map { .array($0.rows.map(row)) } ?? .null,
      ])
  }

  /// How the values of one tag differ at the last step that both runs have.
  private static func row(_ row: ValueComparison.Row) -> JSONValue {
    var members: [JSONValue.Member] = [.init("tag", .string(row.tag)), .init("step", .number(row.step))]
    switch row.difference {
    case .histograms(let distance, let share):
      members.append(.init("kind", .string("histograms")))
      members.append(.init("distance", .number(distance)))
      members.append(.init("distance_share", number(share)))
    case .texts(let difference):
      members.append(.init("kind", .string("text")))
      members.append(.init("similarity", .number(difference.similarity)))
    case .pictures(let count, let same, let ratio, _):
      members.append(.init("kind", .string("images")))
      members.append(.init("count", .number(count)))
      members.append(.init("same", .number(same)))
      members.append(.init("least_psnr", number(ratio)))
    case .averagePrecisions(let base, let new, let bootstrap):
      members.append(.init("kind", .string("pr-curves")))
      members.append(.init("average_precision", .array([.number(base), .number(new)])))
      let ends = bootstrap.map { [$0.interval.lowerBound, $0.interval.upperBound] }
      members.append(.init("interval", ends.map { .array($0.map { .number($0) }) } ?? .null))
    }
    return .object(members)
  }

  private static func pair(_ pair: PairComparison, _ words: ComparisonWords) -> JSONValue {
    .object([
      "new": .object(["name": .string(pair.new.name), "path": .string(pair.new.path)]),
      "verdict": .string(words.verdict(pair)), "alignment": pair.alignment.map(alignment) ?? .null,
      "pairing": .object([
        "paired": .bool(pair.pairing.isPaired), "identical": .bool(pair.pairing.isIdentical),
        "correlation": number(pair.pairing.correlation),
      ]),
      "evaluation_sets": .object([
        "relation": .string(pair.evaluationSets.relation.rawValue),
        "samples": .array([number(pair.evaluationSets.baseSamples), number(pair.evaluationSets.newSamples)]),
        "settings": .array(pair.evaluationSets.settings.map { .string($0) }),
      ]),
      "configuration": .array(
        pair.configuration.map { difference in
          .object([
            "source": .string(difference.source), "name": .string(difference.name),
            "base": difference.base.map { .string($0) } ?? .null,
            "new": difference.new.map { .string($0) } ?? .null,
            "decisive": .bool(difference.weight == .decisive),
          ])
        }),
      "metrics": .array(pair.metrics.map { metric($0, words) }),
      "loss": pair.loss.map(curve) ?? .null, "evaluation": pair.evaluation.map(curve) ?? .null,
      "only_base": .array(pair.onlyBase.map { .string($0) }),
      "only_new": .array(pair.onlyNew.map { .string($0) }),
    ])
  }

  private static func alignment(_ alignment: Alignment) -> JSONValue {
    .object([
      "axis": .string(alignment.axis.rawValue),
      "overlap": .array([.number(alignment.overlap.lowerBound), .number(alignment.overlap.upperBound)]),
      "base_steps": steps(alignment.baseSteps), "new_steps": steps(alignment.newSteps),
      "base_coverage": .number(alignment.baseCoverage), "new_coverage": .number(alignment.newCoverage),
      "shares_steps": .bool(alignment.sharesSteps),
    ])
  }

  private static func metric(_ row: MetricComparison, _ words: ComparisonWords) -> JSONValue {
    .object([
      "tag": .string(row.tag), "new_tag": .string(row.newTag), "stat": .string(row.statistic.rawValue),
      "direction": .string(row.direction.rawValue), "verdict": .string(row.verdict.name),
      "why": isOpen(row) ? .string(words.reason(row)) : .null,
      "effect": row.effect.map(EffectJSON.value) ?? .null,
      "steps": .array([number(row.baseStep), number(row.newStep)]),
      "counts": .array([.number(row.baseCount), .number(row.newCount)]),
      "non_finite": .array([.number(row.baseNonFinite), .number(row.newNonFinite)]),
    ])
  }

  private static func isOpen(_ row: MetricComparison) -> Bool {
    if case .notComparable = row.verdict { true } else { false }
  }

  private static func curve(_ curve: CurveComparison) -> JSONValue {
    .object([
      "tag": .string(curve.base.tag), "new_tag": .string(curve.new.tag),
      "best": .array([point(curve.baseBest), point(curve.newBest)]),
      "area": .array([number(curve.baseArea), number(curve.newArea)]), "target": number(curve.target),
      "reached": .array([reached(curve.baseReached), reached(curve.newReached)]),
      "first_different_step": number(curve.firstDifferentStep),
      "first_diverging_step": number(curve.firstDivergingStep),
      "first_non_finite_step": number(curve.firstNonFiniteStep),
      "difference": curve.difference.map { difference in
        .object([
          "confidence": .number(difference.confidence),
          "places": .array(
            difference.places.map { place in
              .array([
                .number(place.position), .number(place.step), .number(place.difference),
                .number(place.halfWidth),
              ])
            }),
        ])
      } ?? .null,
    ])
  }

  private static func point(_ point: Point?) -> JSONValue {
    point.map { .object(["step": .number($0.step), "value": .number($0.value)]) } ?? .null
  }

  private static func reached(_ reached: CurveComparison.Reached?) -> JSONValue {
    reached.map {
      .object(["step": .number($0.step), "position": .number($0.position), "seconds": .number($0.seconds)])
    } ?? .null
  }

  private static func steps(_ steps: ClosedRange<Int64>) -> JSONValue {
    .array([.number(steps.lowerBound), .number(steps.upperBound)])
  }

  private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  private static func number(_ value: Int64?) -> JSONValue { value.map { .number($0) } ?? .null }
  private static func number(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }
}
