import FileSystem
import JSON
import TestSupport
import Testing

@Suite struct GateCommandTests {
  let folder: TemporaryFolder
  let command: Command
  let good = Fixture.sampleRun("sft")
  let worse = Fixture.sampleRun("sft_lr1e-4")

  init() throws {
    folder = try TemporaryFolder()
    command = Command(folder: folder.path)
  }

  private func initialise() throws {
    #expect(try command("init", good).status == 0)
  }

  @Test func `init writes gates that the run itself passes and proves`() throws {
    let made = try command("init", good)
    #expect(made.status == 0)
    #expect(made.output.isEmpty)
    #expect(made.errors.hasPrefix("ftreport.yml: written; try it with: ftreport gate "))
    let again = try command("init", good)
    #expect(again.status == 2)
    #expect(again.errors.contains("stands there already"))
    #expect(try command("init", good, "--force").status == 0)
    let passed = try command("gate", good)
    #expect(passed.status == 0)
    #expect(passed.output.hasPrefix("PASS  all 6 gates passed\n"))
    let proof = try command("gate", good, "--self-test")
    #expect(proof.output.hasPrefix("PROVEN"), "\(proof.output)")
    #expect(proof.status == 0)
    #expect(proof.output.contains("ok  objective, a regression of +"))
  }

  @Test func `init refuses a run that no gate could look at`() throws {
    try folder.write(
      "bare/trainer_state.json",
      #"{"global_step": 2, "max_steps": 2, "log_history": [{"epoch": 0.5, "step": 1}, {"epoch": 1.0, "step": 2}]}"#
    )
    let refused = try command("init", "bare")
    #expect(refused.status == 3, "\(refused)")
    #expect(refused.errors.contains("bare: has no loss and no other metric"))
    #expect(Files.kind(of: folder.file("ftreport.yml")) == nil)
  }

