internal import Bytes
internal import JSON

/// Finds the weights of a checkpoint that are codes, by the names, types and shapes of what stands beside them.
struct QuantizedTensorSearch {
  let checkpoint: Checkpoint
  /// `quantization_config` of the model's `config.json`, where that is at hand.
  let configuration: JSONValue?

  typealias Found = QuantizedTensor

  func tensor(_ index: Int) -> TensorDescription { checkpoint.tensors[index] }
  func index(_ name: String) -> Int? { checkpoint.index(of: name) }

  /// What was found, in the order of the codes.
  func found() -> [QuantizedTensor] {
    var found: [QuantizedTensor] = []
    // Most checkpoints have none, and need no name put together for each of their tensors.
    let hasStates = checkpoint.tensors.contains { $0.name.holds(Self.state) }
    for index in checkpoint.tensors.indices {
      if let one = quantized(at: index, hasStates: hasStates) { found.append(one) }
    }
    let others = unknown(beside: found)
    return others.isEmpty ? found : (found + others).sorted { $0.codes < $1.codes }
  }

  /// The weight whose codes are the tensor at `index`.
  private func quantized(at index: Int, hasStates: Bool) -> QuantizedTensor? {
    let name = tensor(index).name, type = tensor(index).elementType
    if hasStates, let one = bitsAndBytes4(name, index) { return one }
    if type == .int8, let one = bitsAndBytes8(name, index) { return one }
    if type == .float8E4M3 || type == .float8E5M2, let one = float8(name, index) { return one }
    for ending in Self.endings where name.hasSuffix(ending) {
      if let one = quantized(String(name.dropLast(ending.count)), index, by: ending) { return one }
    }
    return bareCodes(name, index)
  }

  /// The endings of the names of tensors with codes.
  private static let endings = [
    ".qweight", "_blocks", ".weight_packed", "_qdata", ":qdata", ".qdata", ".int_data", ".packed_weight",
    ".quantized_data", ".W_q", "._data", ".codes",
  ]

  private func quantized(_ name: String, _ index: Int, by ending: String) -> QuantizedTensor? {
    switch ending {
    case ".qweight": groupwise(name, index)
    case "_blocks": microscaled(name, index)
    case ".weight_packed": compressed(name, index)
    case "_qdata", ":qdata", ".qdata", ".int_data", ".packed_weight", ".quantized_data":
      torchao(name, index, by: ending)
    case ".W_q": declined(name + ".weight", index, .hqq, [], beside: name)
    case "._data": declined(name, index, .quanto, ["._scale", "._shift", "._zeropoint"])
    default:
      self.index(name + ".codebooks") == nil
        ? nil : declined(name + ".weight", index, .aqlm, [".codebooks", ".scales"], beside: name)
    }
  }

  // MARK: bitsandbytes

  private static let state = ".quant_state.bitsandbytes__"

