import Bytes
import JSON
import TestSupport
import Testing

@testable import Checkpoint

struct TrainerArgumentsTests {
  @Test func `the arguments of a trainer are read as plain values`() throws {
    let arguments = try TrainerArguments(path: TorchTruth.path("trainer/training_args.bin"))
    #expect(arguments.className == "transformers.training_args.TrainingArguments")
    #expect(arguments["learning_rate"]?.double == 5e-5)
    #expect(arguments["lr_scheduler_type"]?.string == "cosine")
    #expect(arguments["gradient_accumulation_steps"]?.int64 == 8)
    #expect(arguments["num_train_epochs"]?.double == 3)
    #expect(arguments["output_dir"]?.string == "saves/run")
    #expect(arguments["distributed_state"] == nil)
    #expect(arguments.unknownGlobals == [])
  }

  @Test func `another file is refused`() {
    #expect(throws: CheckpointError.self) {
      try TrainerArguments(path: TorchTruth.path("trainer/optimizer.pt"))
    }
  }

  @Test(.enabled(if: LabTruth.folder != nil, "no ../shared/data/lab beside the package"))
  func `DeepSpeed's configuration comes with them`() throws {
    let path = Path.join(try #require(LabTruth.folder), "runs/ds_z2_lora_sft/training_args.bin")
    let arguments = try TrainerArguments(path: path)
    #expect(arguments.className == "llamafactory.hparams.training_args.TrainingArguments")
    #expect(arguments.deepSpeed?["zero_optimization"]?["stage"]?.int64 == 2)
    #expect(arguments["optim"]?.string == "adamw_torch_fused")
  }
}

struct PickledFileTests {
  @Test func `the tree shows what a file holds`() throws {
    let file = try PickledFile(opening: TorchTruth.path("everything.pt"))
    #expect(file.container == .zip)
    let lines = file.tree()
    func text(_ key: String) -> String? { lines.first { $0.key == key }?.text }
    #expect(lines[0].text.hasPrefix("dictionary of "))
    #expect(text("plain") == "F32 [6, 4]")
    #expect(text("bfloat16") == "BF16 [2, 3]")
    #expect(text("note") == "\"text\"")
    #expect(text("flags") == "[true,false]" || text("flags") == "[true, false]")
    #expect(text("nothing") == "None")
  }

  @Test func `what would be called stands in the tree, uncalled`() throws {
    let file = try PickledFile(opening: TorchTruth.path("evil.pt"))
    #expect(file.unknownGlobals.map(\.name) == ["posix.system"])
    let lines = file.tree()
    #expect(lines.contains { $0.key == "run" && $0.text == "posix.system(…)" })
    #expect(lines.contains { $0.text.contains("ftreport must never run this") })
  }

  @Test func `a cycle ends`() throws {
    let path = Path.join(AttackTests.folder, "pickle/mutual-cycle.pkl")
    #expect(try PickledFile(opening: path).tree().count < 10)
    #expect(try PickledFile(opening: path).json.text.count < 10_000)
  }

  @Test func `many values are counted, not shown`() throws {
    let lines = try PickledFile(opening: TorchTruth.path("trainer/rng_state_0.pth")).tree(childLimit: 5)
    #expect(lines.contains { $0.text == "tuple of 625" })
    #expect(lines.contains { $0.text == "620 more" })
  }

  @Test func `the budget of the tree is kept`() throws {
    let path = Path.join(AttackTests.folder, "pickle/billion-laughs.pkl")
    #expect(try PickledFile(opening: path).tree(lineLimit: 100).count <= 120)
  }
}

struct QuantizationTests {
  @Test func `a 4-bit base is named with its type`() throws {
    let json = try JSONValue(
      parsing: """
        {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": true,
          "bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": true}}
        """)
    #expect(Quantization(json)?.description == "4-bit nf4 (bitsandbytes, nested)")
  }

  @Test func `other methods tell their bits`() throws {
    let json = try JSONValue(parsing: #"{"quantization_config": {"quant_method": "gptq", "bits": 4}}"#)
    #expect(Quantization(json)?.description == "4-bit (gptq)")
    #expect(Quantization(try JSONValue(parsing: #"{"hidden_size": 64}"#)) == nil)
  }
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
    #expect(try TrainingFramework.recognise(checkpoint: TorchTruth.path(name))?.description == description)
  }

  @Test(
    .enabled(if: LabTruth.folder != nil, "no ../shared/data/lab beside the package"),
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
    let path = Path.join(try #require(LabTruth.folder), "runs/" + name)
    #expect(try TrainingFramework.recognise(checkpoint: path)?.description == description)
  }

  @Test func `DeepSpeed's configuration is read from its states`() throws {
    let json = try #require(try DeepSpeedConfiguration.read(checkpoint: TorchTruth.path("zero2")))
    #expect(json["train_batch_size"]?.int64 == 16)
    #expect(try DeepSpeedConfiguration.read(checkpoint: TorchTruth.path("dcp")) == nil)
  }
}
