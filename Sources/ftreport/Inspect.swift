import ArgumentParser
import Checkpoint
import Experiment
import FileSystem
import Report
import RunFolder
import Weights

/// `ftreport inspect`: what stands in a checkpoint, from its headers alone.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Lists what a checkpoint holds: tensors, types, shapes, sizes, places.",
    discussion: """
      Reads headers alone, so that the size of the file does not matter. Nothing in a file is ever executed.

        ftreport inspect adapter_model.safetensors
        ftreport inspect saves/qwen3/lora/sft/checkpoint-500
        ftreport inspect --format json model | jq '.totals'
        ftreport inspect -o docs model      writes docs/model-inspect.report/
        ftreport inspect --alpha 16 fsdp/checkpoint-500
        ftreport inspect --values training_args.bin
        ftreport inspect --optimizer saves/qwen3/lora/sft/checkpoint-500
        ftreport inspect --spectrum saves/qwen3/lora/sft/checkpoint-500
        ftreport inspect --to-rank 8 -o smaller saves/qwen3/lora/sft

      With --values, a file of torch's or a pickle is shown as the tree of its values, with every function and class \
      that it names, so that an untrusted file can be looked into. A file without tensors is shown so by itself.

      --to-rank writes an adapter of a lower rank, which PEFT loads: of each module the part of its ΔW that no other of the \
      rank is nearer to. It says by how much the new ΔW differs.

      Exit status: 0, or 3 where a path is no checkpoint or broken.
      """)

  @Argument(help: "Files of weights, shard indices, or folders that hold such.", completion: .file())
  var paths: [String]

  @Flag(help: "Show the values of a pickled file, and what it would call.")
  var values = false

  @Flag(help: "Show the optimizer's state: groups, steps, parameters without gradient.")
  var optimizer = false

  @Flag(help: "Show the singular values of an adapter's modules, and what they tell about its rank.")
  var spectrum = false

  @Option(
    help: ArgumentHelp(
      "The α of an adapter whose adapter_config.json is missing, as FSDP's shards are saved.",
      valueName: "number"))
  var alpha: Double?

  @Option(
    help: ArgumentHelp(
      "Cut an adapter to this rank, into the folder of -o; the error is stated.", valueName: "rank"))
  var toRank: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder to put a report folder into; with --to-rank, the folder for the adapter.",
      valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(help: "Print the listing in this format: term without it.")
  var format: PageFormat?

  func validate() throws {
    guard [values, optimizer, spectrum].count(where: { $0 }) <= 1 else {
      throw ValidationError("choose one of --values, --optimizer and --spectrum")
    }
    guard toRank == nil || output != nil else {
      throw ValidationError("--to-rank wants -o, the folder for the adapter")
    }
    guard format == nil || output == nil else {
      throw ValidationError("--format prints to standard output, -o writes a folder: choose one of them")
    }
    guard output == nil || Set(paths.map { Path.name(of: $0) }).count == paths.count else {
      throw ValidationError("-o names a page by the last part of its path: give paths of different names")
    }
    if let toRank {
      guard toRank > 0, paths.count == 1, !values, !optimizer, !spectrum else {
        throw ValidationError("--to-rank takes one adapter and a rank from 1 on, and lists nothing")
      }
    }
    guard paths.count == 1 || (format != .html && format != .mimebundle) else {
      throw ValidationError("--format \(format?.rawValue ?? "") shows one path: give one")
    }
  }

  func run() throws {
    if let toRank, let output { return try cut(paths[0], to: toRank, into: output) }
    var status = ExitStatus.success
    for path in paths {
      switch Result(catching: { () throws(CheckpointError) in try listing(of: path) }) {
      case .success(let listing):
        try write(listing, of: path)
      case .failure(let error):
        try StandardStream.error.write("\(ForeignText.line("\(error)"))\n")
        status = .unreadable
      }
    }
    throw status
  }

  private func write(_ listing: any Presentable, of path: String) throws {
    let style = TerminalStyle.current(elsewhere: 240)
    guard let output else { return try listing.print(in: format ?? .term, style: style) }
    let what = values ? "values" : optimizer ? "optimizer" : spectrum ? "spectrum" : "inspect"
    let page = try ReportFolder.write(listing.reportFiles, on: path, "-\(what)", in: output)
    try StandardStream.output.write(listing.terminalText(style, location: page))
  }

  private func cut(_ path: String, to rank: Int, into folder: String) throws {
    do {
      let checkpoint = try Checkpoint(opening: path)
      guard let configuration = try AdapterSettings.find(for: checkpoint, alpha: alpha) else {
        throw Failure(status: .unreadable, message: "\(path): no adapter, which alone --to-rank cuts")
      }
      let cut = try AdapterTruncation(of: checkpoint, configuration: configuration, to: rank)
      try cut.write(to: folder, configuration: configuration, of: checkpoint.files.first?.path ?? path)
      try StandardStream.output.write(TruncationText(cut, folder: folder).text)
    } catch let refusal as AdapterTruncation.Refusal {
      throw Failure(status: .usage, message: "\(path): \(refusal)")
    } catch let error as CheckpointError {
      throw Failure(status: .unreadable, message: "\(error)")
    }
  }

  private func listing(of path: String) throws(CheckpointError) -> any Presentable {
    if values { return PickleListing(try PickledFile(opening: path)) }
    if optimizer { return try OptimizerListing(try OptimizerState(opening: path)) }
    let checkpoint = try Checkpoint(opening: path)
    if checkpoint.format == .pytorch, checkpoint.tensors.isEmpty, Files.kind(of: path) == .file {
      return PickleListing(try PickledFile(opening: path))
    }
    let configuration = try AdapterSettings.find(for: checkpoint, alpha: alpha)
    if spectrum {
      return SpectrumListing(try AdapterAudit(checkpoint, configuration: configuration), path: path)
    }
    return CheckpointListing(checkpoint, configuration: configuration)
  }
}
