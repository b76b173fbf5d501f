import FileSystem
import JSON
import TestSupport
import Testing

/// What `gate` finds by itself: the configuration, golden files by their tags, the runs of a golden file.
@Suite struct GateLookupTests {
  let folder: TemporaryFolder
  let command: Command
  let good = Fixture.sampleRun("sft")
  let worse = Fixture.sampleRun("sft_lr1e-4")

  init() throws {
    folder = try TemporaryFolder()
    command = Command(folder: folder.path)
  }

  /// The command in a folder below.
  private func command(in name: String) throws -> Command {
    try Files.makeDirectory(folder.file(name))
    return Command(folder: folder.file(name))
  }

  @Test func `the nearest configuration counts, and its paths are seen from its folder`() throws {
    try folder.write("ftreport.yml", "version: 1\ngates: [{id: outer, metric: loss, max: 0.001}]\n")
    let within = try command(in: "a/b")
    let outer = try within("gate", good)
    #expect(outer.status == 1)
    #expect(outer.output.contains("outer") && outer.output.contains("../../ftreport.yml"))
    #expect(try command("calibrate", good, "-o", "a/golden/sft.json").status == 0)
    try folder.write(
      "a/ftreport.yml",
      "version: 1\nbaseline: golden/sft.json\ngates: [{id: inner, metric: loss, max_increase: 1%}]\n")
    let inner = try within("gate", good)
    #expect(inner.status == 0, "\(inner)")
    #expect(inner.output.contains("inner"))
    #expect(try within("gate", good, "--config", "../../ftreport.yml").status == 1)
  }

