internal import Bytes
public import Checkpoint
package import FileSystem
internal import Process

/// An adapter of fewer directions: of each module's ΔW the part of the greatest singular values, which no other of the
/// rank is nearer to (Eckart and Young, 1936).
///
/// With U·Σ·Vᵀ = s·B·A the new factors are U·√Σ and √Σ·Vᵀ, float32, and α is the rank, so that the scaling is 1. What was
/// trained beside the modules is kept as it is.
public struct AdapterTruncation: Sendable {
  /// The rank of every module: one that had less has directions of 0.
  public let rank: Int
  /// The modules.
  public let modules: [Module]
  /// `adapter_model.safetensors`.
  public let file: [UInt8]

  /// A module.
  public struct Module: Equatable, Sendable {
    /// The name.
    public var name: String
    /// The rank before.
    public var rank: Int
    /// ‖ΔW‖ before.
    public var norm: Double
    /// ‖ΔW′ − ΔW‖ over ‖ΔW‖, 0 where that is 0: what the directions that were left out hold.
    public var error: Double
  }

  /// ‖ΔW′ − ΔW‖ over ‖ΔW‖ of all modules together.
  public var error: Double {
    let whole = modules.reduce(0) { $0 + $1.norm * $1.norm }
    let left = modules.reduce(0) { $0 + $1.norm * $1.error * $1.norm * $1.error }
    return whole > 0 ? (left / whole).squareRoot() : 0
  }

  /// The module that loses most.
  public var worst: Module? { modules.max { $0.error < $1.error } }

  /// Writes the file to `path`.
  package func write(tensorsTo path: String) throws(SystemError) {
    try FileDescriptor(creating: path).write(unsafe file.span.bytes)
  }

