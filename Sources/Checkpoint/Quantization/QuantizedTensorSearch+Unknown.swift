internal import JSON

extension QuantizedTensorSearch {
  /// The weights in layouts that nobody told of: a module of a model of floats that has matrices of whole numbers, or of
  /// 8-bit floats beside scales, holds codes, whatever its parts are called. They are named, and not compared as weights.
  ///
  /// - Parameter known: the weights that were found, whose tensors are not looked at again.
  /// - Complexity: O(tensors).
  func unknown(beside known: [QuantizedTensor]) -> [QuantizedTensor] {
    let tensors = checkpoint.tensors
    guard tensors.contains(where: { mayBeCodes($0) }) else { return [] }
    let taken = Set(known.flatMap { [$0.codes] + $0.parts.values })
    var modules: [Substring: [Int]] = [:]
    for (index, tensor) in tensors.enumerated() where !taken.contains(index) {
      modules[Self.module(of: tensor.name), default: []].append(index)
    }
    return modules.values.compactMap { weight($0) }.sorted { $0.codes < $1.codes }
  }

  /// Whether a tensor has a type that codes have, and the extents of a matrix or more.
  private func mayBeCodes(_ tensor: TensorDescription) -> Bool {
    switch tensor.elementType {
    case .uint8, .int8, .int16, .uint16, .int32, .uint32, .float8E4M3, .float8E5M2, .float8E4M3FNUZ,
      .float8E5M2FNUZ, .float4:
      tensor.shape.count { $0 > 1 } >= 2 || tensor.shape.count >= 2 && tensor.elementCount >= 64
    default: false
    }
  }

  /// What a model keeps in whole numbers without being quantised: masks, places, types of tokens, counters.
  private static let buffers = [
    "bias", "position_ids", "token_type_ids", "index", "mask", "num_batches_tracked", "ids",
  ]

  /// The name without its last component; of `….weight` and `….weight_scale` the same.
  private static func module(of name: String) -> Substring {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? ""
  }

  private func part(_ index: Int, of module: Substring) -> String {
    String(tensor(index).name.dropFirst(module.isEmpty ? 0 : module.count + 1))
  }

  /// The weight that the tensors of a module are codes and parts of; nil where they are what they seem.
  private func weight(_ members: [Int]) -> QuantizedTensor? {
    let module = Self.module(of: tensor(members[0]).name)
    let hasFloats = members.contains { index in
      let type = tensor(index).elementType
      return part(index, of: module) == "weight" && tensor(index).shape.count > 1
        && !mayBeCodes(tensor(index))
        && !type.isWholeNumber
    }
    guard !hasFloats else { return nil }
    let scales = members.filter { part($0, of: module).lowercased().contains("scale") }
    let codes = members.filter { index in
      guard mayBeCodes(tensor(index)) else { return false }
      let part = self.part(index, of: module)
      if Self.buffers.contains(where: { part == $0 || part.hasSuffix("_" + $0) }) { return false }
      let hasScales = scales.contains { $0 != index }
      // Floats of 8 bits are values; with scales beside them they are codes.
      guard tensor(index).elementType.isWholeNumber else { return hasScales }
      return hasScales || part.lowercased().contains("weight") || configuration != nil
    }
    guard let largest = codes.max(by: { tensor($0).byteCount < tensor($1).byteCount }) else { return nil }
    var parts: [String: Int] = [:]
    for index in members where index != largest {
      let part = self.part(index, of: module)
      if part != "bias" { parts[part] = index }
    }
    let one = tensor(largest)
    let isWide = one.elementType.bitWidth == 8 && part(largest, of: module) == "weight"
    let method = configuration?["quant_method"]?.string
    return QuantizedTensor(
      name: module.isEmpty ? "weight" : module + ".weight", scheme: .unknown,
      shape: isWide ? one.shape : [one.elementCount], codes: largest, parts: parts, numbers: [:],
      refusal: method.map { "\($0) in this form is not decoded" } ?? "nothing tells what its codes stand for")
  }
}
