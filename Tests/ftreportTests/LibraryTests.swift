import Checkpoint
import Experiment
import FileSystem
import JSON
import RunFolder
import TestSupport
import Testing
import Weights

/// The library against the command: whatever one gives, the other does too.
struct LibraryTests {
  /// Pairs of adapters, with and without an `adapter_config.json`.
  private static let adapters: [(String, String)] =
    ["sft", "sft_lr1e-4", "sft_diverged", "sft_resumed"].flatMap { name -> [(String, String)] in
      let run = Fixture.sampleRun(name)
      let saves = ((try? Files.names(in: run)) ?? []).filter { $0.hasPrefix("checkpoint-") }
      return saves.count < 2 ? [] : [(Path.join(run, saves[0]), Path.join(run, saves[1]))]
    }
    + ["linear"].map { name in
      let folder = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/peft/\(name)")
      return (Path.join(folder, "before"), Path.join(folder, "after"))
    }

  /// What the library finds for each module against what the command prints.
  private func expectSame(_ before: String, _ after: String) throws {
    let comparison = try CheckpointComparison(Checkpoint(opening: before), Checkpoint(opening: after))
    let analysis = try CheckpointAnalysis(comparing: before, with: after)
    let outcome = try Command(folder: "/")("compare", "--format", "json", before, after)
    let json = try JSONValue(parsing: outcome.output)
    let modules = json["modules"]?.array ?? []
    #expect(!modules.isEmpty)
    #expect(json["total"]?["difference_norm"]?.double == analysis.comparison.total.differenceNorm)
    // One training's saves come in the order of their steps in the command, as in the room above.
    #expect(analysis.comparison.modules.count == modules.count)
    for (module, printed) in zip(analysis.comparison.modules, modules) {
      #expect(printed["module"]?.string == module.name.name)
      #expect(printed["difference_norm"]?.double == module.differenceNorm)
    }
    // The same sum; in the other order of the two it is rounded otherwise.
    let (left, right) = (comparison.total.differenceNorm, analysis.comparison.total.differenceNorm)
    #expect(abs(left - right) <= 1e-14 * right)
    #expect(
      comparison.total.norm.before == analysis.comparison.total.norm.before
        || comparison.total.norm.before == analysis.comparison.total.norm.after)
  }

  @Test func `adapters of every sample come out the same`() throws {
    try #require(Self.adapters.count >= 4)
    for (before, after) in Self.adapters { try expectSame(before, after) }
  }

  @Test func `an adapter without its configuration is scaled by the settings of its run, in both`() throws {
    let folder = try TemporaryFolder()
    for step in [500, 1000] {
      let name = "checkpoint-\(step)/adapter_model.safetensors"
      try folder.write("out/" + name, Files.read(Fixture.sampleRun("sft/" + name)))
    }
    try folder.write("out/trainer_state.json", Files.read(Fixture.sampleRun("sft/trainer_state.json")))
    let (before, after) = (folder.file("out/checkpoint-500"), folder.file("out/checkpoint-1000"))
    let bare = try CheckpointComparison(Checkpoint(opening: before), Checkpoint(opening: after))
    try folder.write("out/training_args.yaml", "finetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\n")
    let scaled = try CheckpointComparison(Checkpoint(opening: before), Checkpoint(opening: after))
    #expect(abs(scaled.total.norm.after - 2 * bare.total.norm.after) < 1e-9 * scaled.total.norm.after)
    try expectSame(before, after)
  }

  @Test func `a folder that no trainer wrote into is not searched for settings`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "a.safetensors", Files.read(Fixture.sampleRun("sft/checkpoint-500/adapter_model.safetensors")))
    // A training below, which has nothing to do with the file above.
    try folder.write("other/training_args.yaml", "finetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\n")
    try folder.write("other/trainer_state.json", Files.read(Fixture.sampleRun("sft/trainer_state.json")))
    #expect(try AdapterSettings.find(for: Checkpoint(opening: path))?.alpha == nil)
  }
}