  @Test func `a worse run fails, with every format beside the verdict`() throws {
    try initialise()
    let outcome = try command(
      "gate", worse, "--junit", "out/gate.xml", "--openmetrics", "out/metrics.txt", "--markdown",
      "out/gate.md",
      "--json", "out/gate.json")
    #expect(outcome.status == 1)
    #expect(outcome.output.hasPrefix("FAIL  2 of 6 gates failed\n"))
    #expect(outcome.output.contains("Repeat it with:\n\n  ftreport gate "))
    let json = try JSONValue(parsing: try Files.read(folder.file("out/gate.json")))
    #expect(json["exit_code"]?.int64 == 1)
    #expect(String(decoding: try Files.read(folder.file("out/gate.md")), as: UTF8.self).hasPrefix("## ❌"))
    #expect(
      String(decoding: try Files.read(folder.file("out/metrics.txt")), as: UTF8.self).hasSuffix("# EOF\n"))
    #expect(String(decoding: try Files.read(folder.file("out/gate.xml")), as: UTF8.self).hasPrefix("<?xml"))
    #expect(try command("gate", good, "--quiet") == Outcome(status: 0, output: "", errors: ""))
  }

  @Test func `a diverged run fails and an unfinished one has no data`() throws {
    try initialise()
    let diverged = try command("gate", Fixture.sampleRun("sft_diverged"))
    #expect(diverged.status == 1)
    #expect(diverged.output.contains("the loss is 0 in place of NaN from step 20"))
    #expect(try command("gate", Fixture.sampleRun("sft_resumed")).status == 0)
    try folder.write("c.yml", "version: 1\ngates: [{id: a, metric: no/such, max: 1}]\n")
    let missing = try command("gate", good, "--config", "c.yml")
    #expect(missing.status == 3)
    #expect(missing.output.hasPrefix("MISSING"))
  }

  @Test func `GitHub gets a summary and annotations on the gates' lines`() throws {
    try initialise()
    try folder.write("summary.md", "before\n")
    var github = command
    github.environment = [
      "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": folder.file("summary.md"),
      "GITHUB_WORKSPACE": folder.path,
    ]
    let outcome = try github("gate", worse, "--config", folder.file("ftreport.yml"))
    #expect(outcome.status == 1)
    let lines = outcome.output.split(separator: "\n").filter { $0.hasPrefix("::") }
    #expect(lines.count == 2)
    #expect(
      lines[0].hasPrefix(
        "::error file=ftreport.yml,line=28,title=gate objective failed::eval/loss, best: expected "))
    let configuration = String(decoding: try Files.read(folder.file("ftreport.yml")), as: UTF8.self)
    let line = configuration.split(separator: "\n", omittingEmptySubsequences: false)[27]
    #expect(line.contains("id: objective"))
    let summary = String(decoding: try Files.read(folder.file("summary.md")), as: UTF8.self)
    #expect(summary.hasPrefix("before\n## ❌ ftreport gate: 2 of 6 gates failed\n"))
    let json = try github("gate", worse, "--format", "json")
    #expect((try JSONValue(parsing: json.output))["verdict"]?.string == "fail")
    #expect(json.errors.contains("::error file=ftreport.yml"))
  }

  @Test func `a golden file takes the place of the runs`() throws {
    let made = try command("calibrate", good, Fixture.sampleRun("sft_resumed"), "-o", "golden/sft.json")
    #expect(made.status == 0)
    #expect(made.errors.hasPrefix("golden/sft.json: "))
    #expect(try command("init", good, "--baseline", "golden/sft.json").status == 0)
    #expect(try command("gate", good).status == 0)
    #expect(try command("gate", worse).status == 1)
    try folder.write("seed.yml", "version: 1\ngates: [{id: a, metric: loss, max_increase: seed}]\n")
    #expect(try command("gate", worse, "--config", "seed.yml", "--baseline", "golden/sft.json").status == 1)
    #expect(try command("gate", good, "--config", "seed.yml", "--baseline", "golden/sft.json").status == 0)
    let alone = try command("gate", good, "--config", "seed.yml", "--baseline", good)
    #expect(alone.status == 3)
    #expect(alone.output.contains("the margin seed wants two baselines or more"))
    #expect(
      try command("calibrate", good, Fixture.sampleRun("sft_resumed"), "-o", "golden/again.json").status == 0)
    #expect(try Files.read(folder.file("golden/again.json")) == Files.read(folder.file("golden/sft.json")))
    // A golden file is known by what it says, whatever its name.
    #expect(try command("calibrate", good, "-o", "golden/sft").status == 0)
    #expect(try command("gate", good, "--baseline", "golden/sft").status == 0)
    let bad = try command("calibrate", Fixture.sampleRun("sft_diverged"))
    #expect(bad.status == 3)
    #expect(bad.errors.contains("is no good run: filtered_nan from step 20"))
  }

  @Test func `weights are compared where a gate asks for them`() throws {
    try folder.write(
      "w.yml",
      """
      version: 1
      gates:
        - {id: any, weights: "*.q_proj", stat: relative_change, max: 0.5}
        - {id: same, weights: "*", stat: cosine, min: -1}
        - {id: none, weights: "*.lm_tail", max: 1, missing: warn}
      """)
    let same = try command("gate", good, "--config", "w.yml", "--baseline", Fixture.sampleRun("sft_resumed"))
    #expect(same.status == 0, "\(same.output)")
    let other = try command("gate", worse, "--config", "w.yml", "--baseline", good)
    #expect(other.status == 1)
    #expect(other.output.contains("FAIL     any:"))
    #expect(other.output.contains("missing  none:"))
    // A golden file names the run, whose weights are in its last checkpoint.
    #expect(try command("calibrate", good, "-o", "g.json").status == 0)
    let golden = try command("gate", worse, "--config", "w.yml", "--baseline", "g.json")
    #expect(golden.status == 1)
    #expect(golden.output.contains("FAIL     any:"), "\(golden.output)")
    // The self-test multiplies copies of the real weights.
    try folder.write(
      "p.yml",
      """
      version: 1
      gates:
        - {id: any, weights: "*.q_proj", stat: relative_change, max: 1.5}
        - {id: far, weights: "*.q_proj", stat: difference_norm, max: 30}
        - {id: same, weights: "*", stat: cosine, min: 0.5}
        - {id: ended, finding: stopped_early, max: 0}
      """)
    let proof = try command("gate", good, "--config", "p.yml", "--baseline", good, "--self-test")
    #expect(proof.status == 0, "\(proof.output)")
    #expect(proof.output.contains("ok  any, the weights times 16: fail"))
    #expect(proof.output.contains("ok  far, the weights times 16: fail"), "\(proof.output)")
    #expect(proof.output.contains("ok  same, the weights times -1: fail"), "\(proof.output)")
    #expect(proof.output.contains("ok  any, NaN: fail"))
    #expect(proof.output.contains("ok  ended, the run cut short: fail"))
  }

  @Test func `wrong configurations and paths have their own status`() throws {
    let none = try command("gate", good)
    #expect(none.status == 2)
    #expect(none.errors.contains("'ftreport init' writes a configuration"))
    try folder.write("bad.yml", "version: 1\ngates:\n  - {id: a, metric: loss, max_increse: 1%}\n")
    let bad = try command("gate", good, "--config", "bad.yml")
    #expect(bad.status == 2)
    #expect(bad.errors.contains("bad.yml:3:"))
    #expect(bad.errors.contains("did you mean \"max_increase\"?"))
    try folder.write("ok.yml", "version: 1\ngates: [{id: a, metric: loss, max_increase: 1%}]\n")
    #expect(try command("gate", "nowhere", "--config", "ok.yml").status == 3)
    let gone = try command("gate", good, "--config", "ok.yml", "--baseline", "nowhere")
    #expect(gone.status == 3)
    #expect(gone.errors == "--baseline: nowhere: no such file or folder\n")
    try folder.write(
      "gone.yml", "version: 1\nbaseline: nowhere\ngates: [{id: a, metric: loss, max_increase: 1%}]\n")
    let named = try command("gate", good, "--config", "gone.yml")
    #expect(named.errors == "gone.yml: baseline: nowhere: no such file or folder\n")
    try folder.write("slip.yml", "version: 1\ngates: [{id: a, metric: train/lss, max: 9}]\n")
    let slip = try command("gate", good, "--config", "slip.yml")
    #expect(slip.status == 3)
    #expect(slip.output.hasPrefix("MISSING  1 of 1 gate without data\n"))
    #expect(
      slip.output.contains("nothing in the run matches \"train/lss\"; did you mean \"train/loss\"?"),
      "\(slip.output)")
    #expect(try command("gate", good, "--config", "ok.yml").status == 3)
    #expect(try command("gate", good, "--config", "ok.yml", "--format", "xls").status == 2)
    #expect(try command("gate").status == 2)
    try folder.write("golden.json", "{}")
    let golden = try command("gate", good, "--config", "ok.yml", "--baseline", "golden.json")
    #expect(golden.status == 3)
    #expect(golden.errors.contains("this is no golden file"))
    let many = try command("gate", Path.parent(of: good), "--config", "ok.yml", "--baseline", good)
    #expect(many.status == 2)
    #expect(many.errors.contains("name one of them"))
  }

  @Test func `an undecided gate fails only where it has to`() throws {
    // Of twenty noisy points against a margin far below their noise nobody can tell.
    var lines = ""
    var other = ""
    for step in 1...40 {
      let noise = [0.1, -0.1, 0.07, -0.03, 0.05, -0.09, 0.02][step % 7]
      let shift = [0.03, 0.08, -0.1, 0.09, -0.07][step % 5]
      lines += "{\"current_steps\": \(step), \"total_steps\": 40, \"loss\": \(2 + noise)}\n"
      other += "{\"current_steps\": \(step), \"total_steps\": 40, \"loss\": \(2 + shift)}\n"
    }
    try folder.write("a/trainer_log.jsonl", lines)
    try folder.write("b/trainer_log.jsonl", other)
    try folder.write("c.yml", "version: 1\ngates: [{id: a, metric: loss, max_increase: 0.1%}]\n")
    let soft = try command("gate", "b", "--baseline", "a", "--config", "c.yml")
    #expect(soft.status == 0)
    #expect(soft.output.hasPrefix("INCONCLUSIVE"))
    #expect(soft.output.contains("this much data shows differences of"))
    #expect(try command("gate", "b", "--baseline", "a", "--config", "c.yml", "--strict").status == 4)
  }
}
