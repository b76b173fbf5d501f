internal import Bytes

/// The flat buffers in `distrib_optim.pt`: fp32 masters and moments of one model-parallel rank, its ranks of data put
/// together by Megatron.
///
/// The file names no parameter. Where each stands follows from the model beside it: Megatron keeps the parameters of
/// one type as views on one buffer, of the same order as the optimizer's, so that their places in the storage are the
/// places in the buffers; else it lays them out from the last to the first. An assumption counts only where the masters,
/// rounded to the type of the model, are the model's own weights.
struct DistributedOptimizer {
  /// What is kept of each element of a parameter.
  static let kinds = ["param", "exp_avg", "exp_avg_sq"]

  /// The parameters in the buffers, with the place of the first element.
  private(set) var found: [(name: String, shape: [Int], buffer: [String: PyTorchTensor], start: Int)] = []
  /// How many elements there are in buffers whose parameters could not be told.
  private(set) var unknownCount = 0
  private(set) var unknownBuffers = 0

  /// - Parameters:
  ///   - archive: `distrib_optim.pt`.
  ///   - parameters: the model's, in its order.
  ///   - model: the archive that they stand in.
  init(
    _ archive: NumberedArchive, parameters: [NamedPyTorchTensor], model: NumberedArchive
  ) throws(CheckpointError) {
    // One optimizer, or a list with a second one for experts.
    for state in archive.root.elements ?? [archive.root] {
      for (key, types) in state.entries ?? [] where key.int != nil {
        for (type, value) in types.entries ?? [] {
          var buffer: [String: PyTorchTensor] = [:]
          for kind in Self.kinds {
            guard
              let tensor = try value[kind].flatMap({ held throws(CheckpointError) in
                try archive.tensor(held, name: kind)
              }), tensor.strides == nil, tensor.shape.count == 1, tensor.elementType == .float32
            else { continue }
            buffer[kind] = tensor
          }
          guard let masters = buffer["param"], buffer.values.allSatisfy({ $0.shape == masters.shape }) else {
            throw CheckpointError(
              .sharded(.structure("a buffer of the optimizer without flat masters of fp32")),
              path: archive.path)
          }
          let name = type.elements?.first?.globalName ?? type.globalName ?? ""
          place(
            buffer, masters, archive,
            among: parameters.filter {
              $0.tensor.elementType == TorchElementTypes.elementType(ofDtype: name)
                && $0.tensor.strides == nil
            }, model)
        }
      }
    }
  }

  /// The tensors `kind` of the parameters whose places are known.
  func tensors(_ kind: String) -> [NamedPyTorchTensor] {
    found.compactMap { parameter in
      guard var tensor = parameter.buffer[kind] else { return nil }
      tensor.byteOffset += parameter.start * 4
      tensor.shape = parameter.shape
      return NamedPyTorchTensor(name: parameter.name, tensor: tensor)
    }
  }

  private mutating func place(
    _ buffer: [String: PyTorchTensor], _ masters: PyTorchTensor, _ archive: NumberedArchive,
    among parameters: [NamedPyTorchTensor], _ model: NumberedArchive
  ) {
    func isExpert(_ name: String) -> Bool { name.contains("experts.") && !name.contains("shared_experts") }
    func isAdapter(_ name: String) -> Bool { name.contains("lora_") || name.contains("adapter") }
    let subsets = [
      parameters, parameters.filter { !isExpert($0.name) }, parameters.filter { isExpert($0.name) },
      parameters.filter { isAdapter($0.name) },
    ]
    for subset in subsets where !subset.isEmpty {
      for starts in [Self.places(inStorage: subset), Self.reversed(subset, 64), Self.reversed(subset, 1)] {
        guard let starts, fits(subset, starts, masters, archive, model) else { continue }
        for (parameter, start) in zip(subset, starts) {
          found.append((parameter.name, parameter.tensor.shape, buffer, start))
        }
        return
      }
    }
    unknownBuffers += 1
    unknownCount += masters.elementCount
  }

