/// A setting of a training that readers, comparisons and overviews know, whatever a source calls it.
///
/// This is the one table of settings' names, as `MetricRole` is of tags: who shows or weighs settings asks it.
public struct KnownSetting: Equatable, Sendable {
  /// What readers call it.
  public let name: String
  /// The names that sources spell it by, the most telling first; `launch/x` is x of the section `launch` alone, and a
  /// dotted name that of a member within others.
  public let spellings: [String]

  private init(_ name: String, _ spellings: [String]) {
    self.name = name
    self.spellings = spellings
  }

  /// The settings that readers of a report ask for first, in their order.
  public static let key: [KnownSetting] = [
    KnownSetting(
      "Base model", ["base_model_name_or_path", "model_name_or_path", "_name_or_path", "base_model"]),
    KnownSetting("Framework", ["launch/framework"]),
    KnownSetting("DeepSpeed stage", ["launch/deepspeed_stage", "zero_optimization.stage"]),
    KnownSetting("FSDP", ["fsdp"]),
    KnownSetting("Quantization", ["launch/quantization"]),
    KnownSetting("Method", ["launch/method", "peft_type", "finetuning_type"]),
    KnownSetting("Rank", ["r", "lora_rank"]),
    KnownSetting("Alpha", ["lora_alpha"]),
    KnownSetting("Dropout", ["lora_dropout"]),
    KnownSetting("Target modules", ["target_modules", "lora_target"]),
    KnownSetting("Dataset", ["dataset", "datasets"]),
    KnownSetting("Template", ["template"]),
    KnownSetting("Cutoff length", ["cutoff_len", "max_length", "max_seq_length", "seq_length"]),
    KnownSetting("Steps", ["max_steps", "train_iters"]),
    KnownSetting("Epochs", ["num_train_epochs"]),
    KnownSetting("Learning rate", ["learning_rate", "lr", "optimizer.params.lr"]),
    KnownSetting("Scheduler", ["lr_scheduler_type", "lr_decay_style"]),
    KnownSetting("Warm-up ratio", ["warmup_ratio"]),
    KnownSetting("Warm-up steps", ["warmup_steps"]),
    KnownSetting(
      "Batch per device",
      ["per_device_train_batch_size", "micro_batch_size", "train_micro_batch_size_per_gpu", "batch_size"]),
    KnownSetting("Gradient accumulation", ["gradient_accumulation_steps"]),
    KnownSetting("Batch in all", ["total_train_batch_size", "global_batch_size"]),
    KnownSetting("Optimizer", ["optim", "optimizer.type", "optimizer"]),
    KnownSetting("Weight decay", ["weight_decay"]),
    KnownSetting("Clipping", ["max_grad_norm", "clip_grad", "gradient_clipping"]),
    KnownSetting("bf16", ["bf16"]),
    KnownSetting("fp16", ["fp16"]),
    KnownSetting("Seed", ["seed"]),
  ]

  /// The source of what was concluded from the files of the checkpoints.
  private static let launch = "launch"

  /// The first value of the setting in `sections` that says something, by its spellings in their order.
  public func value(in sections: [ConfigurationSection]) -> String? {
    for spelling in spellings {
      let isLaunch = spelling.hasPrefix(Self.launch + "/")
      let name = isLaunch ? String(spelling.dropFirst(Self.launch.count + 1)) : spelling
      for section in sections where !isLaunch || section.source == Self.launch {
        let value = section.settings.last { $0.name == name }?.value
        if let value, !["", "null", "None", "[]", "auto"].contains(value) { return value }
      }
    }
    return nil
  }

  /// The key settings that `sections` have, with their values, in the order of `key`.
  public static func values(in sections: [ConfigurationSection]) -> [(name: String, value: String)] {
    var rows: [(name: String, value: String)] = []
    for setting in key {
      // Where the steps are given, HF Trainer does not look at its argument for epochs.
      if setting.name == "Epochs", rows.contains(where: { $0.name == "Steps" }) { continue }
      guard let value = setting.value(in: sections), setting.name != "Steps" || (Int(value) ?? 0) > 0 else {
        continue
      }
      // HF Trainer's newer versions keep the ratio under both names.
      if setting.name == "Warm-up steps", let steps = Double(value), steps < 1,
        rows.contains(where: { $0.name == "Warm-up ratio" })
      {
        continue
      }
      rows.append((setting.name, value))
    }
    return rows
  }

