internal import Analysis
internal import Checkpoint
internal import JSON
internal import Weights

/// A comparison of checkpoints as JSON, under keys that stay: `docs/schema/ftreport.checkpoints.json` describes them.
///
/// Figures of both sides stand in arrays `[before, after]`; with one checkpoint alone `before` is null. What is not
/// known is null, what is not finite a text (`"NaN"`).
///
/// - `checkpoints`: `path`, `format`, `tensors`, `elements`, `bytes`, `step`, `train_loss`, `eval_loss`, `adapter`.
/// - `relation` (`one_training`, `unrelated`; null with one checkpoint), `identical`, `movement` (`identical`, `still`,
///   `growing`, `shrinking`, `moving`; null for unrelated ones), `concentration`, `choice`.
/// - `remark`: in words, that adapters of this kind have no low-rank product; null for others.
/// - `total`: `norm`, `difference_norm`, `relative_change`, `cosine`, over all modules, else over all tensors;
///   `whole_total`: the same over the tensors that were trained whole beside modules, null without any.
/// - `modules`: one for each low-rank module, see `module(_:)`.
/// - `groups`, `layers`: sums by type of module and by layer.
/// - `tensors`: one for each tensor on both sides, see `tensor(_:)`.
/// - `only_before`, `only_after`, `reshaped`: what has no counterpart.
/// - `findings`: `kind`, `severity`, `names`, `side`, `value`, `reference`, `index`, `text`.
struct CheckpointJSON: Sendable {
  let analysis: CheckpointAnalysis

  var value: JSONValue {
    let comparison = analysis.comparison
    return .document(
      "ftreport.checkpoints", version: 2,
      [
        "checkpoints": .array([
          side(comparison.sides.before, analysis.training.before),
          side(comparison.sides.after, analysis.training.after),
        ]),
        "identical": comparison.isPair ? .bool(comparison.isIdentical) : .null,
        "relation": comparison.isPair ? .string(analysis.relation.rawValue) : .null,
        "movement": Self.text(analysis.movement?.rawValue),
        "concentration": concentration,
        "choice": choice,
        "remark": Self.text(CheckpointHeadline(analysis).remark),
        "total": Self.total(comparison.total, isPair: comparison.isPair),
        "whole_total": comparison.wholeTotal.map { Self.total($0, isPair: comparison.isPair) } ?? .null,
        "modules": .array(of: comparison.modules, Self.module),
        "groups": .array(analysis.groups.map(group)),
        "layers": layers,
        "tensors": .array(of: comparison.tensors, tensor),
        "only_before": .array(of: comparison.onlyBefore) { .string($0.name) },
        "only_after": .array(of: comparison.onlyAfter) { .string($0.name) },
        "reshaped": .array(of: comparison.reshaped, Self.reshaped),
        "findings": .array(analysis.findings.map(finding)),
      ])
  }

  @Sendable private static func reshaped(_ pair: Pair<TensorDescription>) -> JSONValue {
    .object([
      "tensor": .string(pair.before.name),
      "shape": .array([shape(pair.before.shape), shape(pair.after.shape)]),
    ])
  }

  private func finding(_ finding: CheckpointFinding) -> JSONValue {
    let names: [JSONValue] = finding.names.map { .string($0) }
    let index: JSONValue = finding.index.map { .number($0) } ?? .null
    let words = CheckpointFindingWords(finding, labels: CheckpointLabels(analysis))
    return .object([
      "kind": .string(finding.kind.rawValue),
      "severity": .string(finding.severity.name),
      "names": .array(names),
      "side": Self.text(finding.side?.rawValue),
      "value": Self.number(finding.value),
      "reference": Self.number(finding.reference),
      "index": index,
      "text": .string(words.sentence),
    ])
  }

