internal import Checkpoint
internal import Weights

/// The rules that turn the figures of checkpoints into findings.
struct CheckpointFindingRules {
  let comparison: CheckpointComparison
  let movement: CheckpointAnalysis.Movement?
  private typealias Thresholds = CheckpointAnalysis.Thresholds

  init(_ comparison: CheckpointComparison, movement: CheckpointAnalysis.Movement?) {
    self.comparison = comparison
    self.movement = movement
  }

  /// All findings, the gravest first.
  var findings: [CheckpointFinding] {
    let all =
      nonFinite + identical + zeroed + retyped + rescaled + emptyTensors + deadModules + outliers
      + rankMismatches + frozen
      + moved
      + wastedRank + intruders + unknownScaling + initialisation + partOfChange + unmatched + remarks
    return all.enumerated()
      .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
      .map(\.element)
  }

  private var sides: [(side: CheckpointFinding.Side, value: CheckpointComparison.Side)] {
    [(CheckpointFinding.Side.before, comparison.sides.before), (.after, comparison.sides.after)]
      .compactMap { side, value in value.map { (side, $0) } }
  }

  /// The side to name: none where there is only one checkpoint.
  private func named(_ side: CheckpointFinding.Side) -> CheckpointFinding.Side? {
    comparison.isPair ? side : nil
  }

  /// The tensors with values that are not finite: each by itself, or in one finding where they are many.
  private var nonFinite: [CheckpointFinding] {
    sides.flatMap { side, _ -> [CheckpointFinding] in
      let found = comparison.tensors.compactMap { tensor in
        let count = side == .before ? tensor.nonFinite.before : tensor.nonFinite.after
        return count.count > 0 ? (tensor: tensor, count: count) : nil
      }
      func finding(_ found: ArraySlice<(tensor: TensorComparison, count: NonFiniteCount)>)
        -> CheckpointFinding
      {
        let nan = found.contains { $0.count.nan > 0 }, infinite = found.contains { $0.count.infinite > 0 }
        return CheckpointFinding(
          .nonFinite, .failure, names: found.map(\.tensor.name), side: named(side),
          value: Double(found.reduce(0) { $0 + $1.count.count }),
          reference: Double(found.reduce(0) { $0 + $1.tensor.elementCount }),
          index: found.first?.count.firstIndex,
          detail: nan && infinite ? "NaN and infinite" : nan ? "NaN" : "infinite")
      }
      if found.count > 4 { return [finding(found[...])] }
      return found.indices.map { finding(found[$0...$0]) }
    }
  }

  private var identical: [CheckpointFinding] {
    comparison.isIdentical ? [CheckpointFinding(.identical, .warning)] : []
  }

  /// Tensors that are 0 throughout at the second, and were not before.
  private var zeroed: [CheckpointFinding] {
    guard comparison.isPair else { return [] }
    let lost = comparison.tensors.filter(\.isLost)
    guard !lost.isEmpty else { return [] }
    return [
      CheckpointFinding(
        .zeroed, .failure, names: lost.map(\.name), side: .after, value: Double(lost.count),
        reference: Double(comparison.tensors.count(where: \.isWeight)))
    ]
  }

  /// Tensors that were saved in another type. `value` is the change of them as a share of what was there, where it is no
  /// more than the rounding to the coarser type makes.
  private var retyped: [CheckpointFinding] {
    guard comparison.isPair else { return [] }
    let others = comparison.tensors.filter {
      $0.isWeight && $0.elementTypes.before != $0.elementTypes.after
    }
    guard let first = others.first else { return [] }
    let isRounding = others.allSatisfy { tensor in
      let errors = [tensor.elementTypes.before.roundingError, tensor.elementTypes.after.roundingError]
      guard let error = errors.compactMap(\.self).max(), !errors.contains(nil) else { return false }
      return tensor.differenceNorm <= error * max(tensor.norm.before, tensor.norm.after)
    }
    let total = CheckpointComparison.Total(tensors: others)
    return [
      CheckpointFinding(
        .retyped, .note, names: others.map(\.name), value: isRounding ? total.relativeChange : nil,
        detail: "\(first.elementTypes.before.rawValue) → \(first.elementTypes.after.rawValue)")
    ]
  }

