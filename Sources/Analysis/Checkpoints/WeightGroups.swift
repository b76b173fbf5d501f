internal import Checkpoint
internal import Weights

/// One module, or one tensor that was trained whole, as groups count it.
struct Weight {
  var name: ModuleName
  /// Whether this is a tensor beside modules, whose norm is that of the weight itself and not of a ΔW.
  var isWhole = false
  var total: CheckpointComparison.Total
  var ranks: [Int]
  var stableRank: Pair<Double?>
  var effectiveRank: Pair<Double?>
  var changedCount: Int
  var elementCount: Int

  /// The modules and the tensors that were trained whole beside them, or the tensors of a model without modules.
  static func all(of comparison: CheckpointComparison) -> [Weight] {
    let modules = comparison.modules.map { module in
      Weight(
        name: module.name, total: .init(modules: [module]),
        ranks: [module.rank.before, module.rank.after].compactMap(\.self), stableRank: module.stableRank,
        effectiveRank: module.effectiveRank, changedCount: 0, elementCount: 0)
    }
    let tensors =
      modules.isEmpty ? comparison.tensors.filter { $0.role == .whole } : comparison.wholeTensors
    return modules
      + tensors.map { tensor in
        let name = tensor.name.hasSuffix(".weight") ? String(tensor.name.dropLast(7)) : tensor.name
        return Weight(
          name: ModuleName(name), isWhole: !modules.isEmpty, total: .init(tensors: [tensor]), ranks: [],
          stableRank: Pair(nil, nil), effectiveRank: Pair(nil, nil), changedCount: tensor.changedCount,
          elementCount: tensor.elementCount)
      }
  }
}

extension CheckpointComparison.Total {
  /// The sums of both.
  mutating func add(_ other: Self) {
    func root(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
    norm = Pair(root(norm.before, other.norm.before), root(norm.after, other.norm.after))
    sharedNorm = Pair(
      root(sharedNorm.before, other.sharedNorm.before), root(sharedNorm.after, other.sharedNorm.after))
    differenceNorm = root(differenceNorm, other.differenceNorm)
    innerProduct += other.innerProduct
    count = Pair(count.before + other.count.before, count.after + other.count.after)
  }
}

extension WeightGroup {
  /// The groups of `weights` by stack and type.
  static func groups(of weights: [Weight]) -> [WeightGroup] {
    struct Key: Hashable {
      var stack: String
      var type: String
      var isWhole: Bool
    }
    var order: [Key] = []
    var members: [Key: [Weight]] = [:]
    for weight in weights {
      let key = Key(stack: weight.name.stack, type: weight.name.type, isWhole: weight.isWhole)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(weight)
    }
    let whole = weights.reduce(0) { $0 + $1.total.differenceNorm * $1.total.differenceNorm }
    return order.compactMap { key in
      guard let weights = members[key], var total = weights.first?.total else { return nil }
      for weight in weights.dropFirst() { total.add(weight.total) }
      return WeightGroup(
        stack: key.stack, type: key.type, isWhole: key.isWhole, count: weights.count,
        ranks: Set(weights.flatMap(\.ranks)).sorted(),
        total: total, changeShare: whole > 0 ? total.differenceNorm * total.differenceNorm / whole : 0,
        stableRank: Pair(
          Median.of(weights.compactMap(\.stableRank.before)),
          Median.of(weights.compactMap(\.stableRank.after))),
        effectiveRank: Pair(
          Median.of(weights.compactMap(\.effectiveRank.before)),
          Median.of(weights.compactMap(\.effectiveRank.after))),
        changedCount: weights.reduce(0) { $0 + $1.changedCount },
        elementCount: weights.reduce(0) { $0 + $1.elementCount })
    }
  }
}

extension LayerStack {
  /// The stacks of `weights`, in order of first appearance; what is in no layer is left out, and tensors beside modules,
  /// whose norms are of another kind.
  static func stacks(of weights: [Weight]) -> [LayerStack] {
    var order: [String] = []
    var members: [String: [Weight]] = [:]
    for weight in weights where weight.name.layer != nil && !weight.isWhole {
      if members[weight.name.stack] == nil { order.append(weight.name.stack) }
      members[weight.name.stack, default: []].append(weight)
    }
    return order.compactMap { name in
      guard let weights = members[name] else { return nil }
      let layers = Set(weights.compactMap(\.name.layer)).sorted()
      let places = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
      var types: [String] = []
      var cells: [String: [CheckpointComparison.Total?]] = [:]
      var totals = [CheckpointComparison.Total](repeating: .init(modules: []), count: layers.count)
      for weight in weights {
        guard let layer = weight.name.layer, let place = places[layer] else { continue }
        if cells[weight.name.type] == nil {
          types.append(weight.name.type)
          cells[weight.name.type] = Array(repeating: nil, count: layers.count)
        }
        var cell = cells[weight.name.type]?[place] ?? CheckpointComparison.Total(modules: [])
        cell.add(weight.total)
        cells[weight.name.type]?[place] = cell
        totals[place].add(weight.total)
      }
      return LayerStack(
        name: name, layers: layers, types: types, totals: totals, cells: types.map { cells[$0] ?? [] })
    }
  }
}

extension CheckpointAnalysis.Concentration {
  /// The share of the change that neighbouring layers must hold to be named.
  private static let holding = 0.6

