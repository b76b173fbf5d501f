internal import Bytes
internal import CKernels
internal import Checkpoint

/// The values that codes and scales stand for.
///
/// The rules are those of bitsandbytes' `dequantize_4bit` and `int8_vectorwise_dequant`, AutoGPTQ's and AutoAWQ's linear
/// layers, DeepSeek's `weight_dequant` for blocks of 8-bit floats, torchao's `dequantize`, OCP's MX formats as
/// gpt-oss lays them out, and compressed-tensors' `pack-quantized`.
struct WeightDecoder {
  private let weight: QuantizedTensor
  private let checkpoint: Checkpoint

  init(_ weight: QuantizedTensor, _ checkpoint: Checkpoint) {
    self.weight = weight
    self.checkpoint = checkpoint
  }

  /// The values of `elements`, counted row by row.
  func values(_ elements: Range<Int>) throws(CheckpointError) -> [Float] {
    switch weight.scheme {
    case .nf4, .fp4: try fourBit(elements)
    case .int8: try rowwise(elements)
    case .fp8: try blockwise(elements, floats(weight.parts["scale_inv"] == nil ? "scale" : "scale_inv"))
    case .torchao: try blockwise(elements, floats("scale"), zeros: floats("zero_point"))
    case .gptq: try gptq(elements)
    case .awq: try awq(elements)
    case .mxfp4: try microscaled(elements)
    case .packed: try packed(elements)
    default: [Float](repeating: .nan, count: elements.count)
    }
  }

  private func number(_ name: String) -> Int { weight.numbers[name].flatMap { Int(exactly: $0) } ?? 0 }

