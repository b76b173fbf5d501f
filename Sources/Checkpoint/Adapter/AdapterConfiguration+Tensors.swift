internal import JSON

extension AdapterConfiguration {
  /// What the tensors tell of a LoRA adapter that has no `adapter_config.json`, as FSDP's shards have none: its rank,
  /// where all modules have the same. They do not tell α.
  ///
  /// - Parameters:
  ///   - alpha: the α that somebody gave; nil where nobody did.
  ///   - source: where that α is from, in words.
  /// - Returns: nil where no tensor is an adapter's.
  public init?(tensorsOf checkpoint: Checkpoint, alpha: Double?, source: String? = nil) {
    var ranks: Set<Int> = []
    for tensor in checkpoint.tensors where Self.isFirstFactor(tensor.name) {
      guard let rank = tensor.shape.first else { continue }
      ranks.insert(rank)
    }
    guard !ranks.isEmpty else { return nil }
    var members: [JSONValue.Member] = []
    if ranks.count == 1, let rank = ranks.first { members.append(.init("r", .number(rank))) }
    if let alpha { members.append(.init("lora_alpha", .number(alpha))) }
    self.init(.object(members))
    if alpha != nil { self.source = source }
  }

  /// Whether a tensor is the A of a module, whose rows count the rank.
  private static func isFirstFactor(_ name: String) -> Bool {
    guard TensorName.tellsOfAdapter(name) else { return false }
    switch TensorName(name).part {
    case .a, .embeddingA: return true
    default: return false
    }
  }
}
