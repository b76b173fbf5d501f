internal import Bytes

/// A tensor that a pickle describes, with its place in the file proven to lie in its storage.
struct PyTorchTensor: Sendable {
  var elementType: ElementType
  var shape: [Int]
  /// The offset of the first element in the file.
  var byteOffset: Int
  /// The distances between neighbours along each axis, in elements; nil for a row-major tensor.
  var strides: [Int]?
  /// Where a part of a distributed tensor stands in the whole.
  var shard: Shard?

  /// The part of a distributed tensor that one rank holds.
  struct Shard: Equatable, Sendable {
    /// The extents of the whole tensor.
    var wholeShape: [Int]
    /// The axis the tensor is cut along; nil where every rank holds all of it.
    var axis: Int?
    /// The place of the part in the whole, where the file says so.
    var origin: [Int]?
  }

  var elementCount: Int { shape.reduce(1, &*) }
}

extension PyTorchArchive {
  /// The most axes that a tensor may have; torch's own limit for most of its work is lower.
  static let axisLimit = 64
  /// How many elements may be folded out of a storage that holds fewer (expanded tensors).
  static let expansionLimit = 1 << 24

  /// The tensor that `value` describes, or nil where it is no tensor.
  ///
  /// - Parameter name: what to call the tensor in an error.
  func tensor(_ value: PickleValue, name: String) throws(PyTorchFault) -> PyTorchTensor? {
    // Wrappers of wrappers do not occur; the bound keeps a cycle from running for ever.
    var value = value
    for _ in 0..<8 {
      guard let callee = value.calleeName else { return try tarTensor(value, name) }
      let arguments = value.arguments
      switch callee {
      case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor", "torch._utils._rebuild_qtensor":
        return try strided(arguments, dtype: nil, name)
      case "torch._utils._rebuild_tensor_v3":
        return try strided(arguments, dtype: arguments.count > 6 ? arguments[6] : nil, name)
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
        "torch._utils._rebuild_device_tensor_from_cpu_tensor", "torch.nn.parameter.Parameter",
        "torch.nn.parameter.Buffer":
        guard let inner = arguments.first else { return nil }
        value = inner
      case "torch._tensor._rebuild_from_type_v2":
        return try typed(arguments, name)
      case Self.shardedTensorName:
        return try value.state.flatMap { state throws(PyTorchFault) in try shardedTensor(state: state, name) }
      default: return nil
      }
    }
    return nil
  }

  /// A tensor with attributes or of a class of its own: `(function, class, arguments, state)`.
  private func typed(_ arguments: [PickleValue], _ name: String) throws(PyTorchFault) -> PyTorchTensor? {
    guard arguments.count >= 3, let function = arguments[0].globalName, let inner = arguments[2].elements
    else {
      return nil
    }
    switch function {
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
      return try strided(inner, dtype: nil, name)
    case "torch._utils._rebuild_tensor_v3":
      return try strided(inner, dtype: inner.count > 6 ? inner[6] : nil, name)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      guard let data = inner.first else { return nil }
      return try tensor(data, name: name)
    case "torch._utils._rebuild_wrapper_subclass":
      guard arguments.count >= 4 else { return nil }
      if arguments[1].globalName == Self.shardedTensorName {
        return try shardedTensor(state: arguments[3], name)
      }
      return try distributed(inner, state: arguments[3], name)
    default: return nil
    }
  }

  /// A DTensor: the wrapper says the whole shape, its state holds the local part and how it was cut.
  private func distributed(
    _ arguments: [PickleValue], state: PickleValue, _ name: String
  ) throws(PyTorchFault) -> PyTorchTensor? {
    guard let local = state.member("_local_tensor"), var tensor = try localTensor(local, name) else {
      return nil
    }
    guard arguments.count > 2, let whole = arguments[2].extents else {
      throw .brokenTensor(name, what: "a distributed tensor without a shape")
    }
    let placements = state.member("_spec")?.attribute("placements")?.elements ?? []
    let cut = placements.first { $0.calleeName?.hasSuffix("Shard") == true }
    tensor.shard = PyTorchTensor.Shard(
      wholeShape: whole, axis: cut.flatMap { $0.attribute("dim")?.int ?? $0.arguments.first?.int },
      origin: nil)
    return tensor
  }

  /// The tensor within another: not a distributed one again.
  private func localTensor(_ value: PickleValue, _ name: String) throws(PyTorchFault) -> PyTorchTensor? {
    if value.calleeName == "torch._tensor._rebuild_from_type_v2",
      value.arguments.first?.globalName == "torch._utils._rebuild_wrapper_subclass"
    {
      throw .brokenTensor(name, what: "a distributed tensor within a distributed tensor")
    }
    return try tensor(value, name: name)
  }

  private static let shardedTensorName = "torch.distributed._shard.sharded_tensor.api.ShardedTensor"

  /// A ShardedTensor of FSDP 1: its state lists the local parts with their places.
  private func shardedTensor(
    state value: PickleValue, _ name: String
  ) throws(PyTorchFault) -> PyTorchTensor? {
    guard let state = value.elements, let shards = state.first?.elements else {
      throw .brokenTensor(name, what: "a ShardedTensor of an unknown make")
    }
    // A rank need not hold any part of it.
    guard let first = shards.first else { return nil }
    guard shards.count == 1, state.count > 1, let data = first.attribute("tensor"),
      data.calleeName?.hasPrefix("torch._utils._rebuild") == true,
      let whole = state[1].attribute("size")?.extents,
      let origin = first.attribute("metadata")?.attribute("shard_offsets")?.extents,
      var tensor = try tensor(data, name: name)
    else { throw .brokenTensor(name, what: "a ShardedTensor of an unknown make") }
    tensor.shard = PyTorchTensor.Shard(wholeShape: whole, axis: nil, origin: origin)
    return tensor
  }

