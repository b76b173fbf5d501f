internal import Analysis
internal import Checkpoint
internal import Weights

/// The weights by type of module, a row each, and all together in the last.
struct WeightGroupTable {
  private let analysis: CheckpointAnalysis
  private let isPair: Bool
  private let hasModules: Bool
  private let isBrief: Bool

  /// - Parameter isBrief: whether it keeps to the columns that a terminal has room for.
  init(_ analysis: CheckpointAnalysis, isBrief: Bool = false) {
    self.analysis = analysis
    self.isBrief = isBrief
    isPair = analysis.comparison.isPair
    hasModules = !analysis.comparison.modules.isEmpty
  }

  var table: Table {
    let groups = analysis.groups
    let severalStacks = Set(groups.map(\.stack)).count > 1
    var table = Table(headers, sides: headers.indices.map { $0 == 0 ? .left : .right })
    func add(_ groups: [WeightGroup], all name: String, _ total: CheckpointComparison.Total) {
      for group in groups {
        var name = severalStacks && !group.stack.isEmpty ? "\(group.stack) · \(group.type)" : group.type
        if group.isWhole { name += " (whole)" }
        table.add(
          row(
            name, count: group.count, ranks: group.ranks, total: group.total, share: group.changeShare,
            stable: group.stableRank, changed: group.changedCount, of: group.elementCount))
      }
      guard groups.count > 1 else { return }
      func sum(_ part: KeyPath<WeightGroup, Int>) -> Int { groups.reduce(0) { $0 + $1[keyPath: part] } }
      table.add(
        row(name, count: sum(\.count), total: total, changed: sum(\.changedCount), of: sum(\.elementCount)))
    }
    add(groups.filter { !$0.isWhole }, all: "all", analysis.comparison.total)
    if let total = analysis.comparison.wholeTotal {
      add(groups.filter(\.isWhole), all: "all (whole)", total)
    }
    return table
  }

  private var headers: [String] {
    let labels = CheckpointLabels(analysis)
    let norm = hasModules ? "‖ΔW‖" : "‖W‖"
    var headers = ["Type", hasModules ? "Modules" : "Tensors"]
    if hasModules { headers.append("Rank") }
    if isPair {
      headers += ["\(norm) \(labels.columns.before)", labels.columns.after]
      if !isBrief { headers.append("‖\(labels.change)‖") }
      headers += [Verdict.capitalised(labels.change), "Cosine", "Share"]
    } else {
      headers.append(norm)
    }
    if hasModules && !isBrief { headers.append("Stable rank") }
    if isPair && !hasModules { headers.append("Changed") }
    return headers
  }

  private func row(
    _ name: String, count: Int, ranks: [Int] = [], total: CheckpointComparison.Total, share: Double? = nil,
    stable: Pair<Double?> = Pair(nil, nil), changed: Int, of elements: Int
  ) -> [Table.Cell] {
    var cells: [Table.Cell] = [.code(name), .count(count)]
    if hasModules { cells.append(Table.Cell(ranks.map { "\($0)" }.joined(separator: ", "))) }
    if isPair {
      let isShared = min(total.count.before, total.count.after) > 0
      cells += [
        .figure(total.count.before > 0 ? total.norm.before : nil),
        .figure(total.count.after > 0 ? total.norm.after : nil),
      ]
      if !isBrief { cells.append(.figure(isShared ? total.differenceNorm : nil)) }
      cells += [
        .percent(total.relativeChange), .fixed(total.cosine, places: 4), share.map { .percent($0) } ?? "",
      ]
    } else {
      cells.append(.figure(total.norm.after))
    }
    if hasModules, !isBrief {
      let ranks = [isPair ? stable.before : nil, stable.after].compactMap(\.self)
      cells.append(
        Table.Cell(
          ranks.map { NumberText.fixed($0, places: 1) }.joined(separator: " → "), value: stable.after))
    } else if isPair, !hasModules {
      cells.append(.percent(elements > 0 ? Double(changed) / Double(elements) : nil))
    }
    return cells
  }
}
