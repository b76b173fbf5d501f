internal import Bytes
internal import Checkpoint

/// What is to be compared with what, cut into tasks that do not depend on each other.
struct ComparisonPlan: Sendable {
  let before: Subject?
  let after: Subject
  let base: BaseModel?
  /// The tensors on both sides with one shape, in the order of the first checkpoint.
  let pairs: [TensorPair]
  let tasks: [Task]
  let onlyBefore: [TensorDescription]
  let onlyAfter: [TensorDescription]
  let reshaped: [Pair<TensorDescription>]

  /// A module, or tensors on their own.
  struct Task: Sendable {
    /// The module; nil for tensors on their own.
    var module: Module?
    /// The tensors on their own, by their places among the pairs.
    var tensors = 0..<0
    /// The bytes that are read.
    var byteCount: Int
  }

  /// A module on either side. It stands outside of its task: a whole model has many tasks, and no module.
  final class Module: Sendable {
    /// The place among the results.
    let index: Int
    let before: LowRankModule?, after: LowRankModule?
    /// The tensors that are compared element by element on the way, by their places among the pairs.
    let tensors: [Int]

    init(index: Int, _ before: LowRankModule?, _ after: LowRankModule?, tensors: [Int]) {
      self.index = index
      self.tensors = tensors
      self.before = before
      self.after = after
    }
  }

  /// A tensor on both sides, with one shape.
  struct TensorPair: Sendable {
    var before: Int
    var after: Int
    var role: TensorComparison.Role
  }

  var byteCount: Int { tasks.reduce(0) { $0 + $1.byteCount } }

  /// The name that both tensors of a pair are matched by.
  func name(_ pair: TensorPair) -> String { (before ?? after).adapter.canonicalNames[pair.before] }

  /// Small tensors are compared some at a time: as many as have so many bytes together, and so many at most.
  private static let taskByteCount = 1 << 20, taskTensorCount = 256

  init(_ before: Subject?, _ after: Subject, base: BaseModel? = nil) {
    self.base = base
    self.before = before
    self.after = after
    // One checkpoint alone is passed against itself, which finds its norms and what is not finite.
    let first = before ?? after
    let namesBefore = first.adapter.canonicalNames, namesAfter = after.adapter.canonicalNames
    let indexAfter = NameIndex(count: namesAfter.count) { namesAfter[$0] }
    var pairs: [TensorPair] = []
    var onlyBefore: [TensorDescription] = [], reshaped: [Pair<TensorDescription>] = []
    var matched = [Bool](repeating: false, count: namesAfter.count)
    for (index, name) in namesBefore.enumerated() where Self.isCompared(name, index, first) {
      let tensor = first.checkpoint.tensors[index]
      guard let other = indexAfter.place(of: name, { namesAfter[$0] }) else {
        // A whole state brings the frozen base along, which an adapter's file leaves out.
        if first.role(ofTensorAt: index) != .fixed { onlyBefore.append(tensor) }
        continue
      }
      matched[other] = true
      let twin = after.checkpoint.tensors[other]
      if tensor.shape == twin.shape, tensor.elementType.isComplex == twin.elementType.isComplex {
        var role = first.role(ofTensorAt: index)
        if role == .whole { role = after.role(ofTensorAt: other) }
        let isTied =
          first.checkpoint.tiedTensors.contains(index) && after.checkpoint.tiedTensors.contains(other)
        pairs.append(
          TensorPair(before: index, after: other, role: isTied && role == .whole ? .tied : role))
      } else {
        reshaped.append(Pair(tensor, twin))
      }
    }
    self.onlyBefore = onlyBefore
    self.reshaped = reshaped
    onlyAfter = after.checkpoint.tensors.indices
      .filter {
        !matched[$0] && Self.isCompared(namesAfter[$0], $0, after)
          && after.role(ofTensorAt: $0) != .fixed
      }
      .map { after.checkpoint.tensors[$0] }

    var tasks: [Task] = []
    let adapter = after.adapter
    let modules = Self.modules(before, after)
    var places =
      modules.isEmpty ? [:] : Dictionary(uniqueKeysWithValues: pairs.indices.map { (pairs[$0].before, $0) })
    for (before, after) in modules {
      var own: [Int] = []
      let module = before ?? after
      // Magnitudes are a part of the change where the base is there to tell it.
      let magnitude = module.flatMap {
        base?.place(of: $0, in: adapter) == nil ? nil : $0.magnitude
      }
      for tensor in (module?.tensorIndices ?? []) + [magnitude].compactMap(\.self)
      where before != nil || self.before == nil {
        if let place = places.removeValue(forKey: tensor) {
          pairs[place].role = .factor
          own.append(place)
        }
      }
      var bytes = 0
      for module in [before, after].compactMap(\.self) {
        bytes += (module.a.length + module.b.length) * module.rank * 4
      }
      tasks.append(
        Task(module: Module(index: tasks.count, before, after, tensors: own), byteCount: bytes))
    }
    for (place, pair) in pairs.enumerated() where pair.role != .factor {
      let bytes =
        first.checkpoint.tensors[pair.before].byteCount
        + (self.before == nil ? 0 : after.checkpoint.tensors[pair.after].byteCount)
      if let last = tasks.last, last.module == nil, last.tensors.upperBound == place,
        last.tensors.count < Self.taskTensorCount, last.byteCount + bytes <= Self.taskByteCount
      {
        tasks[tasks.count - 1].tensors = last.tensors.lowerBound..<place + 1
        tasks[tasks.count - 1].byteCount += bytes
      } else {
        tasks.append(Task(module: nil, tensors: place..<place + 1, byteCount: bytes))
      }
    }
    self.pairs = pairs
    self.tasks = tasks
  }

  /// Whether a tensor is a weight at all: not what the optimizer keeps, not an empty place of Transformer Engine's.
  private static func isCompared(_ name: String, _ index: Int, _ subject: Subject) -> Bool {
    !TensorName.isOptimizers(name)
      && !(name.ends(with: "_extra_state") && subject.checkpoint.tensors[index].elementCount == 0)
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