  private func bitsAndBytes4(_ name: String, _ index: Int) -> QuantizedTensor? {
    for (kind, scheme) in [("nf4", Found.Scheme.nf4), ("fp4", .fp4)] {
      guard let state = self.index(name + Self.state + kind) else { continue }
      var parts = self.parts(name, [".absmax", ".quant_map", ".nested_absmax", ".nested_quant_map"])
      parts["quant_state"] = state
      let text = try? checkpoint.withBytes(ofTensorAt: state) { bytes throws(CheckpointError) in
        bytes.byteCount <= 1 << 16 ? (0..<bytes.byteCount).map { bytes.byte(at: $0) } : []
      }
      let json = text.flatMap { try? JSONValue(parsing: $0, dialect: .python) }
      let shape = (json?["shape"]?.array ?? []).compactMap { $0.int64.flatMap { Int(exactly: $0) } }
      let block = json?["blocksize"]?.int64.flatMap { Int(exactly: $0) } ?? 64
      var numbers = ["bits": 4, "block": Double(block)]
      if let nested = json?["nested_blocksize"]?.int64 { numbers["nestedBlock"] = Double(nested) }
      if let offset = json?["nested_offset"]?.double { numbers["offset"] = offset }
      var refusal: String?
      let count = shape.allSatisfy({ $0 >= 0 }) ? shape.checkedProduct() : nil
      let codes = tensor(index).byteCount
      if count == nil || shape.isEmpty || block <= 0 {
        refusal = "the state of its quantisation cannot be read"
      } else if let count,
        codes != (count + 1) / 2 || !holds(parts["absmax"], (count + block - 1) / block)
          || !holds(parts["quant_map"], 16)
      {
        refusal = "its codes and scales do not fit its shape"
      } else if parts["nested_absmax"] != nil {
        let blocks = tensor(parts["absmax"] ?? index).elementCount
        let nested = Int(numbers["nestedBlock"] ?? 0)
        if nested <= 0 || parts["absmax"].map({ tensor($0).elementType != .uint8 }) ?? true
          || !holds(parts["nested_quant_map"], 256)
          || !holds(parts["nested_absmax"], (blocks + nested - 1) / nested)
        {
          refusal = "its nested scales do not fit its shape"
        }
      }
      return QuantizedTensor(
        name: name, scheme: scheme, shape: count == nil || shape.isEmpty ? [2 * codes] : shape, codes: index,
        parts: parts, numbers: numbers, refusal: refusal)
    }
    return nil
  }

  private func bitsAndBytes8(_ name: String, _ index: Int) -> QuantizedTensor? {
    guard name.hasSuffix(".weight") else { return nil }
    let module = String(name.dropLast(6))
    guard let scales = self.index(module + "SCB") else { return nil }
    var parts = ["SCB": scales]
    parts["weight_format"] = self.index(module + "weight_format")
    let shape = tensor(index).shape
    var refusal = shape.count == 2 && holds(scales, shape[0]) ? nil : "its scales do not fit its shape"
    if let format = parts["weight_format"], tensor(format).byteCount == 1,
      (try? checkpoint.withBytes(ofTensorAt: format) { bytes throws(CheckpointError) in bytes.byte(at: 0) })
        != 0
    {
      refusal = "its codes are laid out for one kind of processor"
    }
    return QuantizedTensor(
      name: name, scheme: .int8, shape: shape, codes: index, parts: parts, numbers: ["bits": 8],
      refusal: refusal)
  }

  // MARK: 8-bit floats

  private func float8(_ name: String, _ index: Int) -> QuantizedTensor? {
    guard
      let (key, scales) = ["_scale_inv", "_scale"].lazy.compactMap({ end in
        self.index(name + end).map { (String(end.dropFirst()), $0) }
      }).first
        // ComfyUI's name of it.
        ?? (name.hasSuffix(".weight")
          ? self.index(name.dropLast(6) + "scale_weight").map { ("scale", $0) } : nil)
    else { return nil }
    var parts = [key: scales]
    // Scales of activations concern no weight.
    let module = name.hasSuffix(".weight") ? String(name.dropLast(6)) : name + "_"
    for other in ["input_scale", "activation_scale", "output_scale"] {
      parts[other] = self.index(module + other)
    }
    let shape = tensor(index).shape, of = tensor(scales).shape
    var numbers: [String: Double] = ["bits": 8]
    var refusal: String?
    let count = tensor(scales).elementCount
    if count == 1 {
      (numbers["rows"], numbers["columns"]) = (0, 0)
    } else if shape.count == 2, count == shape[0], of == [shape[0]] || of == [shape[0], 1] {
      (numbers["rows"], numbers["columns"]) = (1, 0)
    } else if shape.count == 2, of.count == 2, let block = block(shape, of) {
      (numbers["rows"], numbers["columns"]) = (Double(block.0), Double(block.1))
    } else {
      refusal = "its scales \(of) do not fit its shape"
    }
    if tensor(scales).elementType.isWholeNumber { refusal = "its scales are codes as well" }
    return QuantizedTensor(
      name: name, scheme: .fp8, shape: shape, codes: index, parts: parts, numbers: numbers, refusal: refusal)
  }