  /// The places of the parameters as views on one storage.
  private static func places(inStorage parameters: [NamedPyTorchTensor]) -> [Int]? {
    guard let base = parameters.map(\.tensor.byteOffset).min() else { return nil }
    return parameters.map { ($0.tensor.byteOffset - base) / ($0.tensor.elementType.bitWidth / 8) }
  }

  /// The places from the last parameter to the first, each at a multiple of `alignment`.
  private static func reversed(_ parameters: [NamedPyTorchTensor], _ alignment: Int) -> [Int]? {
    var starts = parameters.map { _ in 0 }
    var position = 0
    for index in parameters.indices.reversed() {
      guard let padded = position.checkedAdd(alignment - 1) else { return nil }
      starts[index] = padded / alignment * alignment
      guard let end = starts[index].checkedAdd(parameters[index].tensor.elementCount) else { return nil }
      position = end
    }
    return starts
  }

  /// Whether the parameters fill the buffer so, apart from each other, and are its masters rounded.
  private func fits(
    _ parameters: [NamedPyTorchTensor], _ starts: [Int], _ masters: PyTorchTensor, _ archive: NumberedArchive,
    _ model: NumberedArchive
  ) -> Bool {
    var reached = 0
    for (start, parameter) in zip(starts, parameters).sorted(by: { $0.0 < $1.0 }) {
      guard start >= reached, let end = start.checkedAdd(parameter.tensor.elementCount) else { return false }
      reached = end
    }
    guard reached == masters.elementCount else { return false }
    return zip(starts, parameters).allSatisfy { start, parameter in
      let count = min(parameter.tensor.elementCount, 64)
      let size = parameter.tensor.elementType.bitWidth / 8
      let offset = masters.byteOffset + start * 4
      return archive.archive.file.bytes.extracting(offset..<offset + count * 4).roundsTo(
        model.archive.file.bytes.extracting(
          parameter.tensor.byteOffset..<parameter.tensor.byteOffset + count * size),
        parameter.tensor.elementType)
    }
  }
}

extension RawSpan {
  /// Whether each number, fp32, gives that of `other` when it is rounded to `type`, to the nearest and else to even.
  fileprivate func roundsTo(_ other: RawSpan, _ type: ElementType) -> Bool {
    for index in 0..<byteCount / 4 {
      let value = unsafe unsafeLoadUnaligned(fromByteOffset: index * 4, as: Float.self)
      guard !value.isNaN else { continue }
      switch type {
      case .float32:
        let held = unsafe other.unsafeLoadUnaligned(fromByteOffset: index * 4, as: Float.self)
        guard value == held else { return false }
      case .bfloat16:
        let bits = value.bitPattern
        let rounded = UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
        let held = unsafe other.unsafeLoadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
        guard rounded == held else { return false }
      case .float16:
        let held = unsafe other.unsafeLoadUnaligned(fromByteOffset: index * 2, as: UInt16.self)
        guard Self.float16(held) == Self.nearestFloat16(value) else { return false }
      default: return false
      }
    }
    return true
  }

  private static func float16(_ bits: UInt16) -> Float {
    let exponent = Int(bits >> 10 & 0x1f)
    let fraction = Float(bits & 0x3ff)
    let magnitude: Float =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: (1024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
      }
    return bits & 0x8000 == 0 ? magnitude : -magnitude
  }

  private static func nearestFloat16(_ value: Float) -> Float {
    // Ten bits of fraction, and steps of 2⁻²⁴ below 2⁻¹⁴.
    guard value.isFinite, value != 0 else { return value }
    let step = Float(sign: .plus, exponent: max(value.exponent, -14) - 10, significand: 1)
    let rounded = (value / step).rounded(.toNearestOrEven) * step
    return rounded.magnitude < 65520 ? rounded : rounded.sign == .minus ? -.infinity : .infinity
  }
}
