import RunFolder
import Testing

@testable import Report

struct KeySettingsTests {
  /// The rows of the table, the padding of its cells taken away.
  private func rows(_ sections: [(source: String, settings: [(name: String, value: String)])]) -> [String] {
    let table = KeySettings(
      sections.map { section in
        ConfigurationSection(
          source: section.source, settings: section.settings.map { Setting(name: $0.name, value: $0.value) })
      }
    ).table
    return MarkdownWriter.text([.table(table)]).split(separator: "\n").dropFirst(2).map {
      $0.split(separator: " ").joined(separator: " ")
    }
  }

  @Test func `how the training was launched stands first`() {
    let launch = [
      ("framework", "DeepSpeed ZeRO-2 over 8 processes"), ("deepspeed_stage", "2"),
      ("quantization", "4-bit nf4 (bitsandbytes, nested)"),
      ("method", "QLoRA: an adapter on a quantised base model"),
    ]
    let rows = rows([
      ("args/text_summary", [("learning_rate", "0.0001"), ("fsdp", "[]")]),
      ("adapter_config.json", [("peft_type", "LORA"), ("r", "8")]),
      ("ds_config", [("zero_optimization.stage", "2")]), ("launch", launch),
    ])
    #expect(
      rows == [
        "| Framework | `DeepSpeed ZeRO-2 over 8 processes` |", "| DeepSpeed stage | `2` |",
        "| Quantization | `4-bit nf4 (bitsandbytes, nested)` |",
        "| Method | `QLoRA: an adapter on a quantised base model` |", "| Rank | `8` |",
        "| Learning rate | `0.0001` |",
      ])
  }

  @Test func `the stage comes from the configuration where no checkpoint tells`() {
    let settings = [("zero_optimization.stage", "3"), ("optimizer.params.lr", "auto")]
    #expect(rows([("ds_config", settings)]) == ["| DeepSpeed stage | `3` |"])
  }

  @Test func `what another source calls framework or method is not taken for the launch`() {
    let settings = [("framework", "pt"), ("method", "x"), ("quantization", "y")]
    #expect(rows([("model_config", settings)]) == [])
  }

  @Test func `where steps are given, epochs are not shown`() {
    let both = [("max_steps", "1000"), ("num_train_epochs", "3.0")]
    #expect(rows([("args/text_summary", both)]) == ["| Steps | `1000` |"])
    let epochs = [
      ("max_steps", "-1"), ("num_train_epochs", "3.0"), ("template", "qwen3"), ("cutoff_len", "2048"),
    ]
    #expect(
      rows([("training_args.yaml", epochs)]) == [
        "| Template | `qwen3` |", "| Cutoff length | `2048` |", "| Epochs | `3.0` |",
      ])
  }

  @Test func `the FSDP strategy is shown where the arguments name one`() {
    let settings = [("fsdp", "full_shard auto_wrap")]
    #expect(rows([("args/text_summary", settings)]) == ["| FSDP | `full_shard auto_wrap` |"])
  }
}