  /// The rows and columns of a block, as the configuration or DeepSeek's custom has them, where they fit.
  private func block(_ shape: [Int], _ scales: [Int]) -> (Int, Int)? {
    let sizes = (configuration?["weight_block_size"]?.array ?? []).compactMap { $0.int64.map(Int.init) }
    let candidates = (sizes.count == 2 ? [(sizes[0], sizes[1])] : []) + [(128, 128)]
    return candidates.first { rows, columns in
      rows > 0 && columns > 0 && scales[0] == (shape[0] + rows - 1) / rows
        && scales[1] == (shape[1] + columns - 1) / columns
    }
  }

  // MARK: GPTQ and AWQ

  /// GPTQ packs along the inputs, AWQ along the outputs.
  private func groupwise(_ module: String, _ index: Int) -> QuantizedTensor? {
    let parts = self.parts(module, [".qzeros", ".scales", ".g_idx"])
    guard let scales = parts["scales"] else { return nil }
    let packed = tensor(index).shape, of = tensor(scales).shape
    let name = module + ".weight"
    guard packed.count == 2, of.count == 2, tensor(index).elementType == .int32, of[0] > 0, packed[0] > 0,
      packed[1] > 0
    else {
      return QuantizedTensor(
        name: name, scheme: .gptq, shape: [tensor(index).byteCount * 2], codes: index, parts: parts,
        numbers: [:], refusal: "its parts do not fit together")
    }
    let isAWQ = packed[1] != of[1]
    let told = configuration?["bits"]?.int64 ?? configuration?["w_bit"]?.int64
    let inputs: Int
    var bits = told.flatMap { Int(exactly: $0) } ?? 0
    if isAWQ {
      inputs = packed[0]
      bits = 32 * packed[1] / of[1]
    } else {
      inputs =
        parts["g_idx"].map { tensor($0).elementCount } ?? (bits > 0 ? 32 * packed[0] / bits : 8 * packed[0])
      bits = inputs > 0 ? 32 * packed[0] / inputs : 0
    }
    let outputs = of[1]
    var numbers = ["bits": Double(bits), "block": Double(max(1, (inputs + of[0] - 1) / of[0]))]
    if let size = configuration?["group_size"]?.int64 ?? configuration?["q_group_size"]?.int64, size > 0 {
      numbers["block"] = Double(size)
    }
    // The first format of GPTQ keeps zero points less one.
    let isOffset =
      configuration == nil && !isAWQ
      ? keepsZerosLessOne(parts["qzeros"], bits: bits)
      : configuration?["checkpoint_format"]?.string != "gptq_v2"
    numbers["isOffset"] = isOffset == false ? 0 : 1
    let width = bits > 0 ? 32 / bits : 0
    var refusal: String?
    if ![2, 4, 8].contains(bits) || (isAWQ && bits != 4) {
      refusal = "codes of \(bits) bits are not unpacked"
    } else if inputs.isMultiple(of: isAWQ ? 1 : width), outputs.isMultiple(of: width),
      packed == (isAWQ ? [inputs, outputs / width] : [inputs / width, outputs]),
      parts["qzeros"].map({ tensor($0).shape == [of[0], outputs / width] }) ?? false,
      (numbers["block"] ?? 1) * Double(of[0]) >= Double(inputs) || parts["g_idx"] != nil
    {
      if tensor(parts["qzeros"] ?? index).elementType != .int32 {
        refusal = "its zero points are no integers"
      } else if isOffset == nil {
        refusal = "without a config.json nothing tells the format of its zero points"
      } else if configuration == nil, parts["g_idx"] == nil, !inputs.isMultiple(of: of[0]) {
        refusal = "without a config.json nothing tells the size of its groups"
      }
    } else {
      refusal = "its parts do not fit together"
    }
    return QuantizedTensor(
      name: name, scheme: isAWQ ? .awq : .gptq, shape: [outputs, inputs], codes: index, parts: parts,
      numbers: numbers, refusal: refusal)
  }

