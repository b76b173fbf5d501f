import ArgumentParser
import Bytes
import Checkpoint
import JSON
import Report

/// `ftreport inspect`: what stands in a checkpoint, from its headers alone.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Lists the tensors of a checkpoint: types, shapes, sizes, places.",
    discussion: """
      Reads headers alone, so that the size of the file does not matter. Nothing in a file is ever executed.

        ftreport inspect adapter_model.safetensors
        ftreport inspect saves/qwen3/lora/sft/checkpoint-500
        ftreport inspect --format json model | jq '.totals'

      Exit status: 0, or 3 where a path is no checkpoint or broken.
      """)

  @Argument(help: "Files of weights, shard indices, or folders that hold such.", completion: .file())
  var paths: [String]

  @Option(help: "How the listing is written.")
  var format = CheckpointFormat.text

  func run() throws {
    var status = ExitStatus.success
    for path in paths {
      do throws(CheckpointError) {
        let checkpoint = try Checkpoint(opening: path)
        let configuration = try AdapterConfiguration.find(at: checkpoint.files.first?.path ?? path)
        let listing = CheckpointListing(checkpoint, configuration: configuration)
        let text =
          switch format {
          case .text: listing.terminal
          case .md: listing.markdown
          case .json: listing.json.indentedText
          }
        try? StandardStream.output.write(text)
      } catch {
        try StandardStream.error.write("\(error)\n")
        status = .unreadable
      }
    }
    throw status
  }
}

/// The formats of what is told about checkpoints.
enum CheckpointFormat: String, CaseIterable, ExpressibleByArgument {
  case text, md, json
}
