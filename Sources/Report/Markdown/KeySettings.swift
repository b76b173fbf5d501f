internal import RunFolder

/// The few settings that readers of a report ask for first.
struct KeySettings {
  /// The settings in a fixed order: names that readers know, each with the names that sources spell it by.
  private static let wanted: [(name: String, spellings: [String])] = [
    ("Base model", ["base_model_name_or_path", "model_name_or_path", "_name_or_path"]),
    ("Method", ["peft_type", "finetuning_type"]),
    ("Rank", ["r", "lora_rank"]),
    ("Alpha", ["lora_alpha"]),
    ("Dropout", ["lora_dropout"]),
    ("Target modules", ["target_modules", "lora_target"]),
    ("Learning rate", ["learning_rate"]),
    ("Scheduler", ["lr_scheduler_type"]),
    ("Warm-up ratio", ["warmup_ratio"]),
    ("Warm-up steps", ["warmup_steps"]),
    ("Batch per device", ["per_device_train_batch_size"]),
    ("Gradient accumulation", ["gradient_accumulation_steps"]),
    ("Optimizer", ["optim"]),
    ("Weight decay", ["weight_decay"]),
    ("Clipping", ["max_grad_norm"]),
    ("bf16", ["bf16"]),
    ("fp16", ["fp16"]),
    ("Seed", ["seed"]),
  ]

  private let rows: [(name: String, value: String)]

  /// The key settings of `sections`, the first spelling that any of them has.
  init(_ sections: [ConfigurationSection]) {
    rows = Self.wanted.compactMap { name, spellings in
      for spelling in spellings {
        for section in sections {
          let value = section.settings.last { $0.name == spelling }?.value
          if let value, !value.isEmpty, value != "null", value != "None" { return (name, value) }
        }
      }
      return nil
    }
  }

  /// A table, or nothing.
  var text: String {
    guard !rows.isEmpty else { return "" }
    var table = MarkdownTable(["Setting", "Value"], sides: [.left, .left])
    for row in rows {
      table.add([row.name, MarkdownText.code(ForeignText.shortened(row.value, to: 160), inTable: true)])
    }
    return table.text + "\n"
  }
}
