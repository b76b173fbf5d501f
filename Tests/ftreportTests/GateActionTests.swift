import FileSystem
import TestSupport
import Testing

/// The shell of the GitHub action and the GitLab job, with the variables that these set.
@Suite struct GateActionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func action(_ settings: [String: String]) throws -> Outcome {
    var command = Command(folder: folder.path)
    command.environment = [
      "FTREPORT": Command.binary, "GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": folder.file("github output"),
      "GITHUB_STEP_SUMMARY": folder.file("summary.md"), "GITHUB_WORKSPACE": folder.path,
      "GATE_RUN": Fixture.sampleRun("sft"), "GATE_BASELINE": Fixture.sampleRun("sft") + "\n",
    ]
    command.environment.merge(settings) { $1 }
    return try command.shell("bash '\(Path.join(Fixture.package, "action/gate.sh"))'")
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Files.read(folder.file(name)), as: UTF8.self)
  }

  @Test func `a pass leaves every file and both outputs`() throws {
    #expect(try Command(folder: folder.path)("init", Fixture.sampleRun("sft")).status == 0)
    let outcome = try action(["GATE_SELF_TEST": "true", "GATE_STRICT": "true"])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.hasPrefix("PROVEN"))
    #expect(
      try text("github output") == """
        verdict=pass
        exit-code=0
        comment-file=ftreport-gate/comment.md
        sarif-file=ftreport-gate/gate.sarif

        """)
    for name in ["gate.md", "comment.md", "gate.xml", "gate.sarif", "gate.json", "metrics.txt"] {
      #expect(try !text("ftreport-gate/\(name)").isEmpty)
    }
    #expect(try text("summary.md").hasPrefix("## ✅ ftreport gate: all 6 gates passed"))
  }

  @Test func `a regression fails the step and stands on the gate's line`() throws {
    #expect(try Command(folder: folder.path)("init", Fixture.sampleRun("sft")).status == 0)
    let outcome = try action(["GATE_RUN": Fixture.sampleRun("sft_lr1e-4"), "GATE_OUTPUT": "a b"])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("\n::error file=ftreport.yml,line="))
    #expect(
      try text("github output").hasPrefix("verdict=fail\nexit-code=1\ncomment-file=a b/comment.md\n"))
    // Pictures are files beside the page; a comment, which can show none, has its charts in characters.
    #expect(try text("a b/gate.md").contains("](gate-objective.svg)"))
    #expect(try text("a b/gate-objective.svg").hasPrefix("<svg "))
    #expect(try !text("a b/comment.md").contains(".svg"))
    #expect(try text("a b/comment.md").contains("o baseline, ╌ bound"))
    #expect(try text("a b/gate.xml").contains("<failure "))
  }

  @Test func `what is wrong or missing is no pass`() throws {
    #expect(try action([:]).status == 2)
    #expect(try text("github output") == "verdict=error\nexit-code=2\n")
    #expect(try action(["GATE_RUN": ""]).status == 2)
    #expect(try Command(folder: folder.path)("init", Fixture.sampleRun("sft")).status == 0)
    #expect(try action(["GATE_RUN": "$(touch evil); nowhere"]).status == 3)
    #expect(Files.kind(of: folder.file("evil")) == nil)
  }

  @Test func `the comparison with its pictures is written where that is asked for`() throws {
    #expect(try Command(folder: folder.path)("init", Fixture.sampleRun("sft")).status == 0)
    let outcome = try action(["GATE_REPORT": "true", "GATE_RUN": Fixture.sampleRun("sft_lr1e-4")])
    #expect(outcome.status == 1)
    let listed = try Command(folder: folder.path).shell("find ftreport-gate -name '*.svg'")
    #expect(!listed.output.isEmpty)
  }
}
