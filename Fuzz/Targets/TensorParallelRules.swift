import Bytes

@testable import Checkpoint

/// What is saved of how tensor-parallel ranks belong together: patterns of names, and extents.
func fuzzTensorParallelRules(_ bytes: RawSpan) {
  let text = bytes.repairedText()
  if let pattern = NamePattern(text) {
    if let literal = pattern.literal { precondition(pattern.matches(literal)) }
    _ = pattern.matches("model.layers.10.self_attn.q_proj.weight")
  }
  var reader = ByteReader(bytes)
  guard let graph = try? PickleReader.read(&reader) else { return }
  let root = PickleValue(root: graph)
  for value in [root, root["universal_checkpoint_info"]] {
    var rules = TensorParallelRules(value)
    for name in ["p", "layers.0.norm.weight", "12.mlp.dense_4h_to_h.weight", text] {
      _ = rules.join(of: String(name.prefix(200)))
    }
  }
}