  /// The same factors do other things where α, the rank or the kind of scaling says so.
  private var rescaled: [CheckpointFinding] {
    guard comparison.isPair else { return [] }
    let factors = comparison.rescaled.compactMap { module -> Double? in
      guard let before = module.scaling.before, let after = module.scaling.after, before != 0 else {
        return nil
      }
      return after / before
    }
    var findings: [CheckpointFinding] = []
    if !comparison.rescaled.isEmpty {
      findings.append(
        CheckpointFinding(
          .rescaled, .warning, names: comparison.rescaled.map(\.label), value: Median.of(factors),
          reference: Double(comparison.modules.count),
          detail: comparison.hasSameTensors ? "same_tensors" : nil))
    }
    if comparison.areAppliedDifferently {
      findings.append(CheckpointFinding(.rescaled, .warning, detail: "configuration"))
    }
    return findings
  }

  private var emptyTensors: [CheckpointFinding] {
    sides.compactMap { side, value in
      guard !value.emptyTensors.isEmpty else { return nil }
      // AdaLoRA takes rank away, down to none: of a module that lost all of it nothing is left to save.
      let factors: Set<Substring> = ["lora_A", "lora_B", "lora_E"]
      let isPruned =
        value.configuration?.kind == "ADALORA"
        && value.emptyTensors.allSatisfy { $0.split(separator: ".").contains(where: factors.contains) }
      return CheckpointFinding(
        .emptyTensor, isPruned ? .note : .failure, names: value.emptyTensors, side: named(side),
        detail: isPruned ? "pruned" : nil)
    }
  }

  private func norm(_ module: ModuleComparison, _ side: CheckpointFinding.Side) -> Double? {
    side == .before ? module.deltaNorm.before : module.deltaNorm.after
  }

  private var deadModules: [CheckpointFinding] {
    sides.compactMap { side, _ in
      let dead = comparison.modules.filter { norm($0, side) == 0 }
      let count = comparison.modules.filter { norm($0, side) != nil }.count
      let isUnscaled = dead.allSatisfy { side == .before ? $0.scaling.before == 0 : $0.scaling.after == 0 }
      return dead.isEmpty
        ? nil
        : CheckpointFinding(
          .deadModule, .warning, names: dead.map(\.label), side: named(side), value: Double(dead.count),
          reference: Double(count), detail: isUnscaled ? "scaling" : nil)
    }
  }

  /// A module whose ln‖ΔW‖ is many robust deviations from the median of its type.
  private var outliers: [CheckpointFinding] {
    sides.flatMap { side, _ in
      let groups = Dictionary(grouping: comparison.modules) { $0.name.stack + "/" + $0.name.type }
      return groups.sorted { $0.key < $1.key }.flatMap { _, modules -> [CheckpointFinding] in
        let norms = modules.compactMap { module in
          norm(module, side).flatMap { $0 > 0 ? (module: module, value: Elementary.log($0)) : nil }
        }
        guard norms.count >= Thresholds.outlierCount, let middle = Median.of(norms.map(\.value)),
          let spread = Median.of(norms.map { abs($0.value - middle) })
        else { return [] }
        // Types whose norms hardly differ would make outliers of trifles, which the factor rules out.
        let bound = max(
          Thresholds.outlierDeviations * 1.4826 * spread, Elementary.log(Thresholds.outlierFactor))
        return norms.filter { abs($0.value - middle) > bound }.map {
          CheckpointFinding(
            .outlierNorm, .warning, names: [$0.module.label], side: named(side),
            value: Elementary.exp($0.value),
            reference: Elementary.exp(middle))
        }
      }
    }
  }

