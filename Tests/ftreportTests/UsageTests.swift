import TestSupport
import Testing

struct UsageTests {
  let ftreport: Command
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  @Test(arguments: [
    ["--no-such-option", "x"], ["verify"], ["export"], ["export", "x", "--format", "xml"],
    ["--x", "minutes", "x"],
    ["--smoothing", "1.5", "x"], ["--smoothing", "-0.1", "x"], ["--window", "0%", "x"],
    ["--window", "200%", "x"],
    ["--window", "some", "x"], ["--format", "pdf", "x"], ["--format", "md", "-o", "x", "x"],
  ])
  func `Wrong usage is told on standard error, with exit code 2`(arguments: [String]) throws {
    let outcome = try ftreport(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.errors.contains("Error: ") || outcome.errors.contains("USAGE: "))
  }

  @Test func `help on a subcommand that there is not is wrong usage`() throws {
    let near = try ftreport("help", "exprot")
    #expect(near.status == 2)
    #expect(near.errors.contains("did you mean 'ftreport help export'"))
    let far = try ftreport("help", "nonsense")
    #expect(far.status == 2)
    #expect(far.errors.contains("no subcommand 'nonsense'"))
    #expect(far.output.isEmpty)
  }

  @Test(arguments: [("verfy", "verify"), ("exprot", "export"), ("hlep", "help"), ("reprot", "report")])
  func `A misspelt subcommand is recognised`(typed: String, meant: String) throws {
    let outcome = try ftreport(typed, "somewhere")
    #expect(outcome.status == 2)
    #expect(outcome.errors == "\(typed): no such file or folder; did you mean 'ftreport \(meant)'?\n")
  }

  @Test func `A misspelt option is recognised`() throws {
    let outcome = try ftreport("--smothing", "0.5", Fixture.sampleRun("sft"))
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("--smoothing"))
  }

  @Test func `Help names every subcommand and goes to standard output`() throws {
    let outcome = try ftreport("--help")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    for word in ["report", "verify", "export", "Exit status", "-o"] {
      #expect(outcome.output.contains(word), "no word on \(word)")
    }
  }

  @Test(arguments: ["report", "verify", "export"])
  func `Help of a subcommand teaches by example`(name: String) throws {
    let outcome = try ftreport("help", name)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\n  ftreport "), "no example")
    #expect(try ftreport(name, "--help") == outcome)
  }

  @Test func `The version is a line`() throws {
    let outcome = try ftreport("--version")
    #expect(outcome == Outcome(status: 0, output: "0.2.0\n", errors: ""))
  }

  @Test(arguments: [("bash", "complete"), ("zsh", "#compdef ftreport"), ("fish", "complete -c 'ftreport'")])
  func `Shells can complete the command`(shell: String, word: String) throws {
    let outcome = try ftreport("--generate-completion-script", shell)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(word))
  }
}
