import ArgumentParser
import Bytes
import Report

/// `ftreport compare`: what differs, and by how much.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares two checkpoints.",
    discussion: """
      Adapters are compared by the change ΔW that they make to each module, other weights element by element. Where \
      trainer_state.json stands beside the checkpoints, the losses at both steps are told too.

        ftreport compare a/checkpoint-500 a/checkpoint-1000
        ftreport compare -o docs a/checkpoint-500 b/checkpoint-500
        ftreport compare --alpha 16 fsdp/checkpoint-500 fsdp/checkpoint-1000
        ftreport compare --base Qwen3-4B a/checkpoint-500 a/checkpoint-1000
        ftreport compare --format json old.safetensors new.safetensors

      Exit status: 0, or 3 where a path is no checkpoint or broken.
      """)

  @Argument(help: "Two checkpoints.", completion: .file())
  var paths: [String]

  @Option(
    help: ArgumentHelp(
      "The α of adapters whose adapter_config.json is missing, as FSDP's shards are saved.",
      valueName: "number"))
  var alpha: Double?

  @Option(help: ArgumentHelp("The model that the adapters were trained on.", valueName: "model"))
  var base: String?

  @Option(help: "Print the comparison in this format, and write no file.")
  var format: CheckpointFormat?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to put a report folder with pictures into.", valueName: "folder"),
    completion: .directory)
  var output: String?

  func validate() throws {
    guard paths.count == 2 else { throw ValidationError("give two checkpoints to compare") }
    guard format == nil || output == nil else {
      throw ValidationError("--format prints to standard output, -o writes a folder: choose one of them")
    }
  }

  func run() throws {
    try CompareCheckpoints.run(paths[0], paths[1], base: base, alpha: alpha, format: format, output: output)
  }
}
