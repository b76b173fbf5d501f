import ArgumentParser
import Bytes
import Report

@main
struct FTReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ftreport",
    abstract: "Reports on fine-tuning runs from the files that they leave behind, offline.",
    usage: "ftreport <path> ... [-o <folder>]\nftreport <subcommand>",
    discussion: """
      A path is a folder of TensorBoard event files, a single event file, the output folder of a trainer \
      (LLaMA-Factory, HF Trainer: runs/, trainer_state.json, checkpoint-*/), or a folder of many runs.

        ftreport saves/qwen3/lora/sft       writes sft.report/, prints a summary
        ftreport -o docs runs/Jan08_host    writes docs/Jan08_host.report/
        ftreport saves                      an overview, and a page for each run
        ftreport --format md saves/a >a.md  prints the page, writes nothing else
        ftreport compare A B                what differs between runs, or checkpoints
        ftreport inspect checkpoint-500     the tensors of a checkpoint
        ftreport verify saves               checks every record of every file
        ftreport export saves/a | head      every point, a JSON object a line
        ftreport gate saves/new --baseline saves/good

      'ftreport help report' lists the options of a report. A path that is named like a subcommand is reached as \
      './report'.

      Exit status: 0 good, 1 a fault was found or a gate failed, 2 wrong usage, 3 data missing or unreadable, \
      4 inconclusive under --strict.
      """,
    version: Version.current,
    subcommands: [
      ReportCommand.self, CompareCommand.self, InspectCommand.self, VerifyCommand.self, ExportCommand.self,
      GateCommand.self, CalibrateCommand.self, InitCommand.self,
    ],
    defaultSubcommand: ReportCommand.self)

  static func main() {
    Environment.endOnBrokenPipe()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(withError: ExitCode(complain(about: error).rawValue))
    }
  }

  /// Says what went wrong, where nobody has said so yet, and which status tells it to other programs.
  private static func complain(about error: any Error) -> ExitStatus {
    switch error {
    case let status as ExitStatus:
      return status
    case let failure as Failure:
      try? StandardStream.error.write(failure.text)
      return failure.status
    case let error as SystemError:
      try? StandardStream.error.write("\(ForeignText.line("\(error)"))\n")
      return error.operation == "write" ? .usage : .unreadable
    default:
      // Help and versions are errors too, to the parser: asked for, they are a success.
      let succeeded = exitCode(for: error).isSuccess
      let message = fullMessage(for: error)
      guard !message.isEmpty else { return succeeded ? .success : .usage }
      let lines = message.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        .map { ForeignText.line(String($0)) }.joined(separator: "\n")
      do {
        try (succeeded ? StandardStream.output : .error).write("\(lines)\n")
      } catch {
        return complain(about: error)
      }
      return succeeded ? .success : .usage
    }
  }
}