  private func side(_ side: CheckpointComparison.Side?, _ training: CheckpointTraining?) -> JSONValue {
    guard let side else { return .null }
    return .object([
      "path": .string(side.path),
      "format": .string(side.format.rawValue),
      "tensors": .number(side.tensorCount),
      "elements": .number(side.elementCount),
      "bytes": .number(side.tensorByteCount),
      "step": training.map { .number($0.step) } ?? .null,
      "train_loss": Self.number(training?.loss),
      "eval_loss": Self.number(training?.evaluation),
      "adapter": side.configuration.map(Self.adapter) ?? .null,
    ])
  }

  /// What an adapter's configuration says: `kind`, `rank`, `alpha`, `rslora`, `dora`, `target_modules`, `base_model`,
  /// `source` (null for the checkpoint's own `adapter_config.json`).
  static func adapter(_ configuration: AdapterConfiguration) -> JSONValue {
    let rank: JSONValue = configuration.rank.map { .number($0) } ?? .null
    let targets: [JSONValue] = configuration.targetModules.map { .string($0) }
    return .object([
      "kind": .string(configuration.kind),
      "rank": rank,
      "alpha": number(configuration.alpha),
      "rslora": .bool(configuration.usesRankStabilisedScaling),
      "dora": .bool(configuration.usesWeightDecomposition),
      "target_modules": .array(targets),
      "base_model": text(configuration.baseModel),
      "source": text(configuration.source),
    ])
  }

  /// A module: `module`, `layer`, `type`, `expert`, `kind`, `extent`, `shape`, `rank`, `scaling`, `delta_norm`,
  /// `difference_norm`, `relative_change`, `cosine`, `singular_values`, `difference_singular_values`, `stable_rank`,
  /// `effective_rank`, `overlap`, `factor_norms`, `non_finite`, `base`.
  @Sendable private static func module(_ module: ModuleComparison) -> JSONValue {
    .object([
      "module": .string(module.name.name),
      "layer": module.name.layer.map { .number($0) } ?? .null,
      "type": .string(module.name.type),
      "expert": module.expert.map { .number($0) } ?? .null,
      "kind": .string(module.kind.rawValue),
      "extent": .string(module.extent.rawValue),
      "shape": shape([module.rows, module.columns]),
      "rank": pair(module.rank) { $0.map { .number($0) } ?? .null },
      "scaling": pair(module.scaling, number),
      "delta_norm": pair(module.deltaNorm, number),
      "difference_norm": number(module.differenceNorm),
      "relative_change": number(module.relativeChange),
      "cosine": number(module.cosine),
      "singular_values": pair(module.singularValues, numbers),
      "difference_singular_values": numbers(module.differenceSingularValues),
      "stable_rank": pair(module.stableRank, number),
      "effective_rank": pair(module.effectiveRank, number),
      "overlap": module.overlap.map(overlap) ?? .null,
      "factor_norms": .object([
        "a": pair(module.factorNorms.a, number), "b": pair(module.factorNorms.b, number),
      ]),
      "non_finite": pair(module.nonFiniteCount) { .number($0) },
      "base": module.base.map { base($0, module) } ?? .null,
    ])
  }

  private static func overlap(_ overlap: SubspaceOverlap) -> JSONValue {
    .object([
      "directions": .number(overlap.count),
      "left": number(overlap.left),
      "right": number(overlap.right),
      "left_random": number(overlap.leftBaseline),
      "right_random": number(overlap.rightBaseline),
      "left_angles": numbers(overlap.leftAngles),
      "right_angles": numbers(overlap.rightAngles),
      "left_full": number(overlap.fullLeft),
      "right_full": number(overlap.fullRight),
    ])
  }

  private static func base(_ base: BaseComparison, _ module: ModuleComparison) -> JSONValue {
    let relative = module.deltaNorm.map { norm in
      base.weightNorm > 0 ? norm.map { $0 / base.weightNorm } : nil
    }
    return .object([
      "weight_norm": number(base.weightNorm),
      "relative_delta": pair(relative, number),
      "intruders": pair(base.intruders) { list in
        list.map { list -> JSONValue in .array(list.map { .number($0) }) } ?? .null
      },
      "within_span": pair(base.withinSpan) { list in .array(list.map { .number($0) }) },
      "undetermined": pair(base.undetermined) { list in .array(list.map { .number($0) }) },
    ])
  }

