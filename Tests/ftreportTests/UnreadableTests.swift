import FileSystem
import JSON
import TestSupport
import Testing

/// What the system does not let be read is told on the page, in JSON and by the exit status, whatever it is.
struct UnreadableTests {
  private let folder: TemporaryFolder
  private let ftreport: Command

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
    _ = try ftreport.shell(
      "umask 022; cp -R '\(Fixture.sampleRun("sft"))' a; cp -R a b; mkdir out; chmod 777 out")
  }

  /// The superuser reads everything: where the tests are its own, the command runs as nobody.
  private static let asNobody: String? = {
    guard (try? Command(folder: "/tmp").shell("test $(id -u) = 0").status) == 0 else { return "" }
    let words = "setpriv --reuid=65534 --regid=65534 --clear-groups "
    return (try? Command(folder: "/tmp").shell("\(words) \(Command.binary) --version").status) == 0
      ? words : nil
  }()

  static let canTry = asNobody != nil

  /// Runs the command over what `path` is shut for.
  private func run(_ arguments: String, without path: String) throws -> Outcome {
    try ftreport.shell(
      "chmod 0 \(path); \(Self.asNobody ?? "") $ftreport \(arguments); s=$?; chmod 755 \(path); exit $s")
  }

  @Test(
    .enabled(if: canTry),
    arguments: [
      "trainer_state.json", "trainer_log.jsonl", "adapter_config.json", "all_results.json",
      "checkpoint-500/adapter_model.safetensors", "checkpoint-1000", "checkpoint-1000/trainer_state.json",
      "runs/Nov23_19-39-41_vm/events.out.tfevents.1795462844.vm.14841.1", "runs",
    ])
  func `a file of a run`(name: String) throws {
    let page = try run("--format md a", without: "a/\(name)")
    #expect(page.status == 3, "\(page.errors)")
    #expect(page.output.contains("a/\(name)") && page.output.contains("Permission denied"))
    #expect(page.errors.contains("Permission denied"))
    let json = try run("--format json a", without: "a/\(name)")
    #expect(json.status == 3 && json.output.contains("a/\(name)"))
    let written = try run("--quiet -o out a", without: "a/\(name)")
    #expect(written.status == 3)
    #expect(
      Files.kind(of: folder.file("out/a.report/report.md")) == .file, "with everything that can be read")
  }

  @Test(
    .enabled(if: canTry),
    arguments: ["runs", "runs/Nov23_19-39-41_vm/events.out.tfevents.1795462844.vm.14841.1"])
  func `other verbs end with the same status`(name: String) throws {
    for arguments in [
      "compare a b", "compare b a", "export a", "verify a", "calibrate a", "init a", "--format ndjson a",
    ] {
      let outcome = try run(arguments, without: "a/\(name)")
      #expect(outcome.status == 3, "\(arguments): \(outcome.errors)")
    }
  }

  @Test(.enabled(if: canTry)) func `a whole run among others`() throws {
    _ = try ftreport.shell("mkdir all; mv a b all; cp -R all/a all/c")
    let page = try run("--format md all", without: "all/c")
    #expect(page.status == 3)
    #expect(page.output.contains("## What was not read\n\n- all/c: cannot list: Permission denied"))
    let json = try run("--format json all", without: "all/c")
    #expect(json.status == 3)
    let problems = try JSONValue(parsing: json.output)["problems"]
    #expect(problems?.array?.compactMap(\.string) == ["all/c: cannot list: Permission denied"])
    let lines = try run("--format ndjson all", without: "all/c")
    #expect(lines.status == 3)
    #expect(lines.output.contains(#"{"path":"all","error":"all/c: cannot list: Permission denied"}"#))
    #expect(lines.output.split(separator: "\n").count == 3)
  }

  @Test(.enabled(if: canTry), arguments: ["a.db", "run-1.wandb", "metrics.csv"])
  func `a file of another tracker`(name: String) throws {
    try folder.write("t/\(name)", "x")
    let outcome = try run("--format md t", without: "t/\(name)")
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("t/\(name): cannot be read: Permission denied"))
  }

  @Test(.enabled(if: Files.kind(of: "/proc") != nil, "a file system whose names are bytes"))
  func `names of any bytes lead to their folders, named alone and found among others`() throws {
    _ = try ftreport.shell(
      "mkdir all; cp -R a all/$(printf 'caf\\351'); cp -R a all/$(printf 'e\\314\\201'); mv a all/$(printf '\\303\\251')"
    )
    for name in ["caf\\351", "e\\314\\201", "\\303\\251"] {
      for verb in ["--format json", "verify", "export"] {
        let outcome = try ftreport.shell("$ftreport \(verb) \"all/$(printf '\(name)')\"")
        #expect(outcome.status == 0, "\(verb) \(name): \(outcome.errors)")
      }
    }
    // A name in one scalar and the same in two are two folders, each with files of its own.
    let outcome = try ftreport("--format", "json", "--group-by", "none", "all")
    let runs = try #require(JSONValue(parsing: outcome.output)["runs"]?.array)
    #expect(runs.count == 3)
    #expect(runs.allSatisfy { ($0["checkpoints"]?.array?.count ?? 0) == 2 })
  }

  @Test func `a pipe under the name of a trainer's file is told on the page`() throws {
    _ = try ftreport.shell("rm a/trainer_state.json; mkfifo a/trainer_state.json")
    let outcome = try ftreport("--format", "md", "a")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("a/trainer_state.json: a pipe, socket or device, not a file: not opened"))
  }
}
