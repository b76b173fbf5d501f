import Checkpoint
import Testing

@Suite struct ModuleNameTests {
  @Test(arguments: [
    ("model.layers.3.self_attn.q_proj", "model.layers", 3 as Int?, "self_attn.q_proj"),
    ("model.language_model.layers.11.mlp.down_proj", "model.language_model.layers", 11, "mlp.down_proj"),
    ("model.visual.blocks.2.attn.qkv", "model.visual.blocks", 2, "attn.qkv"),
    (
      "model.visual.deepstack_merger_list.0.linear_fc1", "model.visual.deepstack_merger_list", 0, "linear_fc1"
    ),
    ("model.visual.merger.linear_fc2", "", nil, "model.visual.merger.linear_fc2"),
    ("lm_head", "", nil, "lm_head"),
    ("model.layers.4.mlp.experts.17.gate_proj", "model.layers", 4, "mlp.experts.*.gate_proj"),
    ("transformer.h.7", "transformer.h", 7, "h"), ("", "", nil, ""), ("..", "", nil, ".."),
    ("layers.99999999999999999999.x", "", nil, "layers.99999999999999999999.x"),
  ])
  func `names come apart into stack, layer and type`(name: String, stack: String, layer: Int?, type: String) {
    let found = ModuleName(name)
    #expect(found.stack == stack)
    #expect(found.layer == layer)
    #expect(found.type == type)
    #expect(found.description == name)
  }
}
