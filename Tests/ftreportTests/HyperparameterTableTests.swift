import Analysis
import EventFile
import Experiment
import FileSystem
import JSON
import RunFolder
import TestSupport
import Testing

/// Sessions of the plugin hparams, held against those that TensorBoard lists (`scripts/make-hparams-fixtures.py`).
struct HyperparameterTableTests {
  private static let fixtures = Path.join(Fixture.package, "Tests/Fixtures/hparams")
  let ftreport: Command
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  private func truth(_ name: String) throws -> [JSONValue] {
    try #require(try JSONValue(parsing: Files.read(Path.join(Self.fixtures, "truths.json")))[name]?.array)
  }

  private func table(_ name: String) throws -> (HyperparameterTable, [TrainingRun]) {
    var opened = try OpenedFolder(opening: Path.join(Self.fixtures, name), acceptsValues: true)
    opened.skipSettings()
    return (
      try #require(HyperparameterTable(of: opened.runs, skipped: opened.skipped)), opened.runs
    )
  }

  @Test(arguments: ["search", "torch"])
  func `sessions, their settings, metrics and ends are TensorBoard's`(name: String) throws {
    let (table, runs) = try table(name)
    let truth = try truth(name)
    #expect(table.sessions.count == truth.count)
    for (session, want) in zip(table.sessions, truth) {
      let own = session.folder.isEmpty ? Path.name(of: runs[session.run].name) : session.folder
      #expect(own == want["name"]?.string)
      let status = ["STATUS_SUCCESS": "success", "STATUS_FAILURE": "failure", "STATUS_UNKNOWN": "nil"]
      #expect(
        status[try #require(want["status"]?.string)] == (session.status.map { "\($0)" } ?? "nil"))
      for setting in try #require(want["hparams"]?.members) {
        let value = try #require(session.parameter(setting.key))
        switch value {
        case .number(let number): #expect(number == setting.value.double)
        case .text(let text): #expect(text == setting.value.string)
        case .bool(let bool): #expect(bool == setting.value.bool)
        case .none: Issue.record("\(setting.key) has no value")
        }
      }
      let metrics = try #require(want["metrics"]?.members)
      #expect(Set(table.metrics) == Set(metrics.map(\.key)))
      for metric in metrics { #expect(session.metric(metric.key) == metric.value.double, "\(metric.key)") }
    }
  }

  @Test func `the sessions of one run are no several trainings, and its curve is its own`() throws {
    let outcome = try ftreport("--format", "json", Path.join(Self.fixtures, "torch"))
    let json = try JSONValue(parsing: outcome.output)
    #expect(json["findings"]?.array == [] && json["other_trainings"]?.array == [])
    #expect(json["training_loss"]?["tag"]?.string == "loss" && json["training_loss"]?["points"]?.int64 == 10)
    #expect(json["values"]?["hyperparameters"]?["sessions"]?.array?.count == 3)
  }

  @Test func `an overview joins runs with their settings, metrics and status`() throws {
    let outcome = try ftreport("-o", ".", Path.join(Self.fixtures, "search"))
    #expect(outcome.status == 0)
    let page = String(decoding: try Files.read(folder.file("search.report/report.md")), as: UTF8.self)
    #expect(page.contains("## Hyperparameters"))
    let row = try #require(page.split(separator: "\n").first { $0.contains("| failed") })
    #expect(row.contains("`run-1`") && row.contains("`lion`") && row.contains("0.5500"))
    #expect(page.contains("- The same in all: `bf16` true."))
    #expect(!page.contains("no scalars"))
    let json = try JSONValue(
      parsing: try ftreport("--format", "json", Path.join(Self.fixtures, "search")).output)
    #expect(json["hyperparameters"]?["sessions"]?.array?.count == 4)
    #expect(
      json["hyperparameters"]?["metrics"]?.array?.compactMap(\.string) == [
        "validation/epoch_loss", "accuracy",
      ])
  }

  @Test func `the table as CSV`() throws {
    let outcome = try ftreport(
      "export", "--kind", "hparams", "--format", "csv", Path.join(Self.fixtures, "search"))
    #expect(outcome.status == 0 && outcome.errors == "")
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.first == "run,folder,group,status,lr,optimizer,bf16,_note & more,validation/epoch_loss,accuracy")
    #expect(lines.count == 5)
    #expect(lines[2].hasPrefix("run-1,,trial-1,failure,0.0002,lion,true,50 % of 1,2,0.55000001"))
  }

  @Test func `the table for LaTeX, nothing in which acts`() throws {
    let outcome = try ftreport(
      "export", "--kind", "hparams", "--format", "latex", Path.join(Self.fixtures, "search"))
    #expect(
      outcome.output == #"""
        \begin{tabular}{lrrrrrrl}
        \hline
        session & lr & optimizer & bf16 & \_note \& more & validation/epoch\_loss & accuracy & status \\
        \hline
        run-0 & 0.0001 & adamw & true & 50 \% of 0 & 1.100 & 0.8600 & success \\
        run-1 & 0.0002 & lion & true & 50 \% of 1 & 2.000 & 0.5500 & failure \\
        run-2 & 0.0003 & adamw & true & 50 \% of 2 & 1.700 & 0.7200 &  \\
        run-3 & 0.0004 & lion & true & 50 \% of 3 & 1.400 & 0.8900 & success \\
        \hline
        \end{tabular}

        """#)
    for arguments in [["--format", "latex"], ["--format", "latex", "--kind", "text"]] {
      #expect(try ftreport(["export"] + arguments + [Path.join(Self.fixtures, "search")]).status == 2)
    }
  }
}
