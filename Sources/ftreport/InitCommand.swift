import Analysis
import ArgumentParser
import Experiment
import FileSystem
import GateConfiguration
import JSON
import Report
import RunFolder

/// `ftreport init`: a configuration of gates from a good run.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Writes a commented ftreport.yml with gates that fit a good run.",
    discussion: """
        ftreport init saves/good
        ftreport init saves/good --baseline golden/sft.json -o ci/ftreport.yml
      """)

  @Argument(help: "A good run.", completion: .file())
  var path: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The configuration to write; - prints it.", valueName: "file"))
  var output = GatePlan.customaryName

  @Option(
    help: ArgumentHelp("What later runs are held against; the run itself without it.", valueName: "path"))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Write the JSON Schema of configurations too, and name it in this one: editors complete and check it then.",
      valueName: "file"))
  var schema: String?

  @Flag(help: "Replace a configuration that stands there.")
  var force = false

  func run() throws {
    let run = try BaselineOpening.run(path)
    let analysis = RunAnalysis(of: run)
    guard analysis.loss != nil || analysis.objective != nil else {
      throw Failure(
        status: .unreadable, message: "\(path): has no loss and no other metric that a gate could look at")
    }
    if let finding = GoldenBaseline.spoiler(in: analysis) {
      throw Failure(
        status: .unreadable,
        message:
          "\(path): is no good run: \(Words.finding(finding.kind, finding.step)); gates made from it would fit none"
      )
    }
    let text = StarterConfiguration.text(
      analysis, baseline: seenFromOutput(baseline ?? path),
      schema: schema.map { Files.relativePath(of: $0, from: folder) },
      name: output == "-" ? GatePlan.customaryName : output)
    Opening.tellFaults(of: [run])
    try Opening.requireAll(of: [run])
    if output == "-" { return try StandardStream.output.write(text) }
    guard force || Files.kind(of: output) == nil else {
      throw Failure(
        status: .usage, message: "\(output): stands there already; --force replaces it, -o chooses another")
    }
    try OutputFile.write(text, to: output)
    if let schema { try OutputFile.write(ConfigurationSchema.value.indentedText, to: schema) }
    try StandardStream.error.write(
      "\(ForeignText.line(output)): written; try it with: \(ShellText.command(["gate", path, "--config", output]))\n"
    )
  }

  /// The folder that the configuration is to lie in.
  private var folder: String { output == "-" ? "" : Path.parent(of: output) }

  /// `path` as the configuration has to name it; what does not lie anywhere may be a tag.
  private func seenFromOutput(_ path: String) -> String {
    folder.isEmpty || folder == "." || Files.kind(of: path) == nil
      ? path : Files.relativePath(of: path, from: folder)
  }
}
