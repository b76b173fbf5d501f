import Testing

@testable import Checkpoint

@Suite struct TensorNameTests {
  @Test(arguments: [
    (
      "base_model.model.model.layers.0.q.lora_A.weight", "model.layers.0.q", TensorName.Part.a, nil as String?
    ),
    ("base_model.model.model.layers.0.q.lora_A.default.weight", "model.layers.0.q", .a, "default"),
    ("module.base_model.model.q.lora_B.weight", "q", .b, nil),
    ("_fsdp_wrapped_module.base_model.model.q._orig_mod.lora_B.weight", "base_model.model.q", .b, nil),
    ("base_model.model.embed.lora_embedding_A", "embed", .embeddingA, nil),
    ("base_model.model.embed.lora_embedding_B.default", "embed", .embeddingB, "default"),
    ("base_model.model.q.lora_E", "q", .diagonal, nil),
    ("base_model.model.q.lora_magnitude_vector", "q", .other("lora_magnitude_vector"), nil),
    (
      "base_model.model.q.lora_magnitude_vector.default.weight", "q", .other("lora_magnitude_vector"),
      "default"
    ),
    ("base_model.model.q.lora_B.bias", "q", .other("lora_B.bias"), nil),
    ("base_model.model.lm_head.weight", "lm_head", .other("weight"), nil),
    ("experts.base_layer.lora_A.weight", "experts.base_layer", .a, nil),
    ("x.bias", "x.bias", .other(""), nil),
  ])
  func `names lose what wrappers add`(name: String, module: String, part: TensorName.Part, adapter: String?) {
    let found = TensorName(name)
    #expect(found.module == module)
    #expect(found.part == part)
    #expect(found.adapter == adapter)
  }

  @Test func `saves of one adapter in two spellings match`() {
    #expect(
      TensorName("base_model.model.q.lora_A.default.weight").canonical
        == TensorName("module.base_model.model.q.lora_A.weight").canonical)
  }
}