  // MARK: Weights

  /// How much a setting matters where runs differ in it.
  public enum Weight: Int, Comparable, Sendable {
    /// Where files lie, what the run is called, how often it logs.
    case incidental
    /// Everything else.
    case ordinary
    /// What decides a training: learning rate, seed, batch, data, adapter.
    case decisive

    /// Whether `left` matters less.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// How much the setting that a source calls `name` matters.
  public static func weight(of name: String) -> Weight {
    let last = String(name.split(separator: ".").last ?? Substring(name))
    if decisive.contains(last) { return .decisive }
    return incidental.contains(last) || last.hasSuffix("_dir") || last.hasPrefix("_")
      ? .incidental : .ordinary
  }

  /// Whether the setting differs between any two runs because it names the run.
  public static func namesRun(_ name: String) -> Bool { naming.contains(name) }

  /// Whether the setting says which data a run was evaluated on.
  public static func namesEvaluationData(_ name: String) -> Bool { evaluationData.contains(name) }

  /// Whether the setting says which data a run was trained or evaluated on, or how those were cut and put into words.
  public static func namesData(_ name: String) -> Bool { data.contains(name) }

  /// The settings of which readers of an overview ask first, by their names in HF's arguments and PEFT's configuration.
  public static let first = [
    "learning_rate", "per_device_train_batch_size", "gradient_accumulation_steps", "num_train_epochs",
    "max_steps",
    "lr_scheduler_type", "warmup_ratio", "warmup_steps", "weight_decay", "seed", "r", "lora_alpha",
    "lora_dropout",
    "target_modules", "use_dora", "use_rslora", "bf16", "fp16", "deepspeed",
  ]

  /// Whether `name` is a setting of trainers, by one of its spellings.
  public static func isSpelling(_ name: String) -> Bool {
    decisive.contains(name) || key.contains { $0.spellings.contains(name) }
  }

  private static let decisive: Set<String> = Set(first).union([
    "lr", "batch_size", "data_seed", "optim", "max_grad_norm", "dataset", "dataset_name", "train_file",
    "eval_dataset", "val_size", "cutoff_len", "max_length", "max_seq_length", "packing", "peft_type",
    "base_model_name_or_path", "_name_or_path", "rank_pattern", "alpha_pattern", "modules_to_save", "beta",
    "loss_type", "fsdp", "label_smoothing_factor", "neftune_noise_alpha",
  ])

  private static let incidental: Set<String> = [
    "run_name", "local_rank", "hub_token", "hub_model_id", "report_to", "logging_strategy",
    "logging_first_step",
    "overwrite_output_dir", "save_total_limit", "save_strategy", "disable_tqdm", "push_to_hub", "log_level",
    "ddp_timeout", "dataloader_num_workers", "resume_from_checkpoint", "transformers_version", "project",
    "trackio_space_id",
  ]

  private static let naming: Set<String> = [
    "output_dir", "logging_dir", "run_name", "hub_model_id", "resume_from_checkpoint", "_name_or_path",
    "inference_mode", "local_rank",
  ]

  private static let evaluationData: Set<String> = [
    "eval_dataset", "eval_dataset_name", "eval_dataset_size", "val_size", "validation_file", "eval_file",
    "test_file",
    "eval_subset", "eval_split", "validation_split_percentage", "max_eval_samples",
  ]

  private static let data: Set<String> = evaluationData.union([
    "dataset", "datasets", "dataset_name", "dataset_config_name", "dataset_text_field", "dataset_split",
    "train_file", "train_split", "data_path", "template", "cutoff_len", "max_length", "max_seq_length",
    "seq_length", "max_samples", "max_train_samples", "packing", "train_on_prompt", "mask_history",
  ])
}
