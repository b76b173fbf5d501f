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

struct TrainerArgumentsTests {
  @Test func `the arguments of a trainer are read as plain values`() throws {
    let arguments = try TrainerArguments(path: torch("trainer/training_args.bin"))
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
      try TrainerArguments(path: torch("trainer/optimizer.pt"))
    }
  }

  @Test(.enabled(if: lab != nil, "no ../shared/data/lab beside the package"))
  func `DeepSpeed's configuration comes with them`() throws {
    let path = Path.join(try #require(lab), "ds_z2_lora_sft/training_args.bin")
    let arguments = try TrainerArguments(path: path)
    #expect(arguments.className == "llamafactory.hparams.training_args.TrainingArguments")
    #expect(arguments.deepSpeed?["zero_optimization"]?["stage"]?.int64 == 2)
    #expect(arguments["optim"]?.string == "adamw_torch_fused")
  }
}
