internal import Bytes
internal import FileSystem

/// Puts the parts together that tensor-parallel ranks hold of each parameter.
struct TensorParallelJoin {
  typealias Tensor = (description: TensorDescription, layout: TensorLayout)

  private var rules: TensorParallelRules
  /// The ranks that hold parts of one tensor; nil where the files do not say it. More hold a tensor that stages of
  /// a pipeline share.
  let degree: Int?
  /// The path to name in errors.
  let path: String
  private(set) var remarks: [String] = []

  init(rules: TensorParallelRules, degree: Int?, path: String) {
    self.rules = rules
    self.degree = degree
    self.path = path
  }

  /// Joins what the ranks hold.
  ///
  /// - Parameters:
  ///   - ranks: the tensors of each rank, in the order of ranks.
  ///   - suffix: what the names have at their end that the rules do not know of.
  ///   - files: the files that the layouts refer to.
  mutating func join(
    _ ranks: [[Tensor]], suffix: String = "", files: [MappedFile]
  ) throws(CheckpointError) -> [Tensor] {
    guard ranks.count > 1 else { return ranks.first ?? [] }
    var names: [String] = []
    var parts: [String: [(rank: Int, tensor: Tensor)]] = [:]
    for (rank, tensors) in ranks.enumerated() {
      for tensor in tensors {
        let name = tensor.description.name
        if parts[name] == nil { names.append(name) }
        parts[name, default: []].append((rank, tensor))
      }
    }
    var joined: [Tensor] = []
    var unjoined: [String] = []
    for name in names {
      guard var held = parts[name] else { continue }
      if let degree, degree >= 1, held.count > degree { held.removeLast(held.count - degree) }
      if held.count == 1 {
        joined.append(held[0].tensor)
      } else if let whole = try join(String(name.dropLast(suffix.count)), held.map(\.tensor), files) {
        joined.append(whole)
      } else {
        unjoined.append(name)
        for (rank, tensor) in held {
          joined.append((tensor.description.renamed("\(name)@rank\(rank)"), tensor.layout))
        }
      }
    }
    if let first = unjoined.first {
      remarks.append(
        "\(first)\(unjoined.count > 1 ? " and \(Thousands.text(unjoined.count - 1)) more" : ""): how the parts of the "
          + "tensor-parallel ranks belong together is neither saved with them nor told by the name; listed rank by "
          + "rank, as @rank0 and so on")
    }
    return joined
  }

  /// The parts as one tensor; nil where it is not known how they belong together.
  private mutating func join(
    _ name: String, _ parts: [Tensor], _ files: [MappedFile]
  ) throws(CheckpointError) -> Tensor? {
    let first = parts[0].description
    guard parts.allSatisfy({ $0.description.elementType == first.elementType }) else {
      throw CheckpointError(
        .sharded(.disagreement(first.name, what: "its type differs between ranks")), path: path)
    }
    let areAlike = parts.allSatisfy { $0.description.shape == first.shape }
    switch rules.join(of: name) {
    case .whole: return areAlike ? parts[0] : nil
    case .unknown:
      guard areAlike, try areSame(parts, files) else { return nil }
      return parts[0]
    case .unsupported: return nil
    case .axis(let axis) where first.shape.count <= axis: return areAlike ? parts[0] : nil
    case .axis(let axis): return try concatenate(parts, axis: axis, limit: nil)
    case .vocabulary(let size?) where size <= 0: return nil
    case .vocabulary(let size): return try concatenate(parts, axis: 0, limit: size)
    case .fused(let axis, let widths): return try fuse(parts, axis: axis, widths)
    }
  }

  /// Whether all ranks hold the same bits. Of long ones that is not looked at.
  private func areSame(_ parts: [Tensor], _ files: [MappedFile]) throws(CheckpointError) -> Bool {
    guard parts[0].description.byteCount <= 1 << 24 else { return false }
    let assembler = TensorAssembler(files: files)
    let reference = try assembler.withBytes(of: parts[0].description, parts[0].layout) { $0.copied() }
    for part in parts.dropFirst() {
      guard try assembler.withBytes(of: part.description, part.layout, { $0.copied() }) == reference else {
        return false
      }
    }
    return true
  }