  /// A tensor: `tensor`, `dtype`, `shape`, `norm`, `difference_norm`, `relative_change`, `cosine`,
  /// `greatest_difference`, `changed`, `elements`, `identical`, `nan`, `infinite`, `first_non_finite`.
  @Sendable private func tensor(_ tensor: TensorComparison) -> JSONValue {
    let isPair = analysis.comparison.isPair
    return .object([
      "tensor": .string(tensor.name),
      "dtype": Self.pair(tensor.elementTypes) { .string($0.rawValue) },
      "shape": Self.shape(tensor.shape),
      "norm": Self.pair(tensor.norm) { .number($0) },
      "difference_norm": isPair ? .number(tensor.differenceNorm) : .null,
      "relative_change": isPair ? Self.number(tensor.relativeChange) : .null,
      "cosine": isPair ? Self.number(tensor.cosine) : .null,
      "greatest_difference": isPair ? .number(tensor.greatestDifference) : .null,
      "changed": isPair ? .number(tensor.changedCount) : .null,
      "elements": .number(tensor.elementCount),
      "identical": isPair ? .bool(tensor.isIdentical) : .null,
      "nan": Self.pair(tensor.nonFinite) { .number($0.nan) },
      "infinite": Self.pair(tensor.nonFinite) { .number($0.infinite) },
      "first_non_finite": Self.pair(tensor.nonFinite) { $0.firstIndex.map { .number($0) } ?? .null },
    ])
  }

  private func group(_ group: WeightGroup) -> JSONValue {
    .object([
      "stack": .string(group.stack),
      "type": .string(group.type),
      "modules": .number(group.count),
      "ranks": .array(group.ranks.map { .number($0) }),
      "total": Self.total(group.total, isPair: analysis.comparison.isPair),
      "change_share": .number(group.changeShare),
      "stable_rank": Self.pair(group.stableRank, Self.number),
      "effective_rank": Self.pair(group.effectiveRank, Self.number),
    ])
  }

  private var layers: JSONValue {
    let places = analysis.stacks.flatMap { stack in stack.layers.indices.map { (stack: stack, index: $0) } }
    return .array(of: places) { stack, index in
      .object([
        "stack": .string(stack.name), "layer": .number(stack.layers[index]),
        "total": Self.total(stack.totals[index], isPair: analysis.comparison.isPair),
      ])
    }
  }

  private var concentration: JSONValue {
    guard let place = analysis.concentration else { return .null }
    return .object([
      "type": Self.text(place.type), "type_share": .number(place.typeShare), "stack": .string(place.stack),
      "layers": place.layers.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null,
      "layer_share": .number(place.layerShare),
    ])
  }

  private var choice: JSONValue {
    guard let choice = analysis.choice else { return .null }
    let reason =
      switch choice.reason {
      case .finite: "finite"
      case .lowerEvaluation: "lower_evaluation"
      case .earlierAtEqualEvaluation: "earlier_at_equal_evaluation"
      case .identical: "identical"
      }
    return .object(["keep": .string(choice.isAfter ? "after" : "before"), "reason": .string(reason)])
  }

  // MARK: Values

  private static func total(_ total: CheckpointComparison.Total, isPair: Bool) -> JSONValue {
    .object([
      "norm": .array([isPair ? .number(total.norm.before) : .null, .number(total.norm.after)]),
      "difference_norm": isPair ? .number(total.differenceNorm) : .null,
      "relative_change": isPair ? number(total.relativeChange) : .null,
      "cosine": isPair ? number(total.cosine) : .null,
    ])
  }

  private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  private static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
  private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
  private static func shape(_ shape: [Int]) -> JSONValue { .array(shape.map { .number($0) }) }

  private static func pair<Value>(_ pair: Pair<Value>, _ value: (Value) -> JSONValue) -> JSONValue {
    .array([value(pair.before), value(pair.after)])
  }
}
