import TestSupport
import Testing

/// What can be tested without waiting; `scripts/check-watch.py` watches a run that grows.
struct WatchCommandTests {
  private let folder: TemporaryFolder
  private let ftreport: Command

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  @Test func `A look at a run is its summary, and writes nothing`() throws {
    let outcome = try ftreport("watch", "--once", Fixture.sampleRun("sft"))
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(outcome.output.contains("Final training loss") && outcome.output.contains("No problem found."))
    #expect(try ftreport.shell("ls").output == "")
  }

  @Test func `A finding that was asked for ends it with status 1, another does not`() throws {
    let run = Fixture.sampleRun("sft_diverged")
    let outcome = try ftreport("watch", "--once", "--until", "overfitting,filtered_nan", run)
    #expect(outcome.status == 1 && outcome.errors.hasSuffix(": filtered_nan\n"))
    #expect(try ftreport("watch", "--once", "--until", "overfitting", run).status == 0)
  }

  @Test func `Each warning is told once, and nothing of a name acts in the shell`() throws {
    let outcome = try ftreport(
      "watch", "--once", "--notify", "echo \"$FTREPORT_FINDING: $FTREPORT_TEXT\" >>told",
      Fixture.sampleRun("sft_diverged"))
    #expect(outcome.status == 0)
    let told = try ftreport.shell("cat told").output.split(separator: "\n")
    #expect(told.contains { $0.hasPrefix("filtered_nan: The training loss is NaN") })
    #expect(Set(told).count == told.count)
  }

  @Test func `A slip in the name of a finding is corrected, with status 2`() throws {
    let outcome = try ftreport("watch", "--until", "overfiting", ".")
    #expect(outcome.status == 2 && outcome.errors.contains("did you mean overfitting?"))
  }

  @Test func `Colours can be asked for anywhere, and refused`() throws {
    let run = Fixture.sampleRun("sft")
    #expect(try ftreport("watch", "--once", "--color", "always", run).output.contains("\u{1b}[32m"))
    #expect(try ftreport("--color=always", "report", "--format", "term", run).output.contains("\u{1b}[32m"))
    #expect(try !ftreport("watch", "--once", run).output.contains("\u{1b}"))
    #expect(try ftreport("--color", "pink", run).status == 2)
    var forced = ftreport
    forced.environment = ["FORCE_COLOR": "1"]
    #expect(try forced("watch", "--once", run).output.contains("\u{1b}[32m"))
    forced.environment = ["FORCE_COLOR": "1", "NO_COLOR": "1"]
    #expect(try !forced("watch", "--once", run).output.contains("\u{1b}"))
  }

  @Test func `The name alone reports the run of the folder, or says in five lines what there is`() throws {
    let outcome = try ftreport()
    #expect(outcome.status == 0 && outcome.output.split(separator: "\n").count == 5)
    #expect(outcome.output.contains("ftreport --help"))
    let copied = try ftreport.shell("cp -r \"\(Fixture.sampleRun("sft"))/.\" . && $ftreport")
    #expect(copied.status == 0 && copied.output.contains("Final training loss"), "\(copied)")
  }
}
