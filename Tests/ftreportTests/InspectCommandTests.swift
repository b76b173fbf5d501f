import FileSystem
import JSON
import TestSupport
import Testing

struct InspectCommandTests {
  private let ftreport: Command
  private let folder: TemporaryFolder
  private static func fixture(_ name: String) -> String {
    Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch/" + name)
  }

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  @Test(arguments: ["everything.pt", "stream.pt", "zero2", "zero3", "dcp", "megatron", "fsdp_ranks", "hf"])
  func `Every format of torch's is listed`(_ name: String) throws {
    let outcome = try ftreport("inspect", "--format", "json", Self.fixture(name))
    #expect(outcome.status == 0)
    let json = try JSONValue(parsing: outcome.output)
    #expect(json["tensors"]?.array?.isEmpty == false)
    #expect(json["globals"]?.array?.isEmpty == false)
  }

  @Test func `A file that would run code is listed with a warning, and runs none`() throws {
    let outcome = try ftreport("inspect", Self.fixture("evil.pt"))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Warning: the pickle names posix.system"))
    let values = try ftreport("inspect", "--values", Self.fixture("evil.pt"))
    #expect(values.output.contains("posix.system  "))
  }

  @Test func `A file without tensors shows its values`() throws {
    let outcome = try ftreport("inspect", Self.fixture("trainer/training_args.bin"))
    #expect(outcome.output.contains("· learning_rate"))
  }

  @Test func `An adapter without a configuration takes its α from the option`() throws {
    let name = "before/adapter_model.safetensors"
    let source = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/peft/linear/" + name)
    let path = try folder.write("adapter_model.safetensors", try Files.read(source))
    let unknown = try ftreport("inspect", path)
    #expect(unknown.status == 0)
    #expect(unknown.output.contains("Adapter: LORA, rank 3, α unknown"))
    #expect(
      try ftreport("inspect", "--alpha", "6", path).output.contains(
        "LORA, rank 3, α 6, scaling 2.\n"))
    let json = try JSONValue(
      parsing: try ftreport("inspect", "--alpha", "6", "--format", "json", path).output)
    #expect(json["adapter"]?["alpha"]?.double == 6)
    // What the adapter says of itself counts more than the option.
    let told = try ftreport("inspect", "--alpha", "6", Path.parent(of: source))
    #expect(told.output.contains("Adapter: LORA, rank 3, α 8"))
  }

  @Test func `An adapter without a configuration takes its α from the settings of its run`() throws {
    // A save as PEFT made it, and arguments composed in the manner of LLaMA-Factory's web page.
    let source = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/peft/linear/")
    for (step, side) in [(10, "before"), (20, "after")] {
      try folder.write(
        "out/checkpoint-\(step)/adapter_model.safetensors",
        try Files.read(Path.join(source, side + "/adapter_model.safetensors")))
    }
    try folder.write("out/training_args.yaml", "finetuning_type: lora\nlora_rank: 3\nlora_alpha: 6\n")
    try folder.write("out/trainer_state.json", #"{"log_history": [{"step": 10, "loss": 2}]}"#)
    let place = "training_args.yaml of the output folder"
    let listing = try ftreport("inspect", "out/checkpoint-10").output
    #expect(listing.contains("Adapter: LORA, rank 3, α 6, scaling 2, from \(place).\n"))
    let page = try ftreport("compare", "--format", "md", "out/checkpoint-10", "out/checkpoint-20").output
    #expect(page.contains("LORA, r 3, α 6 (\(place))"))
    #expect(page.contains("its settings are from") && !page.contains("the scaling is not known"))
    let report = try ftreport("--format", "md", "out").output
    #expect(report.contains("its settings are from") && !report.contains("the scaling is not known"))
    // What somebody gives counts more than what is found.
    #expect(
      try ftreport("inspect", "--alpha", "3", "out/checkpoint-10").output.contains(
        "α 3, scaling 1."))
    // Settings of another rank are named, and not used.
    try folder.write("out/training_args.yaml", "finetuning_type: lora\nlora_rank: 4\nlora_alpha: 6\n")
    let other = try ftreport("inspect", "out/checkpoint-10").output
    #expect(other.contains("rank 3, α unknown") && other.contains("it is of another training"))
  }

  @Test func `What is no adapter has no α`() throws {
    #expect(try !ftreport("inspect", "--alpha", "6", Self.fixture("zero3")).output.contains("Adapter:"))
  }

  @Test func `The optimizer's state is told`() throws {
    let outcome = try ftreport("inspect", "--optimizer", Self.fixture("zero3"))
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("optimizer state of 4 parameters, step 12"))
    #expect(try ftreport("inspect", "--optimizer", Self.fixture("dcp")).status == 3)
    #expect(try ftreport("inspect", "--optimizer", "--values", Self.fixture("dcp")).status == 2)
  }

  @Test func `A listing can be had in every format`() throws {
    let path = Self.fixture("everything.pt")
    let html = try ftreport("inspect", "--format", "html", path)
    #expect(html.output.hasPrefix("<!doctype html>") && html.output.contains("<h2>Tensors</h2>"))
    let bundle = try JSONValue(parsing: try ftreport("inspect", "--format", "mimebundle", path).output)
    #expect(bundle["text/markdown"]?.string == (try ftreport("inspect", "--format", "md", path).output))
    #expect(try ftreport("inspect", "--format", "html", path, path).status == 2)
  }

  @Test func `the scaling of an adapter is told from wherever it stands`() throws {
    let folder = try TemporaryFolder()
    let a: [Float] = [1, 2, 3], b: [Float] = [2, 0]
    try folder.write(
      "mlx/adapters.safetensors",
      SafetensorsBytes.file([.init("m.0.q.lora_a", [3, 1], a), .init("m.0.q.lora_b", [1, 2], b)]))
    try folder.write(
      "mlx/adapter_config.json", #"{"fine_tune_type":"lora","lora_parameters":{"rank":1,"scale":20.0}}"#)
    try folder.write(
      "kohya/lora.safetensors",
      SafetensorsBytes.file([
        .init("lora_unet_0_q.lora_down.weight", [1, 3], a), .init("lora_unet_0_q.lora_up.weight", [2, 1], b),
        .init("lora_unet_0_q.alpha", [], [0.5]),
      ]))
    let command = Command(folder: folder.path)
    #expect(try command("inspect", "mlx").output.contains("Adapter: LORA, rank 1, scaling 20."))
    #expect(try command("inspect", "kohya").output.contains("Adapter: LORA, rank 1, scaling 0.5."))
  }

  @Test func `weights in codes count as what they stand for`() throws {
    let folder = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/quantised/nf4")
    let command = Command(folder: folder)
    let text = try command("inspect", ".").output
    #expect(text.contains("3,840 parameters"))
    #expect(text.contains("1 weight (3,840 parameters) stands as codes in bitsandbytes NF4"))
    let json = try JSONValue(parsing: command("inspect", "--format", "json", ".").output)
    #expect(json["totals"]?["parameters"]?.int64 == 3840)
    #expect(json["quantized"]?.array?.first?["scheme"]?.string == "nf4")
    #expect(try JSONSchema.faults(inText: json.text) == [])
  }
}
