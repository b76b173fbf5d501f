import Checkpoint
import FileSystem
import JSON
import RunFolder
import TestSupport
import Testing

/// Files of torch's own making, which the tests of Checkpoint keep.
private func torch(_ name: String) -> String {
  Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch/" + name)
}

/// The runs of the data folder beside the package; nil on the machines that lack it.
private let lab: String? = Fixture.shared.map { Path.join($0, "data/lab/runs") }.flatMap {
  Files.kind(of: $0) == .directory ? $0 : nil
}

struct TrainingFrameworkTests {
  @Test(arguments: [
    ("zero2/global_step12", "DeepSpeed ZeRO-2 over 2 processes"),
    ("zero3", "DeepSpeed ZeRO-3 over 2 processes"),
    ("zero_bf16", "DeepSpeed BF16_Optimizer over 2 processes"),
    ("dcp", "FSDP, saved in shards"), ("fsdp_ranks", "FSDP, saved in shards"),
    ("megatron", "Megatron (files by rank) over 4 processes"),
    ("trainer", "data parallel (DDP)"),
  ])
  func `the files tell the framework`(_ name: String, _ description: String) throws {
    #expect(try TrainingFramework.recognise(checkpoint: torch(name))?.description == description)
  }

  @Test(
    .enabled(if: lab != nil, "no ../shared/data/lab beside the package"),
    arguments: [
      ("ddp_lora_sft/checkpoint-1000", "data parallel (DDP) over 2 processes"),
      ("ds_z2_lora_sft/checkpoint-500", "DeepSpeed ZeRO-2 over 2 processes"),
      ("ds_zero3_plain", "DeepSpeed ZeRO-3 over 2 processes"),
      ("fsdp2_lora_sharded/checkpoint-250", "FSDP, saved in shards over 2 processes"),
      ("megatron/legacy", "Megatron (files by rank) over 2 processes"),
      ("megatron/torch_dist/iter_0000500", "Megatron-core (torch_dist)"),
      ("qwen3vl_lora_all/checkpoint-20", "data parallel (DDP) over 2 processes"),
    ])
  func `genuine runs are told apart`(_ name: String, _ description: String) throws {
    let path = Path.join(try #require(lab), name)
    #expect(try TrainingFramework.recognise(checkpoint: path)?.description == description)
  }

  @Test func `DeepSpeed's configuration is read from its states`() throws {
    let json = try #require(try DeepSpeedConfiguration.read(checkpoint: torch("zero2")))
    #expect(json["train_batch_size"]?.int64 == 16)
    #expect(try DeepSpeedConfiguration.read(checkpoint: torch("dcp")) == nil)
  }
}
