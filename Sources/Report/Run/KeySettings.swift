internal import RunFolder

/// The few settings that readers of a report ask for first.
struct KeySettings {
  /// The source of what was concluded from the files of the checkpoints.
  private static let launch = "launch"

  /// The settings in a fixed order: names that readers know, each with the names that sources spell it by; `launch/x`
  /// is x of that source alone.
  private static let wanted: [(name: String, spellings: [String])] = [
    ("Base model", ["base_model_name_or_path", "model_name_or_path", "_name_or_path", "base_model"]),
    ("Framework", ["launch/framework"]),
    ("DeepSpeed stage", ["launch/deepspeed_stage", "zero_optimization.stage"]),
    ("FSDP", ["fsdp"]),
    ("Quantization", ["launch/quantization"]),
    ("Method", ["launch/method", "peft_type", "finetuning_type"]),
    ("Rank", ["r", "lora_rank"]),
    ("Alpha", ["lora_alpha"]),
    ("Dropout", ["lora_dropout"]),
    ("Target modules", ["target_modules", "lora_target"]),
    ("Dataset", ["dataset", "datasets"]),
    ("Template", ["template"]),
    ("Cutoff length", ["cutoff_len", "max_length", "max_seq_length", "seq_length"]),
    ("Steps", ["max_steps", "train_iters"]),
    ("Epochs", ["num_train_epochs"]),
    ("Learning rate", ["learning_rate", "lr", "optimizer.params.lr"]),
    ("Scheduler", ["lr_scheduler_type", "lr_decay_style"]),
    ("Warm-up ratio", ["warmup_ratio"]),
    ("Warm-up steps", ["warmup_steps"]),
    (
      "Batch per device",
      ["per_device_train_batch_size", "micro_batch_size", "train_micro_batch_size_per_gpu"]
    ),
    ("Gradient accumulation", ["gradient_accumulation_steps"]),
    ("Batch in all", ["total_train_batch_size", "global_batch_size"]),
    ("Optimizer", ["optim", "optimizer.type"]),
    ("Weight decay", ["weight_decay"]),
    ("Clipping", ["max_grad_norm", "clip_grad", "gradient_clipping"]),
    ("bf16", ["bf16"]),
    ("fp16", ["fp16"]),
    ("Seed", ["seed"]),
  ]

  /// What was found, by the names that readers know.
  let rows: [(name: String, value: String)]

  /// The key settings of `sections`, the first spelling that any of them has.
  init(_ sections: [ConfigurationSection]) {
    var rows: [(name: String, value: String)] = []
    for (name, spellings) in Self.wanted {
      // Where the steps are given, HF Trainer does not look at its argument for epochs.
      if name == "Epochs", rows.contains(where: { $0.name == "Steps" }) { continue }
      let values = spellings.lazy.compactMap { Self.value($0, in: sections) }
      guard let value = values.first, name != "Steps" || (Int(value) ?? 0) > 0 else { continue }
      // HF Trainer's newer versions keep the ratio under both names.
      if name == "Warm-up steps", let steps = Double(value), steps < 1,
        rows.contains(where: { $0.name == "Warm-up ratio" })
      {
        continue
      }
      rows.append((name, value))
    }
    self.rows = rows
  }

  /// How the training was spread over processes, as the checkpoints show.
  static func framework(_ sections: [ConfigurationSection]) -> String? {
    value("launch/framework", in: sections)
  }

  /// The first value of `spelling` that says something.
  private static func value(_ spelling: String, in sections: [ConfigurationSection]) -> String? {
    let isLaunch = spelling.hasPrefix(launch + "/")
    let name = isLaunch ? String(spelling.dropFirst(launch.count + 1)) : spelling
    for section in sections where !isLaunch || section.source == launch {
      let value = section.settings.last { $0.name == name }?.value
      if let value, !["", "null", "None", "[]", "auto"].contains(value) { return value }
    }
    return nil
  }
}