  /// Where most of the change is; nil without any change.
  ///
  /// - Parameters:
  ///   - groups: all weights by type, those that are in no layer included.
  init?(_ groups: [WeightGroup], _ stacks: [LayerStack]) {
    if let top = groups.max(by: { $0.changeShare < $1.changeShare }), top.stack.isEmpty || top.isWhole,
      Self.standsOut(top.changeShare, of: groups.count)
    {
      self.init(type: top.type, typeShare: top.changeShare, stack: "", layers: nil, layerShare: 1)
      return
    }
    self.init(stacks, whole: groups.reduce(0) { $0 + $1.total.differenceNorm * $1.total.differenceNorm })
  }

  private init?(_ stacks: [LayerStack], whole: Double) {
    func square(_ total: CheckpointComparison.Total?) -> Double {
      total.map { $0.differenceNorm * $0.differenceNorm } ?? 0
    }
    let rows = stacks.flatMap { stack in
      zip(stack.types, stack.cells).map { (stack: stack, type: $0, changes: $1.map(square)) }
    }
    guard whole > 0, let top = rows.max(by: { $0.changes.reduce(0, +) < $1.changes.reduce(0, +) }) else {
      return nil
    }
    let share = top.changes.reduce(0, +) / whole
    let standsOut = Self.standsOut(share, of: rows.count)
    let changes = standsOut ? top.changes : top.stack.totals.map(square)
    let sum = changes.reduce(0, +)
    stack = top.stack.name
    type = standsOut ? top.type : nil
    typeShare = share
    layers = nil
    layerShare = 1
    guard sum > 0, let range = Self.narrowest(changes, holding: Self.holding * sum),
      Double(range.count) <= Double(changes.count) * 0.5, changes.count > 3
    else { return }
    layers = top.stack.layers[range.lowerBound]...top.stack.layers[range.upperBound]
    layerShare = changes[range].reduce(0, +) / sum
  }

  /// A type stands out with half as much again as its even share.
  private static func standsOut(_ share: Double, of count: Int) -> Bool {
    count > 1 && share >= min(0.5, 1.5 / Double(count))
  }

  /// The fewest neighbours that sum up to `amount`.
  private static func narrowest(_ values: [Double], holding amount: Double) -> ClosedRange<Int>? {
    var best: ClosedRange<Int>?
    var sum = 0.0
    var start = 0
    for end in values.indices {
      sum += values[end]
      while start < end, sum - values[start] >= amount {
        sum -= values[start]
        start += 1
      }
      if sum >= amount, best.map({ end - start < $0.upperBound - $0.lowerBound }) ?? true {
        best = start...end
      }
    }
    return best
  }
}

/// Medians of small lists.
enum Median {
  /// The median of the finite values; nil without any.
  static func of(_ values: [Double]) -> Double? {
    let finite = values.filter(\.isFinite)
    return finite.isEmpty ? nil : Selection.median(finite)
  }
}