  /// A tensor by `(storage, offset, shape, strides, …)`.
  private func strided(
    _ arguments: [PickleValue], dtype: PickleValue?, _ name: String
  ) throws(PyTorchFault) -> PyTorchTensor {
    guard arguments.count >= 4, let offset = arguments[1].int, let shape = arguments[2].extents,
      let strides = arguments[3].extents
    else { throw .brokenTensor(name, what: "not made of a storage, an offset, a shape and strides") }
    guard let parts = arguments[0].persistentID?.elements, parts.count >= 5, parts[0].string == "storage",
      let key = parts[2].storageKey, let storageName = parts[1].globalName ?? parts[1].calleeName
    else { throw .brokenTensor(name, what: "its storage is not named as torch names one") }
    guard let stored = TorchElementTypes.elementType(ofStorage: storageName) else {
      throw .elementType(name, type: storageName)
    }
    var elementType = stored
    if let dtype {
      guard let type = dtype.globalName.flatMap(TorchElementTypes.elementType(ofDtype:)) else {
        throw .elementType(name, type: dtype.globalName ?? "that is not named")
      }
      elementType = type
    }
    guard let claimed = parts[4].int?.checkedMultiply(stored.bitWidth / 8), claimed >= 0 else {
      throw .overflow(name)
    }
    var range = try storageRange(key, byteCount: claimed, name)
    if parts.count > 5, let view = parts[5].elements {
      // A view on a storage (legacy): its own key, an offset and a size in elements.
      guard view.count == 3, let start = view[1].int?.checkedMultiply(stored.bitWidth / 8),
        let count = view[2].int?.checkedMultiply(stored.bitWidth / 8), start >= 0, count >= 0,
        start <= range.count, count <= range.count - start
      else { throw .storage(name, key: key, what: "has a view that reaches beyond it") }
      range = range.lowerBound + start..<range.lowerBound + start + count
    }
    return try place(elementType, shape, strides, offset, in: range, name)
  }

  /// The bytes of a storage, at least as many as the pickle says.
  private func storageRange(
    _ key: String, byteCount: Int, _ name: String
  ) throws(PyTorchFault) -> Range<Int> {
    switch storage(key) {
    case nil:
      // An empty storage need not be written.
      guard byteCount == 0 else { throw .missingStorage(name, key: key) }
      return 0..<0
    case .compressed: throw .storage(name, key: key, what: "is compressed, which torch never does")
    case .bytes(let range):
      guard range.count >= byteCount else {
        throw .storage(
          name, key: key,
          what: "has \(Thousands.text(range.count)) bytes, the pickle says \(Thousands.text(byteCount))")
      }
      return range.lowerBound..<range.lowerBound + byteCount
    }
  }

  private func tarTensor(_ value: PickleValue, _ name: String) throws(PyTorchFault) -> PyTorchTensor? {
    guard let key = value.persistentID?.storageKey, let tensor = tarTensor(key) else { return nil }
    let storageName = tensor.type.hasSuffix("Tensor") ? tensor.type.dropLast("Tensor".count) + "Storage" : ""
    guard let type = TorchElementTypes.elementType(ofStorage: String(storageName)) else {
      throw .elementType(name, type: tensor.type)
    }
    guard case .bytes(let range) = storage(tensor.storage) else {
      throw .missingStorage(name, key: tensor.storage)
    }
    return try place(type, tensor.shape, tensor.strides, tensor.offset, in: range, name)
  }

  /// Proves that all elements lie in the storage `range`.
  private func place(
    _ elementType: ElementType, _ shape: [Int], _ strides: [Int], _ offset: Int, in range: Range<Int>,
    _ name: String
  ) throws(PyTorchFault) -> PyTorchTensor {
    guard shape.count == strides.count else {
      throw .brokenTensor(name, what: "\(shape.count) extents, but \(strides.count) strides")
    }
    guard shape.count <= Self.axisLimit else { throw .brokenTensor(name, what: "\(shape.count) axes") }
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      throw .brokenTensor(name, what: "a negative extent, stride or offset")
    }
    let size = elementType.bitWidth / 8
    guard let count = shape.checkedProduct(), count.checkedMultiply(size) != nil,
      let start = offset.checkedMultiply(size), range.lowerBound.checkedAdd(start) != nil
    else { throw .overflow(name) }
    let isRowMajor = zip(zip(shape, strides), rowMajorStrides(shape)).allSatisfy { $0.0 == 1 || $0.1 == $1 }
    let tensor = PyTorchTensor(
      elementType: elementType, shape: shape, byteOffset: range.lowerBound + start,
      strides: isRowMajor ? nil : strides)
    guard count > 0 else { return tensor }
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      guard let reach = (extent - 1).checkedMultiply(stride), let next = last.checkedAdd(reach) else {
        throw .overflow(name)
      }
      last = next
    }
    guard let end = last.checkedAdd(1)?.checkedMultiply(size) else { throw .overflow(name) }
    guard end <= range.count else { throw .outsideStorage(name, reached: end, byteCount: range.count) }
    let held = range.count / size
    guard count <= held || count <= Self.expansionLimit else {
      throw .overlappingStrides(name, elementCount: count, held: held)
    }
    return tensor
  }
}
