import Checkpoint
import EventFile
import FileSystem
import RunFolder
import TestSupport
import Testing

/// Adapters without `adapter_config.json`, whose settings stand elsewhere in the output folder.
///
/// The adapter is one that PEFT saved (rank 3 throughout); the files of settings are composed for the tests.
struct AdapterSettingsTests {
  private let folder: TemporaryFolder
  private static let peft = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/peft/linear/before")

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "out/trainer_state.json",
      #"{"global_step": 20, "log_history": [{"step": 10, "loss": 2}, {"step": 20, "loss": 1}]}"#)
    for step in [10, 20] { try addSave("out/checkpoint-\(step)") }
  }

  private func addSave(_ place: String) throws {
    try folder.write(
      place + "/adapter_model.safetensors", try Files.read(Path.join(Self.peft, "adapter_model.safetensors")))
  }

  private func configuration() throws -> AdapterConfiguration {
    let run = try #require(try OpenedFolder(opening: folder.file("out")).runs.first)
    let checkpoint = try Checkpoint(opening: folder.file("out/checkpoint-20"))
    return try #require(AdapterSettings.configuration(of: checkpoint, in: run))
  }

  @Test func `without any settings the rank is known and α is not`() throws {
    let found = try configuration()
    #expect(found.rank == 3 && found.alpha == nil && found.source == nil && found.remarks == [])
  }

  @Test func `the page's arguments of LLaMA-Factory give rank, α and the kind of scaling`() throws {
    try folder.write(
      "out/training_args.yaml",
      """
      finetuning_type: lora
      lora_alpha: 12
      lora_rank: 3
      lora_target: q_proj,v_proj
      use_rslora: true
      """)
    let found = try configuration()
    #expect(found.alpha == 12 && found.rank == 3 && found.usesRankStabilisedScaling)
    #expect(found.targetModules == ["q_proj", "v_proj"])
    #expect(found.source == "training_args.yaml of the output folder")
    #expect(found.remarks == [])
  }

  @Test func `LLaMA-Factory takes twice the rank where no α is given`() throws {
    try folder.write("out/training_args.yaml", "finetuning_type: lora\nlora_rank: 3\n")
    #expect(try configuration().alpha == 6)
    try folder.write("out/training_args.yaml", "finetuning_type: lora\nlora_rank: 3\nlora_alpha: null\n")
    #expect(try configuration().alpha == 6)
    try folder.write("out/training_args.yaml", "finetuning_type: full\nlora_rank: 3\n")
    #expect(try configuration().alpha == nil)
  }

  @Test func `settings of another rank are named and not used`() throws {
    try folder.write("out/training_args.yaml", "finetuning_type: lora\nlora_rank: 16\nlora_alpha: 32\n")
    let found = try configuration()
    #expect(found.alpha == nil && found.rank == 3)
    #expect(found.remarks.count == 1)
    #expect(
      found.remarks.first?.contains("the rank 16, its tensors have 3: it is of another training") == true)
    // What fits is used all the same, with the warning beside it.
    try folder.write("out/args.json", #"{"tuner_type": "lora", "lora_rank": 3, "lora_alpha": 9}"#)
    let other = try configuration()
    #expect(other.alpha == 9 && other.source == "args.json of the output folder")
    #expect(other.remarks == found.remarks)
  }

  @Test func `the more trusted of two sources counts, and the other is told`() throws {
    try folder.write("out/args.json", #"{"lora_rank": 3, "lora_alpha": 9}"#)
    try folder.write("out/llamaboard_config.yaml", "train.lora_rank: 3\ntrain.lora_alpha: 24\n")
    let found = try configuration()
    #expect(found.alpha == 9)
    #expect(
      found.remarks.last
        == "llamaboard_config.yaml of the output folder says α 24, against args.json of the output folder: it is not used"
    )
  }

  @Test func `another save's own configuration is trusted most`() throws {
    try folder.write(
      "out/checkpoint-10/adapter_config.json", try Files.read(Path.join(Self.peft, "adapter_config.json")))
    try folder.write("out/args.json", #"{"lora_rank": 3, "lora_alpha": 9}"#)
    let found = try configuration()
    #expect(found.alpha == 8 && found.source == "checkpoint-10/adapter_config.json")
  }

  @Test(arguments: [
    (#"{"output_dir": "out", "lora_r": 3, "lora_alpha": 5, "use_dora": true}"#, "args/text_summary"),
    (#"{"peft_config": {"default": {"r": 3, "lora_alpha": 5, "use_dora": true}}}"#, "config/text_summary"),
  ])
  func `an event file's text gives them where it holds them`(_ text: String, _ tag: String) throws {
    var writer = EventWriter.begun(wallTime: 1e9)
    let tensor = WireMessage().varint(1, 7).text(8, text)
    writer.add(EventWriter.event(0, 1e9, [EventWriter.value(tag, tensor: tensor, plugin: "text")]))
    for step in 1...20 { writer.scalar("train/loss", Int64(step), 2, wallTime: 1e9 + Double(step)) }
    try folder.write("out/runs/Jan08_02-43-26_host/events.out.tfevents.1.host.1.0", writer.bytes)
    let found = try configuration()
    #expect(found.alpha == 5 && found.rank == 3 && found.usesWeightDecomposition)
    #expect(found.source == "\(tag) in the event file")
  }

  @Test func `what is no adapter has no configuration`() throws {
    let run = try #require(try OpenedFolder(opening: folder.file("out")).runs.first)
    let zero = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch/zero3")
    #expect(AdapterSettings.configuration(of: try Checkpoint(opening: zero), in: run) == nil)
  }
}