  /// Whether zero points are those of the first format, by the one value that all of symmetric codes have; nil where they
  /// do not tell.
  private func keepsZerosLessOne(_ index: Int?, bits: Int) -> Bool? {
    guard let index, [2, 4, 8].contains(bits), tensor(index).byteCount > 0 else { return nil }
    let middle = UInt64(1) << UInt64(bits - 1)
    func filled(_ code: UInt64) -> UInt64 {
      stride(from: 0, to: 32, by: bits).reduce(0) { $0 | code << UInt64($1) }
    }
    let words: Set<UInt64>? = try? checkpoint.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      Set((0..<bytes.byteCount / 4).map { bytes.word(at: 4 * $0, width: 4) })
    }
    return words == [filled(middle - 1)] ? true : words == [filled(middle)] ? false : nil
  }

  // MARK: MXFP4 and compressed-tensors

  private func microscaled(_ name: String, _ index: Int) -> QuantizedTensor? {
    guard let scales = self.index(name + "_scales"), tensor(index).elementType == .uint8,
      tensor(scales).elementType == .uint8 || tensor(scales).elementType == .float8E8M0
    else { return nil }
    let shape = tensor(index).shape
    let fits = shape.count == 4 && shape[3] == 16 && tensor(scales).shape == Array(shape.dropLast())
    // The model has the matrices of the experts the other way round.
    return QuantizedTensor(
      name: name, scheme: .mxfp4,
      shape: fits ? [shape[0], shape[2] * 32, shape[1]] : [tensor(index).byteCount * 2], codes: index,
      parts: ["scales": scales], numbers: ["bits": 4],
      refusal: fits ? nil : "its blocks \(shape) are not those of experts")
  }

  private func compressed(_ module: String, _ index: Int) -> QuantizedTensor? {
    let parts = self.parts(
      module,
      [".weight_scale", ".weight_shape", ".weight_zero_point", ".weight_g_idx", ".weight_global_scale"])
    let name = module + ".weight", packed = tensor(index).shape
    if parts["weight_global_scale"] != nil || tensor(index).elementType == .uint8 {
      // Both have codes of 4 bits; NVFP4 a scale for the whole tensor too.
      let isNVFP4 = parts["weight_global_scale"] != nil
      return QuantizedTensor(
        name: name, scheme: isNVFP4 ? .nvfp4 : .mxfp4, shape: packed.dropLast() + [(packed.last ?? 0) * 2],
        codes: index, parts: parts, numbers: ["bits": 4],
        refusal: isNVFP4 ? "NVFP4 is not decoded" : "MXFP4 of compressed-tensors is not decoded")
    }
    var shape: [Int] = []
    if let place = parts["weight_shape"] {
      shape =
        (try? checkpoint.withBytes(ofTensorAt: place) { bytes throws(CheckpointError) in
          (0..<min(2, bytes.byteCount / 8)).map { Int(truncatingIfNeeded: bytes.word(at: 8 * $0, width: 8)) }
        }) ?? []
    }
    guard let scales = parts["weight_scale"], tensor(index).elementType == .int32, packed.count == 2,
      shape.count == 2, shape[0] == packed[0], shape[1] > 0, packed[1] > 0, tensor(scales).shape.count == 2,
      tensor(scales).shape[0] == shape[0], tensor(scales).shape[1] > 0
    else {
      return QuantizedTensor(
        name: name, scheme: .packed, shape: shape.isEmpty ? [tensor(index).byteCount * 2] : shape,
        codes: index, parts: parts, numbers: [:], refusal: "its parts do not fit together")
    }
    let (toldBits, toldBlock) = compressedGroup
    let fitting = [2, 4, 8].filter { (shape[1] + 32 / $0 - 1) / (32 / $0) == packed[1] }
    let bits = toldBits ?? (fitting.count == 1 ? fitting[0] : nil)
    let groups = tensor(scales).shape[1]
    let block = toldBlock ?? (shape[1] + groups - 1) / groups
    var refusal: String?
    if bits.map({ !fitting.contains($0) }) ?? true { refusal = "codes of their width are not unpacked" }
    if groups > 1 {
      if toldBlock == nil, !shape[1].isMultiple(of: groups) {
        refusal = "without a config.json nothing tells the size of its groups"
      } else if (shape[1] + block - 1) / block != groups {
        refusal = "its scales do not fit the size of its groups"
      }
    }
    if parts["weight_zero_point"] != nil { refusal = "packed zero points are not decoded" }
    if parts["weight_g_idx"] != nil { refusal = "columns in another order are not decoded" }
    return QuantizedTensor(
      name: name, scheme: .packed, shape: shape, codes: index, parts: parts,
      numbers: ["bits": Double(bits ?? 0), "block": Double(block)], refusal: refusal)
  }

  /// The bits of a code and the columns of a group, as the first group of layers in `config.json` has them.
  private var compressedGroup: (bits: Int?, block: Int?) {
    guard case .object(let groups) = configuration?["config_groups"] else { return (nil, nil) }
    let weights = groups.first?.value["weights"]
    let size = weights?["group_size"]?.int64.flatMap { Int(exactly: $0) }
    return (
      weights?["num_bits"]?.int64.flatMap { Int(exactly: $0) }, size.flatMap { $0 > 0 ? $0 : nil }
    )
  }

  // MARK: Others

  private func declined(
    _ name: String, _ index: Int, _ scheme: Found.Scheme, _ endings: [String], beside module: String? = nil
  ) -> QuantizedTensor? {
    let parts = self.parts(module ?? name, endings)
    guard !parts.isEmpty || endings.isEmpty else { return nil }
    return QuantizedTensor(
      name: name, scheme: scheme, shape: [tensor(index).elementCount], codes: index, parts: parts,
      numbers: [:], refusal: "\(scheme) is not decoded")
  }

  /// A column of any type that has half a byte for each element of ΔW, under a module with LoRA's factors.
  private func bareCodes(_ name: String, _ index: Int) -> QuantizedTensor? {
    let shape = tensor(index).shape
    guard shape.count == 2, shape[1] == 1, shape[0] > 1, name.hasSuffix(".weight") else { return nil }
    var module = String(name.dropLast(7))
    if module.hasSuffix(".base_layer") { module = String(module.dropLast(11)) }
    for adapter in ["", ".default"] {
      guard let a = self.index(module + ".lora_A\(adapter).weight"),
        let b = self.index(module + ".lora_B\(adapter).weight")
      else { continue }
      let shapeA = tensor(a).shape, shapeB = tensor(b).shape
      guard shapeA.count == 2, shapeB.count == 2, let count = [shapeB[0], shapeA[1]].checkedProduct(),
        tensor(index).byteCount == (count + 1) / 2
      else { continue }
      return QuantizedTensor(
        name: name, scheme: .bareCodes, shape: [shapeB[0], shapeA[1]], codes: index, parts: [:],
        numbers: ["bits": 4], refusal: "its scales are not in the checkpoint")
    }
    return nil
  }

  // MARK: Parts

  func parts(_ name: String, _ endings: [String]) -> [String: Int] {
    var parts: [String: Int] = [:]
    for ending in endings {
      if let index = index(name + ending) {
        parts[String(ending.drop { $0 == "." || $0 == "_" || $0 == ":" })] = index
      }
    }
    return parts
  }

  func holds(_ index: Int?, _ count: Int) -> Bool {
    index.map { tensor($0).elementCount == count } ?? false
  }
}
