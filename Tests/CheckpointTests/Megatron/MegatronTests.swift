import FileSystem
import TestSupport
import Testing

@testable import Checkpoint

struct MegatronTests {
  @Test func `ranks of tensors and stages are joined, gate and up each in one`() throws {
    let checkpoint = try Checkpoint(opening: TorchTruth.path("megatron"))
    #expect(checkpoint.format == .megatron)
    try TorchTruth.expect(checkpoint, equals: "megatron")
    #expect(checkpoint.metadata.contains(.init("iteration", "20")))
    #expect(checkpoint.remarks.contains("linear_qkv: q, k and v fused in one tensor"))
    #expect(checkpoint.remarks.contains("linear_fc1: gate and up fused in one tensor"))
  }

  @Test func `one iteration opens by its own folder`() throws {
    try TorchTruth.expect(
      try Checkpoint(opening: TorchTruth.path("megatron/iter_0000020")), equals: "megatron")
  }

  @Test func `a missing tensor-parallel rank is named`() throws {
    let folder = try TemporaryFolder()
    let name = "mp_rank_01_000/model_optim_rng.pt"
    try folder.write(name, try Files.read(TorchTruth.path("megatron/iter_0000020/" + name)))
    #expect {
      try Checkpoint(opening: folder.path)
    } throws: { error in
      (error as? CheckpointError)?.fault == .sharded(.missingRanks([0], of: 2))
    }
  }

  @Test(arguments: [
    ("decoder.layers.0.self_attention.linear_qkv.weight", MegatronNames.Cut.rows),
    ("decoder.layers.0.self_attention.linear_qkv.bias", .rows),
    ("decoder.layers.0.self_attention.linear_qkv.layer_norm_weight", .whole),
    ("decoder.layers.0.self_attention.linear_proj.weight", .columns),
    ("decoder.layers.0.self_attention.linear_proj.bias", .whole),
    ("decoder.layers.0.mlp.linear_fc1.weight", .rows), ("decoder.layers.0.mlp.linear_fc2.weight", .columns),
    ("decoder.final_layernorm.weight", .whole), ("embedding.word_embeddings.weight", .rows),
    ("decoder.layers.0.self_attention.linear_qkv.lora_A.default.weight", .whole),
    ("decoder.layers.0.self_attention.linear_qkv.lora_B.default.weight", .rows),
    ("decoder.layers.0.mlp.linear_fc2.lora_A.weight", .columns),
    ("decoder.layers.0.mlp.linear_fc2.lora_B.weight", .whole),
    ("decoder.layers.0.mlp.linear_fc1.adapter.linear_in.weight", .rows),
    ("decoder.layers.0.mlp.linear_fc2.adapter.linear_out.weight", .rows),
  ])
  func `names tell how a tensor is cut`(_ name: String, _ cut: MegatronNames.Cut) {
    #expect(MegatronNames.cut(name) == cut)
  }
}
