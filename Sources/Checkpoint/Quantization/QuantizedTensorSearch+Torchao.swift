extension QuantizedTensorSearch {
  /// torchao's tensors of codes and scales: `q._weight_qdata` beside `q._weight_scale` in safetensors, `q.weight.qdata` in
  /// a file of torch's.
  func torchao(_ stem: String, _ index: Int, by ending: String) -> QuantizedTensor? {
    let sign = String(ending.prefix(1))
    let parts = self.parts(
      stem,
      [
        "scale", "zero_point", "scale_and_zero", "quantized_scalers", "quantization_factor", "scaler_mean",
        "nf4",
      ]
      .map { sign + $0 })
    guard let scales = parts["scale"] ?? parts["scale_and_zero"] ?? parts["quantized_scalers"] else {
      return nil
    }
    var name = stem
    for inner in [".tensor_impl", ".layout_tensor"] where name.hasSuffix(inner) {
      name = String(name.dropLast(inner.count))
    }
    // The underscore is before the name of the parameter itself.
    if sign == "_", let place = name.utf8.lastIndex(of: UInt8(ascii: ".")) {
      let parameter = name[name.index(after: place)...]
      name = String(name[...place]) + (parameter.hasPrefix("_") ? parameter.dropFirst() : parameter)
    }
    let type = tensor(index).elementType, shape = tensor(index).shape, of = tensor(scales).shape
    let isWide = [.int8, .float8E4M3, .float8E5M2].contains(type)
    let zero = parts["zero_point"].map { tensor($0).elementCount }
    let hasRows = of.count == 2 && shape.count == 2 && of[0] > 0 && of[1] > 0
    guard isWide, ending.hasSuffix("qdata") else {
      // Two codes or more in a byte; of a matrix along the inputs where the scales stand the other way round.
      let isMatrix = type == .uint8 && hasRows && of[1] == shape[0]
      return QuantizedTensor(
        name: name, scheme: .torchao,
        shape: isMatrix
          ? [shape[0], 2 * shape[1]] : isWide ? shape : [2 * tensor(index).byteCount],
        codes: index, parts: parts, numbers: [:], refusal: "packed codes of torchao are not decoded")
    }
    var numbers: [String: Double] = ["bits": 8, "rows": 0, "columns": 0]
    var refusal: String?
    if hasRows, shape[0].isMultiple(of: of[0]), shape[1].isMultiple(of: of[1]) {
      (numbers["rows"], numbers["columns"]) = (Double(shape[0] / of[0]), Double(shape[1] / of[1]))
    } else if tensor(scales).elementCount != 1 {
      refusal = "its scales \(of) do not fit its shape"
    }
    if let zero, zero != tensor(scales).elementCount { refusal = "its zero points do not fit its scales" }
    return QuantizedTensor(
      name: name, scheme: .torchao, shape: shape, codes: index, parts: parts, numbers: numbers,
      refusal: refusal)
  }
}