  private func concatenate(_ parts: [Tensor], axis: Int, limit: Int?) throws(CheckpointError) -> Tensor? {
    var segments: [[Segment]] = []
    var reached = 0
    for part in parts {
      guard part.description.shape.indices.contains(axis) else { return nil }
      let extent = part.description.shape[axis]
      let held = max(0, min(extent, limit.map { $0 - reached } ?? extent))
      segments.append([Segment(part: 0..<held, origin: reached)])
      guard let next = reached.checkedAdd(held) else { return nil }
      reached = next
    }
    return try place(parts, segments, axis: axis, extent: reached)
  }

  private func fuse(
    _ parts: [Tensor], axis: Int, _ widths: TensorParallelRules.Widths
  ) throws(CheckpointError) -> Tensor? {
    guard parts.allSatisfy({ $0.description.shape.indices.contains(axis) }) else { return nil }
    let extents = parts.map { $0.description.shape[axis] }
    let table: [[Int]]  // what each rank holds of each parameter
    switch widths {
    case .count(let count):
      guard extents.allSatisfy({ $0.isMultiple(of: count) }) else { return nil }
      table = (0..<count).map { _ in extents.map { $0 / count } }
    case .sizes(let sizes):
      guard sizes.allSatisfy({ $0 >= 0 && $0.isMultiple(of: parts.count) }) else { return nil }
      table = sizes.map { size in parts.map { _ in size / parts.count } }
    case .parts(let held): table = held
    }
    var segments = parts.map { _ in [Segment]() }
    var used = parts.map { _ in 0 }
    var reached = 0
    for held in table {
      guard held.count == parts.count else { return nil }
      for (rank, width) in held.enumerated() {
        guard width >= 0, width <= extents[rank] - used[rank], let next = reached.checkedAdd(width) else {
          return nil
        }
        segments[rank].append(Segment(part: used[rank]..<used[rank] + width, origin: reached))
        used[rank] += width
        reached = next
      }
    }
    guard used == extents else { return nil }
    return try place(parts, segments, axis: axis, extent: reached)
  }

  /// A range of a part along an axis, and where it begins in the whole.
  private struct Segment {
    var part: Range<Int>
    var origin: Int
  }

  private func place(
    _ parts: [Tensor], _ segments: [[Segment]], axis: Int, extent: Int
  ) throws(CheckpointError) -> Tensor? {
    let first = parts[0].description
    var shape = first.shape
    shape[axis] = extent
    for part in parts {
      var others = part.description.shape
      guard others.count == shape.count else { return nil }
      others[axis] = extent
      guard others == shape else {
        throw CheckpointError(
          .sharded(.disagreement(first.name, what: "its parts differ in more than one axis")), path: path)
      }
    }
    let description = try describe(first.name, first.elementType, shape, path: path)
    guard description.elementCount > 0 else { return (description, .runs([])) }
    // With elements in the whole, no product of its extents can overflow.
    let inner = shape[(axis + 1)...].reduce(1, *)
    var runs: [TensorRun] = []
    for (part, segments) in zip(parts, segments) where part.description.elementCount > 0 {
      guard let own = part.layout.runs(elementCount: part.description.elementCount) else { return nil }
      for segment in segments where !segment.part.isEmpty {
        let slab = TensorRun.Slab(
          rowCount: part.description.shape[axis] * inner,
          columns: segment.part.lowerBound * inner..<segment.part.upperBound * inner,
          wholeRowCount: extent * inner, origin: segment.origin * inner)
        for run in own {
          // A run of a run: it is of a part that was joined already, which does not occur.
          guard run.slab == nil else { return nil }
          var run = run
          run.slab = slab
          runs.append(run)
        }
      }
    }
    return (description, .runs(runs))
  }
}

extension TensorLayout {
  /// The layout as runs; nil where it has strides.
  fileprivate func runs(elementCount: Int) -> [TensorRun]? {
    switch self {
    case .contiguous(let file, let offset):
      [TensorRun(file: file, byteOffset: offset, start: 0, elementCount: elementCount)]
    case .runs(let runs): runs
    case .pieces: nil
    }
  }
}
