import Testing

@testable import Checkpoint

@Suite struct TensorNameTests {
  @Test(arguments: [
    (
      "base_model.model.model.layers.0.q.lora_A.weight", "model.layers.0.q", TensorName.Part.a, nil as String?
    ),
    ("base_model.model.model.layers.0.q.lora_A.default.weight", "model.layers.0.q", .a, "default"),
    ("module.base_model.model.q.lora_B.weight", "q", .b, nil),
    ("_fsdp_wrapped_module.base_model.model.q._orig_mod.lora_B.weight", "q", .b, nil),
    ("base_model.model.l._checkpoint_wrapped_module.q.lora_A.weight", "l.q", .a, nil),
    ("base_model.model.lm_head.modules_to_save.default.weight", "lm_head", .other("weight"), nil),
    ("base_model.model.q.lora_diag", "q", .plainDiagonal, nil),
    ("layers.0.q.lora_a", "layers.0.q", .transposedA, nil),
    ("layers.0.q.lora_b", "layers.0.q", .transposedB, nil),
    ("layers.0.q.lora_a.weight", "layers.0.q", .a, nil),
    ("lora_unet_mid_block_0_to_q.lora_down.weight", "lora_unet_mid_block.0.to_q", .a, nil),
    ("lora_unet_mid_block_0_to_q.alpha", "lora_unet_mid_block.0.to_q", .alpha, nil),
    ("unet.down.0.attn1.processor.to_q_lora.up.weight", "unet.down.0.attn1.to_q", .b, nil),
    ("decoder.layers.0.linear_qkv.adapter.linear_in.weight", "decoder.layers.0.linear_qkv", .a, nil),
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
