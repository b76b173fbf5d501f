internal import Bytes
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

  /// A module.
  init(_ module: ModuleComparison) {
    name = module.name
    total = .init(modules: CollectionOfOne(module))
    ranks = [module.rank.before, module.rank.after].compactMap(\.self)
    stableRank = module.stableRank
    effectiveRank = module.effectiveRank
    changedCount = 0
    elementCount = 0
  }

  /// A tensor of a model, or one that was trained whole beside modules.
  init(_ tensor: TensorComparison, isWhole: Bool) {
    name = ModuleName(tensor.name.ends(with: ".weight") ? String(tensor.name.dropLast(7)) : tensor.name)
    self.isWhole = isWhole
    total = .init(tensors: CollectionOfOne(tensor))
    ranks = []
    stableRank = Pair(nil, nil)
    effectiveRank = Pair(nil, nil)
    changedCount = tensor.changedCount
    elementCount = tensor.elementCount
  }
}

/// The sums of all weights by type and by layer, which are looked at one by one and not kept: a model may have many.
struct WeightSums {
  private var groupSums: [GroupSums] = []
  private var groupPlaces: [GroupKey: Int] = [:]
  private var stackSums: [StackSums] = []
  private var stackPlaces: [String: Int] = [:]
  private var squaredChange = 0.0

  fileprivate struct GroupKey: Hashable {
    var stack: String
    var type: String
    var isWhole: Bool
  }

  fileprivate struct GroupSums {
    let key: GroupKey
    var total: CheckpointComparison.Total
    var count = 0
    var ranks: Set<Int> = []
    var stableRanks = Pair<[Double]>([], [])
    var effectiveRanks = Pair<[Double]>([], [])
    var changedCount = 0
    var elementCount = 0
  }

  /// The sums of a stack, by the place of the layer among those that came, and by type.
  fileprivate struct StackSums {
    let name: String
    var layers: [Int] = []
    var places: [Int: Int] = [:]
    var types: [String] = []
    var typePlaces: [String: Int] = [:]
    var totals: [CheckpointComparison.Total] = []
    var cells: [[CheckpointComparison.Total?]] = []
  }

  /// The sums over the modules and the tensors that were trained whole beside them, or over the tensors of a model
  /// without modules.
  init(of comparison: CheckpointComparison) {
    for module in comparison.modules { add(Weight(module)) }
    if comparison.modules.isEmpty {
      for tensor in comparison.tensors where tensor.role == .whole { add(Weight(tensor, isWhole: false)) }
    } else {
      for tensor in comparison.wholeTensors { add(Weight(tensor, isWhole: true)) }
    }
  }

  private mutating func add(_ weight: Weight) {
    squaredChange += weight.total.differenceNorm * weight.total.differenceNorm
    let key = GroupKey(stack: weight.name.stack, type: weight.name.type, isWhole: weight.isWhole)
    if let place = groupPlaces[key] {
      groupSums[place].total.add(weight.total)
      groupSums[place].add(weight)
    } else {
      groupPlaces[key] = groupSums.count
      var sums = GroupSums(key: key, total: weight.total)
      sums.add(weight)
      groupSums.append(sums)
    }
    guard let layer = weight.name.layer, !weight.isWhole else { return }
    if let place = stackPlaces[key.stack] {
      stackSums[place].add(weight, in: layer)
    } else {
      stackPlaces[key.stack] = stackSums.count
      var sums = StackSums(name: key.stack)
      sums.add(weight, in: layer)
      stackSums.append(sums)
    }
  }

  /// The groups by stack and type, in order of first appearance.
  var groups: [WeightGroup] {
    groupSums.map { sums in
      let change = sums.total.differenceNorm * sums.total.differenceNorm
      return WeightGroup(
        stack: sums.key.stack, type: sums.key.type, isWhole: sums.key.isWhole, count: sums.count,
        ranks: sums.ranks.sorted(), total: sums.total,
        changeShare: squaredChange > 0 ? change / squaredChange : 0,
        stableRank: sums.stableRanks.map(Median.of), effectiveRank: sums.effectiveRanks.map(Median.of),
        changedCount: sums.changedCount, elementCount: sums.elementCount)
    }
  }

  /// The stacks in order of first appearance; what is in no layer is left out, and tensors beside modules, whose norms
  /// are of another kind.
  var stacks: [LayerStack] { stackSums.map(\.stack) }
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

extension WeightSums.GroupSums {
  /// Adds all of a weight but its norms.
  fileprivate mutating func add(_ weight: Weight) {
    count += 1
    ranks.formUnion(weight.ranks)
    if let rank = weight.stableRank.before { stableRanks.before.append(rank) }
    if let rank = weight.stableRank.after { stableRanks.after.append(rank) }
    if let rank = weight.effectiveRank.before { effectiveRanks.before.append(rank) }
    if let rank = weight.effectiveRank.after { effectiveRanks.after.append(rank) }
    changedCount += weight.changedCount
    elementCount += weight.elementCount
  }
}

extension WeightSums.StackSums {
  fileprivate mutating func add(_ weight: Weight, in layer: Int) {
    let place: Int
    if let known = places[layer] {
      place = known
    } else {
      place = layers.count
      places[layer] = place
      layers.append(layer)
      totals.append(.init(modules: []))
    }
    let row: Int
    if let known = typePlaces[weight.name.type] {
      row = known
    } else {
      row = types.count
      typePlaces[weight.name.type] = row
      types.append(weight.name.type)
      cells.append([])
    }
    while cells[row].count <= place { cells[row].append(nil) }
    var cell = cells[row][place] ?? CheckpointComparison.Total(modules: [])
    cell.add(weight.total)
    cells[row][place] = cell
    totals[place].add(weight.total)
  }

  /// The stack with its layers in order.
  fileprivate var stack: LayerStack {
    let order = layers.indices.sorted { layers[$0] < layers[$1] }
    return LayerStack(
      name: name, layers: order.map { layers[$0] }, types: types, totals: order.map { totals[$0] },
      cells: cells.map { row in order.map { $0 < row.count ? row[$0] : nil } })
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
