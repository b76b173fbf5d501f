import FileSystem
import TestSupport
import Testing

@testable import RunFolder

struct LaunchSettingsTests {
  private static let torch = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch")

  /// A folder as a trainer leaves it, without event files.
  private func run(_ files: [(String, String)]) throws -> TrainingRun {
    let folder = try TemporaryFolder()
    try folder.write(
      "trainer_state.json",
      #"{"global_step": 12, "log_history": [{"step": 10, "loss": 1.5}, {"step": 12, "loss": 1}]}"#)
    for (target, source) in files { try folder.write(target, try Files.read(Path.join(Self.torch, source))) }
    return try #require(try OpenedFolder(opening: folder.path).runs.first)
  }

  private func value(_ name: String, _ source: String, in run: TrainingRun) -> String? {
    run.configuration.first { $0.source == source }?.settings.last { $0.name == name }?.value
  }

  @Test func `pickled arguments stand in for those of the event file`() throws {
    let run = try run([("training_args.bin", "trainer/training_args.bin")])
    #expect(value("learning_rate", "training_args.bin", in: run) == "5e-05")
    #expect(value("lr_scheduler_type", "training_args.bin", in: run) == "cosine")
    #expect(value("gradient_accumulation_steps", "training_args.bin", in: run) == "8")
    #expect(run.problems == [])
  }

  @Test func `DeepSpeed's stage and configuration are told`() throws {
    let step = "checkpoint-12/global_step12/"
    let run = try run(
      [
        "mp_rank_00_model_states.pt", "zero_pp_rank_0_mp_rank_00_optim_states.pt",
        "zero_pp_rank_1_mp_rank_00_optim_states.pt",
      ].map { (step + $0, "zero2/global_step12/" + $0) } + [("checkpoint-12/latest", "zero2/latest")])
    #expect(value("framework", "launch", in: run) == "DeepSpeed ZeRO-2 over 2 processes")
    #expect(value("deepspeed_stage", "launch", in: run) == "2")
    #expect(value("zero_optimization.stage", "ds_config", in: run) == "2")
    #expect(value("bf16.enabled", "ds_config", in: run) == "true")
  }

  @Test func `Megatron's arguments come from the file of its first rank`() throws {
    let rank = "iter_0000020/mp_rank_00_000/model_optim_rng.pt"
    let folder = try TemporaryFolder()
    try folder.write(rank, try Files.read(Path.join(Self.torch, "megatron/" + rank)))
    let run = try #require(try OpenedFolder(opening: folder.path, acceptsCheckpoints: true).runs.first)
    #expect(value("swiglu", "Megatron args", in: run) == "true")
    #expect(value("hidden_size", "Megatron args", in: run) == "4")
    #expect(value("framework", "launch", in: run) == "Megatron (files by rank)")
  }

  /// A run whose `training_args.yaml`, composed in the manner of LLaMA-Factory's web page, is `text`.
  private func run(arguments text: String) throws -> TrainingRun {
    let folder = try TemporaryFolder()
    try folder.write("trainer_state.json", #"{"log_history": [{"step": 10, "loss": 1.5}]}"#)
    try folder.write("training_args.yaml", text)
    return try #require(try OpenedFolder(opening: folder.path).runs.first)
  }

  @Test func `a trainer's YAML is read as YAML`() throws {
    let run = try run(
      arguments: """
        cutoff_len: 2048 # tokens
        dataset: 'alpaca_en, #identity'
        learning_rate: 5.0e-05
        lora_target:
        - q_proj
        - v_proj
        template: qwen3
        resume_from_checkpoint: null
        """)
    let source = "training_args.yaml"
    #expect(value("cutoff_len", source, in: run) == "2048")
    #expect(value("dataset", source, in: run) == "alpaca_en, #identity")
    #expect(value("learning_rate", source, in: run) == "5.0e-05")
    #expect(value("lora_target", source, in: run) == #"["q_proj","v_proj"]"#)
    #expect(value("resume_from_checkpoint", source, in: run) == "null")
    #expect(run.problems == [])
  }

  @Test func `what is no YAML is a problem with its line`() throws {
    let run = try run(arguments: "template: qwen3\ncutoff_len: [1\n")
    #expect(run.problems.count == 1)
    #expect(run.problems.first?.contains("training_args.yaml:3:1: not YAML") == true, "\(run.problems)")
  }

  @Test func `an adapter on a base model that was quantised by the arguments is named`() throws {
    let run = try run(
      arguments:
        "finetuning_type: lora\nquantization_bit: 4\nquantization_method: bnb\ndouble_quantization: true\n")
    #expect(value("quantization", "launch", in: run) == "4-bit (bitsandbytes, nested)")
    #expect(value("method", "launch", in: run) == "QLoRA: an adapter on a 4-bit base model")
    let whole = try self.run(arguments: "finetuning_type: full\n")
    #expect(value("method", "launch", in: whole) == nil)
  }

  @Test func `the base model's own configuration tells that it is quantised`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "base/config.json", #"{"quantization_config": {"quant_method": "gptq", "bits": 4}}"#)
    try folder.write("out/trainer_state.json", #"{"log_history": [{"step": 10, "loss": 1.5}]}"#)
    try folder.write(
      "out/adapter_config.json",
      "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": \"\(folder.file("base"))\"}")
    let run = try #require(try OpenedFolder(opening: folder.file("out")).runs.first)
    #expect(value("quantization", "launch", in: run) == "4-bit (gptq)")
    #expect(value("method", "launch", in: run) == "an adapter on a quantised base model")
  }

  @Test func `the model card tells the base model and the batch, and no card is missed`() throws {
    let folder = try TemporaryFolder()
    try folder.write("trainer_state.json", #"{"log_history": [{"step": 10, "loss": 1.5}]}"#)
    func card() throws -> ConfigurationSection? {
      try OpenedFolder(opening: folder.path).runs.first?.configuration.first { $0.source == "README.md" }
    }
    // In the shape of HF Trainer's.
    try folder.write(
      "README.md",
      """
      ---
      library_name: peft
      base_model: Qwen/Qwen3-4B
      tags:
      - llama-factory
      - lora
      model-index:
      - name: sft
      ---
      # sft
      ### Training hyperparameters

      The following hyperparameters were used during training:
      - learning_rate: 0.005
      - total_train_batch_size: 8
      - optimizer: adamw with betas=(0.9,0.999): fused

      ### Framework versions
      - PEFT 0.18.1
      """)
    #expect(
      try card()?.settings == [
        Setting(name: "library_name", value: "peft"), Setting(name: "base_model", value: "Qwen/Qwen3-4B"),
        Setting(name: "tags", value: #"["llama-factory","lora"]"#),
        Setting(name: "learning_rate", value: "0.005"),
        Setting(name: "total_train_batch_size", value: "8"),
        Setting(name: "optimizer", value: "adamw with betas=(0.9,0.999): fused"),
      ])
    for other in [
      "# A project\n", "---\ntitle: x\n---\n", "---\nbase_model: [\n---\n", "---\nbase_model: x\n",
    ] {
      try folder.write("README.md", other)
      #expect(try card() == nil, "\(other)")
    }
  }

  @Test func `broken arguments are a problem, not an end`() throws {
    let run = try run([("training_args.bin", "trainer/scheduler.pt")])
    #expect(run.problems.count == 1)
    #expect(run.metrics.count == 1)
  }
}