  @Test func `a baseline may be the tag of a golden file`() throws {
    #expect(try command("calibrate", good, "-o", "golden/sft-v1.json").status == 0)
    #expect(try command("calibrate", worse, "-o", "golden/sft-v2.json").status == 0)
    try folder.write("golden/trainer_state.json", "{}")
    let gates = "gates: [{id: a, metric: eval/loss, stat: best, max_increase: 1%}]\n"
    try folder.write("ftreport.yml", "version: 1\ngoldens: golden\nbaseline: sft-v1\n\(gates)")
    #expect(try command("gate", good).status == 0)
    #expect(try command("gate", worse).status == 1)
    #expect(try command("gate", worse, "--baseline", "sft-v2").status == 0)
    let below = try command(in: "below")
    #expect(try below("gate", worse, "--baseline", "sft-v2").status == 0)
    let slip = try command("gate", good, "--baseline", "sft_v2")
    #expect(slip.status == 3)
    #expect(
      slip.errors
        == "--baseline: sft_v2: no run, and no golden file of that tag in golden; did you mean 'sft-v2'?\n")
    let unknown = try command("gate", good, "--baseline", "nightly")
    #expect(unknown.errors.hasSuffix("in golden; there are sft-v1, sft-v2\n"), "\(unknown.errors)")
    let path = try command("gate", good, "--baseline", "../sft-v1")
    #expect(path.errors == "--baseline: ../sft-v1: no such file or folder\n")
  }

  @Test func `a golden file leads to its runs from where it lies`() throws {
    for name in ["adapter_model.safetensors", "adapter_config.json", "trainer_log.jsonl"] {
      let source = name == "trainer_log.jsonl" ? good : Path.join(good, "checkpoint-1000")
      let bytes = try Files.read(Path.join(source, name))
      try Files.makeDirectory(folder.file("team/saves/sft"))
      try Files.write(bytes, to: folder.file("team/saves/sft/\(name)"))
    }
    #expect(try command("calibrate", "team/saves/sft", "-o", "team/golden/sft.json").status == 0)
    let golden = try JSONValue(parsing: try Files.read(folder.file("team/golden/sft.json")))
    #expect(golden["runs"]?.array?[0]["path"]?.string == "../saves/sft")
    #expect(golden["data"]?.string?.hasPrefix("sha256:") ?? true)
    try folder.write(
      "w.yml", "version: 1\ngates: [{id: w, weights: \"*.q_proj\", stat: relative_change, max: 1e-9}]\n")
    let here = try command(
      "gate", "team/saves/sft", "--config", "w.yml", "--baseline", "team/golden/sft.json")
    #expect(here.status == 0, "\(here)")
    let within = try command(in: "team/golden")
    let there = try within("gate", "../saves/sft", "--config", "../../w.yml", "--baseline", "sft.json")
    #expect(there.status == 0, "\(there)")
  }

  @Test func `the settings that differ stand beside a failure`() throws {
    #expect(try command("calibrate", good, "-o", "sft.json").status == 0)
    try folder.write(
      "c.yml", "version: 1\ngates: [{id: a, metric: eval/loss, stat: best, max_increase: 1%}]\n")
    for baseline in [good, "sft.json"] {
      let outcome = try command("gate", worse, "--baseline", baseline, "--config", "c.yml")
      #expect(outcome.output.contains("Trained with other settings than the baseline:"), "\(outcome.output)")
      #expect(outcome.output.contains("learning_rate: 0.005 → 0.0001"), "\(outcome.output)")
    }
    let same = try command("gate", good, "--baseline", good, "--config", "c.yml")
    #expect(!same.output.contains("Trained"))
  }

  @Test func `init names a baseline as its file sees it, and a tag as it is`() throws {
    #expect(try command("calibrate", good, "-o", "golden/sft.json").status == 0)
    #expect(try command("init", good, "--baseline", "golden/sft.json", "-o", "ci/ftreport.yml").status == 0)
    let text = String(decoding: try Files.read(folder.file("ci/ftreport.yml")), as: UTF8.self)
    #expect(text.contains("\nbaseline: \"../golden/sft.json\"\n"))
    #expect(try command("gate", good, "--config", "ci/ftreport.yml").status == 0)
    #expect(try command("init", good, "--baseline", "sft-v3", "-o", "ci/tag.yml").status == 0)
    let tagged = String(decoding: try Files.read(folder.file("ci/tag.yml")), as: UTF8.self)
    #expect(tagged.contains("\nbaseline: sft-v3\n"))
  }

  @Test func `init writes the schema that editors check its file by`() throws {
    let made = try command("init", good, "-o", "ci/ftreport.yml", "--schema", "ci/ftreport.schema.json")
    #expect(made.status == 0, "\(made)")
    let text = String(decoding: try Files.read(folder.file("ci/ftreport.yml")), as: UTF8.self)
    #expect(text.hasPrefix("# yaml-language-server: $schema=ftreport.schema.json\n"))
    let schema = try Files.read(folder.file("ci/ftreport.schema.json"))
    #expect(schema == (try Files.read("\(Fixture.package)/docs/schema/ftreport.configuration.json")))
    #expect(try command("gate", good, "--config", "ci/ftreport.yml").status == 0)
  }

  @Test func `SARIF has a result at the line of each gate that did not pass`() throws {
    try folder.write(
      "ci/gates of a.yml",
      """
      version: 1
      gates:
        - {id: eval, metric: eval/loss, stat: best, max_increase: 1%}
        - {id: gone, metric: no/such, max: 1, missing: warn}
        - {id: finite, finding: non_finite, max: 0}
      """)
    let outcome = try command(
      "gate", worse, "--baseline", good, "--config", "ci/gates of a.yml", "--sarif", "gate.sarif")
    #expect(outcome.status == 1)
    let run = try #require(
      try JSONValue(parsing: try Files.read(folder.file("gate.sarif")))["runs"]?.array?.first)
    let rules = run["tool"]?["driver"]?["rules"]?.array ?? []
    #expect(rules.compactMap { $0["id"]?.string } == ["eval", "gone", "finite"])
    let results = run["results"]?.array ?? []
    #expect(results.compactMap { $0["ruleId"]?.string } == ["eval", "gone"])
    #expect(results.compactMap { $0["level"]?.string } == ["error", "warning"])
    let place = results.first?["locations"]?.array?.first?["physicalLocation"]
    #expect(place?["artifactLocation"]?["uri"]?.string == "ci/gates%20of%20a.yml")
    #expect(place?["region"]?["startLine"]?.int64 == 3)
    #expect(run["invocations"]?.array?.first?["exitCode"]?.int64 == 1)
    let printed = try command(
      "gate", worse, "--baseline", good, "--config", "ci/gates of a.yml", "--format", "sarif")
    #expect(
      printed.output == String(decoding: try Files.read(folder.file("gate.sarif")), as: UTF8.self))
  }
}