  /// All elements of a part as floats; none where it is not there.
  private func floats(_ name: String) throws(CheckpointError) -> [Float] {
    guard let index = weight.parts[name] else { return [] }
    let tensor = checkpoint.tensors[index]
    return try checkpoint.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      ElementConversion.floats(bytes, tensor)
    }
  }

  /// Some elements of a part, of a byte each or more.
  private func floats(_ name: String, _ elements: Range<Int>) throws(CheckpointError) -> [Float] {
    guard let index = weight.parts[name] else { return [] }
    let type = checkpoint.tensors[index].elementType
    return try checkpoint.withBytes(ofTensorAt: index, elements: elements) { bytes throws(CheckpointError) in
      ElementConversion.doubles(bytes, type, count: elements.count).map { Float($0) }
    }
  }

  private func words(_ name: String) throws(CheckpointError) -> [UInt32] {
    guard let index = weight.parts[name] else { return [] }
    return try checkpoint.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      (0..<bytes.byteCount / 4).map { UInt32(truncatingIfNeeded: bytes.word(at: 4 * $0, width: 4)) }
    }
  }

  /// Fills as many floats as `elements` has.
  private func fill(
    _ elements: Range<Int>, _ body: (RawSpan, _ values: inout MutableSpan<Float>) -> Void
  ) throws(CheckpointError) -> [Float] {
    try checkpoint.withBytes(ofTensorAt: weight.codes) { bytes throws(CheckpointError) in
      var values = [Float](repeating: 0, count: elements.count)
      var span = values.mutableSpan
      body(bytes, &span)
      return values
    }
  }

  // MARK: bitsandbytes

  private func fourBit(_ elements: Range<Int>) throws(CheckpointError) -> [Float] {
    let map = try floats("quant_map")
    let block = number("block")
    // The blocks that the elements lie in; the first of them begins at a byte, but where a block has an odd length.
    var first = elements.lowerBound / block
    if !(first * block).isMultiple(of: 2) { first = 0 }
    let blocks = first..<max(first, (elements.upperBound + block - 1) / block)
    var scales = try floats("absmax", blocks)
    if weight.parts["nested_absmax"] != nil {
      let nested = try floats("nested_absmax"), nestedMap = try floats("nested_quant_map")
      let size = number("nestedBlock"), offset = Float(weight.numbers["offset"] ?? 0)
      for index in scales.indices {
        scales[index] = nestedMap[Int(scales[index])] * nested[(first + index) / size] + offset
      }
    }
    let start = first * block
    let factors = scales
    return try checkpoint.withBytes(ofTensorAt: weight.codes) { codes throws(CheckpointError) in
      precondition(
        map.count >= 16 && factors.count >= blocks.count && (elements.upperBound + 1) / 2 <= codes.byteCount)
      return unsafe [Float](unsafeUninitializedCapacity: elements.count) { values, count in
        unsafe codes.extracting(start / 2..<codes.byteCount).withUnsafeBytes { codes in
          if let codes = codes.baseAddress, !elements.isEmpty {
            unsafe ck_decode_nibbles(
              codes.assumingMemoryBound(to: UInt8.self), elements.lowerBound - start, elements.count, block,
              map,
              factors, values.baseAddress)
          }
        }
        count = elements.count
      }
    }
  }

  private func rowwise(_ elements: Range<Int>) throws(CheckpointError) -> [Float] {
    let scales = try floats("SCB")
    let columns = weight.shape[1]
    return try fill(elements) { codes, values in
      for index in elements {
        let code = Int8(bitPattern: codes.byte(at: index))
        values[index - elements.lowerBound] = Float(code) * scales[index / columns] * (1 / 127)
      }
    }
  }

  // MARK: Floats

  /// Codes of a byte each, with a scale for each block of rows and columns, and a zero point where there are such.
  private func blockwise(
    _ elements: Range<Int>, _ scales: [Float], zeros: [Float] = []
  ) throws(CheckpointError) -> [Float] {
    let type = checkpoint.tensors[weight.codes].elementType
    let table = (0..<256).map { Self.value(UInt8($0), type) }
    let rows = number("rows"), columns = number("columns"), width = max(1, weight.shape.last ?? 1)
    let perRow = columns > 0 ? (width + columns - 1) / columns : 1
    return try fill(elements) { codes, values in
      for index in elements {
        let row = rows > 0 ? index / width / rows : 0
        let place = row * perRow + (columns > 0 ? index % width / columns : 0)
        let code = table[Int(codes.byte(at: index))] - (zeros.isEmpty ? 0 : zeros[place])
        values[index - elements.lowerBound] = code * scales[place]
      }
    }
  }

  private static func value(_ code: UInt8, _ type: ElementType) -> Float {
    guard let tensor = try? TensorDescription(name: "", elementType: type, shape: [1]) else { return .nan }
    let byte = [code]
    return unsafe ElementConversion.floats(byte.span.bytes, tensor)[0]
  }

  /// OCP's E2M1: 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives.
  private static let float4: [Float] = [
    0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6,
  ]

  /// Blocks `[experts, outputs, blocks, 16]` as `[experts, inputs, outputs]`.
  private func microscaled(_ elements: Range<Int>) throws(CheckpointError) -> [Float] {
    let (inputs, outputs) = (weight.shape[1], weight.shape[2])
    guard let scales = weight.parts["scales"] else { return [] }
    let exponents = try checkpoint.withBytes(ofTensorAt: scales) { bytes throws(CheckpointError) in
      bytes.copied()
    }
    return try fill(elements) { codes, values in
      for index in elements {
        let output = index % outputs, input = index / outputs % inputs, expert = index / outputs / inputs
        let place = (expert * outputs + output) * inputs + input
        let byte = codes.byte(at: place >> 1)
        let value = Self.float4[Int(place & 1 == 0 ? byte & 15 : byte >> 4)]
        values[index - elements.lowerBound] =
          value * Float(sign: .plus, exponent: Int(exponents[place / 32]) - 127, significand: 1)
      }
    }
  }

  // MARK: Packed integers

  private func gptq(_ elements: Range<Int>) throws(CheckpointError) -> [Float] {
    let scales = try floats("scales"), zeros = try words("qzeros")
    var groups = try words("g_idx")
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let bits = number("bits"), block = number("block"), width = 32 / bits
    let mask = UInt32(1) << UInt32(bits) - 1, offset = UInt32(number("isOffset"))
    // An order that names groups which are not there is none.
    let groupCount = scales.count / max(1, outputs)
    if groups.count != inputs || groups.contains(where: { $0 >= groupCount }) { groups = [] }
    let order = groups
    return try fill(elements) { codes, values in
      for index in elements {
        let output = index / inputs, input = index % inputs
        let group = min(groupCount - 1, order.isEmpty ? input / block : Int(order[input]))
        let word = UInt32(
          truncatingIfNeeded: codes.word(at: 4 * (input / width * outputs + output), width: 4))
        let code = word >> UInt32(bits * (input % width)) & mask
        let stored =
          zeros[group * (outputs / width) + output / width] >> UInt32(bits * (output % width)) & mask
        let zero = (stored &+ offset) & mask
        values[index - elements.lowerBound] =
          scales[group * outputs + output] * Float(Int(code) - Int(zero))
      }
    }
  }

  /// Where the i-th of eight columns stands among the codes of a word.
  private static let interleaved = [0, 4, 1, 5, 2, 6, 3, 7]

  private func awq(_ elements: Range<Int>) throws(CheckpointError) -> [Float] {
    let scales = try floats("scales"), zeros = try words("qzeros")
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let block = number("block"), wide = outputs / 8
    return try fill(elements) { codes, values in
      for index in elements {
        let output = index / inputs, input = index % inputs
        let group = input / block, shift = UInt32(4 * Self.interleaved[output % 8])
        let word = UInt32(truncatingIfNeeded: codes.word(at: 4 * (input * wide + output / 8), width: 4))
        let zero = zeros[group * wide + output / 8] >> shift & 15
        values[index - elements.lowerBound] =
          scales[group * outputs + output] * Float(Int(word >> shift & 15) - Int(zero))
      }
    }
  }

  private func packed(_ elements: Range<Int>) throws(CheckpointError) -> [Float] {
    let scales = try floats("weight_scale")
    let columns = weight.shape[1], rows = weight.shape[0]
    let bits = number("bits"), block = number("block"), width = 32 / bits
    let wide = (columns + width - 1) / width, groups = scales.count / max(1, rows)
    let mask = UInt32(1) << UInt32(bits) - 1, middle = 1 << (bits - 1)
    return try fill(elements) { codes, values in
      for index in elements {
        let row = index / columns, column = index % columns
        let word = UInt32(truncatingIfNeeded: codes.word(at: 4 * (row * wide + column / width), width: 4))
        let code = Int(word >> UInt32(bits * (column % width)) & mask) - middle
        values[index - elements.lowerBound] = Float(code) * scales[row * groups + column / block]
      }
    }
  }
}