  private var rankMismatches: [CheckpointFinding] {
    sides.flatMap { side, _ in
      comparison.modules.compactMap { module -> CheckpointFinding? in
        let rank = side == .before ? module.rank.before : module.rank.after
        let configured = side == .before ? module.configuredRank.before : module.configuredRank.after
        guard let rank, let configured, rank != configured else { return nil }
        return CheckpointFinding(
          .rankMismatch, .failure, names: [module.label], side: named(side), value: Double(rank),
          reference: Double(configured))
      }
    }
  }

  private var frozen: [CheckpointFinding] {
    guard comparison.isPair, !comparison.isIdentical else { return [] }
    // What an adapter stands on is meant to stay as it is, as are the numbers of α beside its factors.
    func isTrained(_ tensor: TensorComparison) -> Bool {
      tensor.isWeight && tensor.elementCount > 0 && !tensor.name.hasSuffix(".alpha")
    }
    let same = comparison.tensors.lazy.filter { isTrained($0) && $0.isIdentical }.map(\.name)
    let count = comparison.tensors.count(where: isTrained)
    guard !same.isEmpty, same.count < count else { return [] }
    return [
      CheckpointFinding(
        .frozen, same.count * 2 < count ? .warning : .note, names: Array(same),
        value: Double(same.count), reference: Double(count))
    ]
  }

  private var moved: [CheckpointFinding] {
    // Where what was trained by low rank stayed as it is, what was trained whole moved.
    let own = comparison.total
    let total = own.differenceNorm > 0 ? own : comparison.wholeTotal ?? own
    switch movement {
    case .still:
      return [
        CheckpointFinding(.still, .note, value: total.relativeChange, reference: Thresholds.still)
      ]
    case .growing:
      return [CheckpointFinding(.growing, .note, value: total.growthShare, reference: total.cosine)]
    case .shrinking:
      return [
        CheckpointFinding(
          .growing, .note, value: total.growthShare, reference: total.cosine, detail: "shrinking")
      ]
    case .identical, .moving, nil: return []
    }
  }

  /// Half of the modules or more hold nearly all of ‖ΔW‖² in a quarter of their rank.
  private var wastedRank: [CheckpointFinding] {
    let uses = comparison.modules.compactMap { module -> (module: ModuleComparison, used: Int, rank: Int)? in
      let values =
        module.singularValues.after.isEmpty ? module.singularValues.before : module.singularValues.after
      let rank = module.rank.after ?? module.rank.before ?? 0
      guard rank >= 4, let used = Self.used(values) else { return nil }
      return (module, used, rank)
    }
    let wasting = uses.filter { Double($0.used) <= Thresholds.rankShare * Double($0.rank) }
    guard !wasting.isEmpty, wasting.count * 2 >= uses.count,
      let used = Median.of(uses.map { Double($0.used) }), let rank = Median.of(uses.map { Double($0.rank) })
    else { return [] }
    return [
      CheckpointFinding(.rankWasted, .note, names: wasting.map(\.module.label), value: used, reference: rank)
    ]
  }

  /// The leading directions that hold 99 % of ‖ΔW‖².
  private static func used(_ values: [Double]) -> Int? {
    let whole = values.reduce(0) { $0 + $1 * $1 }
    guard whole > 0 else { return nil }
    var sum = 0.0
    for (index, value) in values.enumerated() {
      sum += value * value
      if sum >= Thresholds.rankEnergy * whole { return index + 1 }
    }
    return values.count
  }

