internal import Analysis
internal import Checkpoint
internal import Weights

/// Every low-rank module in figures, a row each.
struct ModuleTable {
  private let isPair: Bool
  private let hasBase: Bool
  private let modules: [ModuleComparison]
  private let labels: CheckpointLabels

  init(_ analysis: CheckpointAnalysis) {
    modules = analysis.comparison.modules
    isPair = analysis.comparison.isPair
    hasBase = modules.contains { $0.base != nil }
    labels = CheckpointLabels(analysis)
  }

  /// The number of modules.
  var count: Int { modules.count }

  /// The table of the first `limit` modules.
  func table(limit: Int) -> Table {
    var headers = ["Module", "Rank"]
    headers +=
      isPair
      ? [
        "‖ΔW‖ \(labels.columns.before)", labels.columns.after, "‖\(labels.change)‖",
        Verdict.capitalised(labels.change), "Cosine",
        "σ₁ \(labels.columns.before)", labels.columns.after,
      ] : ["‖ΔW‖", "σ₁"]
    headers += ["Stable rank", "Effective rank"]
    if isPair { headers += ["Overlap out", "Overlap in", "Random"] }
    if hasBase { headers += ["‖ΔW‖/‖W‖", "Intruders"] }
    return Table(
      headers, sides: headers.indices.map { $0 == 0 ? .left : .right }, rows: modules.prefix(limit).map(row))
  }

  private func row(_ module: ModuleComparison) -> [Table.Cell] {
    let ranks = Set([module.rank.before, module.rank.after].compactMap(\.self)).sorted()
    var cells: [Table.Cell] = [
      .code(module.label), Table.Cell(ranks.map { "\($0)" }.joined(separator: " → ")),
    ]
    if isPair {
      cells += [
        .figure(module.deltaNorm.before), .figure(module.deltaNorm.after), .figure(module.differenceNorm),
        .percent(module.relativeChange), .fixed(module.cosine, places: 4),
        .figure(module.singularValues.before.first), .figure(module.singularValues.after.first),
      ]
    } else {
      cells += [.figure(module.deltaNorm.after), .figure(module.singularValues.after.first)]
    }
    cells += [both(module.stableRank), both(module.effectiveRank)]
    if isPair {
      let overlap = module.overlap
      cells += [.fixed(overlap?.left, places: 3), .fixed(overlap?.right, places: 3)]
      cells.append(
        overlap.map {
          "\(NumberText.fixed($0.leftBaseline, places: 3)), \(NumberText.fixed($0.rightBaseline, places: 3))"
        } ?? "–")
    }
    if hasBase { cells += base(module) }
    return cells
  }

  private func both(_ pair: Pair<Double?>) -> Table.Cell {
    let values = isPair ? [pair.before, pair.after] : [pair.after]
    let texts = values.map { $0.map { NumberText.fixed($0, places: 1) } ?? "–" }
    return Table.Cell(texts.joined(separator: " → "), value: pair.after)
  }

  private func base(_ module: ModuleComparison) -> [Table.Cell] {
    let relative = module.base.flatMap { base in
      base.weightNorm > 0 ? module.deltaNorm.after.map { $0 / base.weightNorm } : nil
    }
    func intruders(_ list: [Int]?, _ open: [Int]?) -> String {
      guard let list else { return "–" }
      let open = open?.count ?? 0
      return open == 0 ? "\(list.count)" : "\(list.count) (\(open) open)"
    }
    let (found, open) = (module.base?.intruders, module.base?.undetermined)
    let after = intruders(found?.after, open?.after)
    return [
      .percent(relative),
      Table.Cell(isPair ? "\(intruders(found?.before, open?.before)) → \(after)" : after),
    ]
  }
}
