public import Checkpoint
internal import Process

/// Whether adapters would merge: how far the weight changes that they make agree, module by module, without a base.
///
/// Norms, cosines and principal angles are exact, from the factors (`CheckpointComparison`). What needs single elements,
/// the conflict of signs and TIES, is computed over rows of ΔW that are spread evenly over each module, all of them where
/// there are few.
public struct AdapterMerge: Equatable, Sendable {
  /// The paths of the adapters.
  public var paths: [String]
  /// The modules that all adapters have, in the order of the first.
  public var modules: [ModuleMerge]
  /// The modules that some of them lack, by name.
  public var unshared: [String]
  /// The sums over all modules.
  public var total: Merging
  /// Why ΔW is not all that some of the adapters change, in words; empty where it is.
  public var remarks: [String] = []

  /// The share of the elements, the greatest, that TIES keeps of each adapter.
  public static let density = 0.2
  /// The elements of each module's ΔW that are looked at, about.
  static let elementLimit = 1 << 17

  /// Looks at the adapters in `checkpoints`.
  ///
  /// - Parameter configurations: the settings of each; looked for beside it where nil.
  /// - Throws: `CheckpointError` where values are out of reach, or one of them is no adapter.
  /// - Complexity: that of a comparison for each pair, and O(rank) for each element that is looked at.
  public init(
    of checkpoints: [Checkpoint], configurations: [AdapterConfiguration?] = []
  ) throws(CheckpointError) {
    var subjects: [Subject] = []
    for (index, checkpoint) in checkpoints.enumerated() {
      let subject = try Subject(checkpoint, index < configurations.count ? configurations[index] : nil)
      guard !subject.adapter.isEmpty else {
        throw CheckpointError(
          .structure("no adapter with low-rank factors, which alone can be merged"), path: checkpoint.path)
      }
      subjects.append(subject)
    }
    paths = checkpoints.map(\.path)
    let keys = subjects.map { subject in subject.adapter.modules.map(Self.key) }
    let shared = keys.dropFirst().reduce(Set(keys.first ?? [])) { $0.intersection($1) }
    var seen: Set<String> = []
    unshared = keys.joined().filter { !shared.contains($0) && seen.insert($0).inserted }
    let count = checkpoints.count
    var grams: [String: [[Double]]] = [:]
    var overlaps: [String: [SubspaceOverlap]] = [:]
    for left in 0..<count {
      for right in left + 1..<max(count, left + 1) {
        let comparison = try CheckpointComparison(
          checkpoints[left], checkpoints[right],
          configurations: Pair(subjects[left].adapter.configuration, subjects[right].adapter.configuration))
        for module in comparison.modules where shared.contains(module.label) {
          var gram =
            grams[module.label] ?? Array(repeating: Array(repeating: .nan, count: count), count: count)
          if let norm = module.deltaNorm.before { gram[left][left] = norm * norm }
          if let norm = module.deltaNorm.after { gram[right][right] = norm * norm }
          if let inner = module.innerProduct { (gram[left][right], gram[right][left]) = (inner, inner) }
          grams[module.label] = gram
          if let overlap = module.overlap { overlaps[module.label, default: []].append(overlap) }
        }
      }
    }
    let first = subjects.first?.adapter.modules.filter { shared.contains(Self.key($0)) } ?? []
    let all = subjects
    let grounds = grams
    let found = concurrentMap(count: first.count) { index in
      Result { () throws(CheckpointError) -> ModuleMerge? in
        let key = Self.key(first[index])
        let factors = all.compactMap { subject in subject.adapter.modules.first { Self.key($0) == key } }
        guard let gram = grounds[key], gram.joined().allSatisfy(\.isFinite), factors.count == all.count else {
          return nil
        }
        guard factors.allSatisfy({ $0.shape == first[index].shape }) else { return nil }
        let rows = try SampledRows(factors, all.map(\.checkpoint))
        return ModuleMerge(
          name: first[index].name, expert: first[index].expert, merging: Merging(gram: gram, rows: rows))
      }
    }
    remarks = subjects.compactMap { subject in
      let path = subject.checkpoint.path
      if let start = subject.adapter.configuration?.initialisation?.lowercased(),
        AdapterConfiguration.changesBase(initialisation: start)
      {
        return "\(path) began with \(start), which changed its base model too: its ΔW is not of the same base"
      }
      return subject.adapter.modules.contains(where: \.isPartOfChange)
        ? "\(path) has magnitudes (DoRA) or a changed base (KaSA): its ΔW is the low-rank part alone" : nil
    }
    modules = []
    for result in found {
      guard var module = try result.get() else { continue }
      module.overlaps = overlaps[module.label] ?? []
      modules.append(module)
    }
    total = Merging(modules.map(\.merging), count: count)
  }
}

extension AdapterMerge {
  /// What a module is called in all adapters.
  private static func key(_ module: LowRankModule) -> String { module.name.label(expert: module.expert) }
}

/// One module that all adapters change.
public struct ModuleMerge: Equatable, Sendable {
  /// The module.
  public var name: ModuleName
  /// The number of the expert, where the tensors hold several.
  public var expert: Int?
  /// How the changes go together.
  public var merging: Merging
  /// How far the leading directions of each pair agree: of the first adapter with the second, with the third, ….
  public var overlaps: [SubspaceOverlap] = []

  /// The module's name, with the expert where there are several.
  public var label: String { name.label(expert: expert) }

  init(name: ModuleName, expert: Int?, merging: Merging) {
    self.name = name
    self.expert = expert
    self.merging = merging
  }
}
