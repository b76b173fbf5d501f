internal import Checkpoint

/// What is to be compared with what, cut into tasks that do not depend on each other.
struct ComparisonPlan: Sendable {
  let before: Subject?
  let after: Subject
  let base: BaseModel?
  let tasks: [Task]
  let onlyBefore: [TensorDescription]
  let onlyAfter: [TensorDescription]
  let reshaped: [Pair<TensorDescription>]

  /// A module, or a tensor on its own.
  struct Task: Sendable {
    /// The module; nil for a tensor on its own.
    var module: Module?
    /// The tensors that are compared element by element on the way.
    var tensors: [TensorPair]
    /// The bytes that are read.
    var byteCount: Int
  }

  /// A module on either side. It stands outside of its task: a whole model has many tasks, and no module.
  final class Module: Sendable {
    /// The place among the results.
    let index: Int
    let before: LowRankModule?, after: LowRankModule?

    init(index: Int, _ before: LowRankModule?, _ after: LowRankModule?) {
      self.index = index
      self.before = before
      self.after = after
    }
  }

  /// A tensor on both sides, with one shape.
  struct TensorPair: Sendable {
    var index: Int
    var name: String
    var before: Int
    var after: Int
    var role: TensorComparison.Role
  }

  var byteCount: Int { tasks.reduce(0) { $0 + $1.byteCount } }

  init(_ before: Subject?, _ after: Subject, base: BaseModel? = nil) {
    self.base = base
    self.before = before
    self.after = after
    // One checkpoint alone is passed against itself, which finds its norms and what is not finite.
    let first = before ?? after
    let namesBefore = first.adapter.canonicalNames, namesAfter = after.adapter.canonicalNames
    let indexAfter = Dictionary(namesAfter.enumerated().map { ($1, $0) }) { first, _ in first }
    var pairs: [Int: TensorPair] = [:]
    var onlyBefore: [TensorDescription] = [], reshaped: [Pair<TensorDescription>] = []
    var matched = Set<Int>()
    for (index, name) in namesBefore.enumerated() where Self.isCompared(name, index, first) {
      let tensor = first.checkpoint.tensors[index]
      guard let other = indexAfter[name] else {
        // A whole state brings the frozen base along, which an adapter's file leaves out.
        if first.role(ofTensorAt: index) != .fixed { onlyBefore.append(tensor) }
        continue
      }
      matched.insert(other)
      let twin = after.checkpoint.tensors[other]
      if tensor.shape == twin.shape, tensor.elementType.isComplex == twin.elementType.isComplex {
        pairs[index] = TensorPair(
          index: index, name: name, before: index, after: other,
          role: first.role(ofTensorAt: index) == .whole
            ? after.role(ofTensorAt: other) : first.role(ofTensorAt: index))
      } else {
        reshaped.append(Pair(tensor, twin))
      }
    }
    self.onlyBefore = onlyBefore
    self.reshaped = reshaped
    onlyAfter = after.checkpoint.tensors.indices
      .filter {
        !matched.contains($0) && Self.isCompared(namesAfter[$0], $0, after)
          && after.role(ofTensorAt: $0) != .fixed
      }
      .map { after.checkpoint.tensors[$0] }

    var tasks: [Task] = []
    let adapter = after.adapter
    for (before, after) in Self.modules(before, after) {
      var own: [TensorPair] = []
      let module = before ?? after
      // Magnitudes are a part of the change where the base is there to tell it.
      let magnitude = module.flatMap {
        base?.place(of: $0, in: adapter) == nil ? nil : $0.magnitude
      }
      for tensor in (module?.tensorIndices ?? []) + [magnitude].compactMap(\.self)
      where before != nil || self.before == nil {
        if var pair = pairs.removeValue(forKey: tensor) {
          pair.role = .factor
          own.append(pair)
        }
      }
      var bytes = 0
      for module in [before, after].compactMap(\.self) {
        bytes += (module.a.length + module.b.length) * module.rank * 4
      }
      tasks.append(Task(module: Module(index: tasks.count, before, after), tensors: own, byteCount: bytes))
    }
    for (_, pair) in pairs.sorted(by: { $0.key < $1.key }) {
      let bytes =
        first.checkpoint.tensors[pair.before].byteCount
        + (self.before == nil ? 0 : after.checkpoint.tensors[pair.after].byteCount)
      tasks.append(Task(module: nil, tensors: [pair], byteCount: bytes))
    }
    self.tasks = tasks
  }

  /// Whether a tensor is a weight at all: not what the optimizer keeps, not an empty place of Transformer Engine's.
  private static func isCompared(_ name: String, _ index: Int, _ subject: Subject) -> Bool {
    !TensorName.isOptimizers(name)
      && !(name.hasSuffix("_extra_state") && subject.checkpoint.tensors[index].elementCount == 0)
  }

  /// The modules of both sides by name, expert and kind of layout.
  private static func modules(
    _ before: Subject?, _ after: Subject
  ) -> [(before: LowRankModule?, after: LowRankModule?)] {
    struct Key: Hashable {
      var name: String
      var expert: Int?
      init(_ module: LowRankModule) {
        name = module.name.name
        expert = module.expert
      }
    }
    let others = Dictionary(after.adapter.modules.map { (Key($0), $0) }) { first, _ in first }
    var matched = Set<Key>()
    var pairs: [(before: LowRankModule?, after: LowRankModule?)] = []
    for module in before?.adapter.modules ?? [] {
      let key = Key(module)
      if let other = others[key] {
        matched.insert(key)
        pairs.append((module, other))
      } else {
        pairs.append((module, nil))
      }
    }
    for module in after.adapter.modules where !matched.contains(Key(module)) { pairs.append((nil, module)) }
    return pairs
  }
}

extension LowRankModule {
  /// The tensors that the module is made of.
  var tensorIndices: [Int] { [a.tensor, b.tensor, diagonal, alpha].compactMap(\.self) }
}