  /// Why an adapter is not cut.
  public struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// Why.
    public let description: String
  }

  /// Cuts the adapter in `checkpoint` to `rank`.
  ///
  /// - Throws: `Refusal` where the outcome would not be that adapter with less, `CheckpointError` where values are out of
  ///   reach.
  public init(
    of checkpoint: Checkpoint, configuration: AdapterConfiguration?, to rank: Int
  ) throws {
    let subject = try Subject(checkpoint, configuration)
    let adapter = subject.adapter
    if let reason = Self.obstacle(adapter, subject.checkpoint, to: rank) {
      throw Refusal(description: reason)
    }
    self.rank = rank
    let cuts = concurrentMap(count: adapter.modules.count) { index in
      Result { () throws(CheckpointError) in
        try Self.cut(adapter.modules[index], subject.checkpoint, to: rank)
      }
    }
    var modules: [Module] = []
    var tensors: [Int: SafetensorsWriter.Tensor] = [:]
    for (module, cut) in zip(adapter.modules, cuts) {
      guard let cut = try cut.get() else {
        throw Refusal(description: "not cut: values of \(module.name.name) are not finite")
      }
      modules.append(cut.module)
      for (factor, values) in [(module.a, cut.a), (module.b, cut.b)] {
        let tensor = subject.checkpoint.tensors[factor.tensor]
        var shape = tensor.shape
        shape[factor.tensor == module.a.tensor ? 0 : 1] = rank
        tensors[factor.tensor] = .init(name: tensor.name, shape: shape, floats: values)
      }
    }
    self.modules = modules
    for index in subject.checkpoint.tensors.indices where tensors[index] == nil {
      let tensor = subject.checkpoint.tensors[index]
      if let scale = Self.scaling(ofBias: tensor.name, adapter.modules) {
        // α of the cut adapter is its rank: what the scaling did to the bias is in the bias itself now.
        let values = try subject.checkpoint.doubles(ofTensorAt: index).map { Float($0 * scale) }
        tensors[index] = .init(name: tensor.name, shape: tensor.shape, floats: values)
        continue
      }
      let bytes = try subject.checkpoint.withBytes(ofTensorAt: index) { $0.copied() }
      tensors[index] = .init(name: tensor.name, type: tensor.elementType, shape: tensor.shape, bytes: bytes)
    }
    file = SafetensorsWriter.file(tensors.sorted { $0.key < $1.key }.map(\.value))
  }

  /// The scaling of the module that `name` is the bias of B of (`lora_bias`); nil for another tensor.
  private static func scaling(ofBias name: String, _ modules: [LowRankModule]) -> Double? {
    let parsed = TensorName(name)
    guard parsed.part == .other("lora_B.bias") else { return nil }
    return modules.first { $0.name.name == parsed.module }?.scaling
  }

  /// Initialisations that leave the base model as it is.
  private static let harmless: Set<String> = ["true", "false", "gaussian", "eva", "orthogonal", "mica"]

  private static func obstacle(_ adapter: Adapter, _ checkpoint: Checkpoint, to rank: Int) -> String? {
    guard let configuration = adapter.configuration, !adapter.isEmpty else {
      return "not cut: no LoRA adapter"
    }
    if configuration.kind != "LORA" { return "not cut: \(configuration.kind) is no plain LoRA" }
    if configuration.usesWeightDecomposition {
      return "not cut: with DoRA the weights are more than B·A, and the error cannot be said without the base"
    }
    if let initialisation = configuration.initialisation?.lowercased(), !harmless.contains(initialisation) {
      return AdapterConfiguration.changesBase(initialisation: initialisation)
        ? "not cut: \(initialisation) changed the base model too, by the rank that the adapter has"
        : "not cut: it is not known whether the start called \(initialisation) changed the base model too"
    }
    for module in adapter.modules {
      guard [.linear, .embedding, .convolution].contains(module.kind), module.alpha == nil,
        checkpoint.tensors[module.a.tensor].shape.first == module.rank,
        checkpoint.tensors[module.b.tensor].shape.dropFirst().first == module.rank
      else { return "not cut: \(module.name.name) is not laid out as PEFT does LoRA" }
      if module.scaling == nil { return "not cut: α is not known" }
    }
    let greatest = adapter.modules.map(\.rank).max() ?? 0
    return greatest <= rank ? "not cut: no module has a rank above \(rank)" : nil
  }

  /// The new factors of a module, A row after row and B row after row, and what they leave out; nil where they are not
  /// found.
  private static func cut(
    _ module: LowRankModule, _ checkpoint: Checkpoint, to rank: Int
  ) throws(CheckpointError) -> (module: Module, a: [Float], b: [Float])? {
    guard let factors = try ModuleFactors(module, checkpoint), let whole = ModuleSpectrum(factors),
      let spectrum = LowRankCore.spectrum(a: factors.gramA, b: factors.gramB)
    else { return nil }
    let scale = module.scaling ?? 1
    let kept = min(rank, spectrum.rank)
    // √(s·σ) on either side, the sign of s with B.
    let roots = spectrum.singularValues.map { (abs(scale) * $0).squareRoot() }
    let a = try combined(module.a, module.rank, spectrum.right.prefix(kept), roots, checkpoint)
    let b = try combined(module.b, module.rank, spectrum.left.prefix(kept), roots, checkpoint)
    let length = module.a.length, rows = module.b.length
    var newA = [Float](repeating: 0, count: rank * length)
    var newB = [Float](repeating: 0, count: rows * rank)
    for i in 0..<kept {
      for k in 0..<length { newA[i * length + k] = Float(a[i][k]) }
      for k in 0..<rows { newB[k * rank + i] = Float(scale < 0 ? -b[i][k] : b[i][k]) }
    }
    let summary = Module(
      name: module.name.name, rank: module.rank, norm: whole.norm, error: whole.error(keeping: rank))
    return (summary, newA, newB)
  }

  /// The vectors that combine the columns of a factor, as `long × rank`, by `coefficients`, each times its root.
  private static func combined(
    _ factor: LowRankModule.Factor, _ rank: Int, _ coefficients: ArraySlice<[Double]>, _ roots: [Double],
    _ checkpoint: Checkpoint
  ) throws(CheckpointError) -> [[Double]] {
    let values = try checkpoint.doubles(ofTensorAt: factor.tensor)
    return zip(coefficients, roots).map { coefficient, root in
      (0..<factor.length).map { k in
        var sum = 0.0
        let start = factor.offset + k * factor.stepK
        for i in 0..<rank { sum += values[start + i * factor.stepI] * coefficient[i] }
        return sum * root
      }
    }
  }
}