  private var intruders: [CheckpointFinding] {
    sides.compactMap { side, _ in
      let found = comparison.modules.compactMap { module -> (label: String, count: Int)? in
        let base = module.base
        let list = side == .before ? base?.intruders.before : base?.intruders.after
        let within = (side == .before ? base?.withinSpan.before : base?.withinSpan.after) ?? []
        // What only mixes the base's own leading directions is not foreign to it.
        let foreign = list?.filter { !within.contains($0) } ?? []
        return foreign.isEmpty ? nil : (module.label, foreign.count)
      }
      guard !found.isEmpty else { return nil }
      return CheckpointFinding(
        .intruder, .note, names: found.map(\.label), side: named(side),
        value: Double(found.reduce(0) { $0 + $1.count }),
        reference: Double(comparison.modules.filter { $0.base != nil }.count))
    }
  }

  private var unknownScaling: [CheckpointFinding] {
    let unknown = sides.filter { side, _ in
      comparison.modules.contains {
        side == .before
          ? $0.rank.before != nil && $0.scaling.before == nil
          : $0.rank.after != nil && $0.scaling.after == nil
      }
    }
    guard let first = unknown.first else { return [] }
    let side = unknown.count == 1 ? named(first.side) : nil
    return [CheckpointFinding(.scalingUnknown, .warning, side: side, detail: first.value.path)]
  }

  private var initialisation: [CheckpointFinding] {
    let texts = Set(
      sides.compactMap(\.value.configuration?.initialisation).filter { text in
        // Gaussian and orthogonal starts leave the base model as it is.
        AdapterConfiguration.changesBase(initialisation: text)
      })
    // With the base at hand the change holds what the start took away.
    let isWhole = !comparison.modules.isEmpty && comparison.modules.allSatisfy { $0.extent == .whole }
    return texts.sorted().filter { !isWhole || $0 != "KaSA" }
      .map { CheckpointFinding(.initialisation, .warning, detail: $0) }
  }

  /// DoRA's modules without a base, whose magnitudes change the weights too; KaSA's start is warned of by itself.
  private var partOfChange: [CheckpointFinding] {
    let parts = comparison.modules.filter { $0.extent == .part }
    let isCut = sides.contains { $0.value.configuration?.initialisation == "KaSA" }
    guard !isCut, !parts.isEmpty else { return [] }
    return [CheckpointFinding(.partOfChange, .note, names: parts.map(\.label))]
  }

  private var unmatched: [CheckpointFinding] {
    guard comparison.isPair else { return [] }
    var findings: [CheckpointFinding] = []
    if !comparison.onlyBefore.isEmpty {
      findings.append(
        CheckpointFinding(.unmatched, .warning, names: comparison.onlyBefore.map(\.name), side: .before))
    }
    if !comparison.onlyAfter.isEmpty {
      findings.append(
        CheckpointFinding(.unmatched, .warning, names: comparison.onlyAfter.map(\.name), side: .after))
    }
    // Another rank is another shape, and no loss: the modules are compared all the same.
    let factors = Set(comparison.modules.map(\.name.name))
    let reshaped = comparison.reshaped.filter { pair in
      !pair.before.name.contains("lora_") && !factors.contains { pair.before.name.hasPrefix($0 + ".") }
    }
    if !reshaped.isEmpty {
      findings.append(CheckpointFinding(.unmatched, .warning, names: reshaped.map(\.before.name)))
    }
    return findings
  }

  /// What is remarkable about the files, and where the settings of an adapter are from that brings none; what holds on
  /// both sides once.
  private var remarks: [CheckpointFinding] {
    let all = sides.map { side, value in
      (side: side, texts: value.remarks + (value.configuration.flatMap(Self.source).map { [$0] } ?? []))
    }
    var told: Set<String> = []
    return all.flatMap { side, texts in
      texts.compactMap { text in
        guard told.insert(text).inserted else { return nil }
        let isOnAll = all.allSatisfy { $0.texts.contains(text) }
        return CheckpointFinding(.remark, .note, side: isOnAll ? nil : named(side), detail: text)
      }
    }
  }

  private static func source(_ configuration: AdapterConfiguration) -> String? {
    configuration.source.map {
      "The checkpoint has no adapter_config.json of its own; its settings are from \($0)"
    }
  }
}
