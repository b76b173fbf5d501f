import ArgumentParser
import FileSystem
import Process
import Report
import RunFolder

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
        ftreport watch saves/a              its summary, drawn again as it grows

      'ftreport help report' lists the options of a report. A path that is named like a subcommand is reached as \
      './report'. Without any argument, the run of the current folder is reported.

      Colours are used at a terminal; NO_COLOR, FORCE_COLOR and --color always|never say otherwise. Where there is no \
      terminal, COLUMNS says how wide the text may be.

      A record of an event file of more than 64 MiB is passed over and told; --largest-record SIZE, such as 256M, reads it.

      Exit status: 0 good, 1 a fault was found or a gate failed, 2 wrong usage, 3 data missing or unreadable, \
      4 inconclusive under --strict.
      """,
    version: Version.current,
    subcommands: [
      ReportCommand.self, CompareCommand.self, InspectCommand.self, VerifyCommand.self, ExportCommand.self,
      GateCommand.self, CalibrateCommand.self, InitCommand.self, WatchCommand.self,
    ],
    defaultSubcommand: ReportCommand.self)

  static func main() {
    Environment.endOnBrokenPipe()
    do {
      // The system gives every program its own name; without it, what was asked for is lost too.
      guard CommandLine.argc > 0 else {
        throw Failure(status: .usage, message: "the arguments of the command cannot be read from /proc/self")
      }
      var arguments = PathBytes.arguments
      try takeColour(from: &arguments)
      if let size = take("--largest-record", from: &arguments) { try LongestRecord.set(size) }
      if arguments.isEmpty {
        guard (try? Files.names(in: "."))?.contains(where: FileKind.showsTraining) == true else {
          return try StandardStream.output.write(shortHelp)
        }
        arguments = ["."]
      }
      try checkHelp(arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      exit(withError: ExitCode(complain(about: error).rawValue))
    }
  }

  /// Throws where help is wanted on a subcommand that there is not, for which the parser prints that of the whole program.
  private static func checkHelp(_ arguments: [String]) throws(Failure) {
    guard arguments.count > 1, arguments[0] == "help", !arguments[1].hasPrefix("-") else { return }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !(names + ["help"]).contains(arguments[1]) else { return }
    let near = Suggestion.nearest(to: arguments[1], among: names).map {
      "; did you mean 'ftreport help \($0)'?"
    }
    throw Failure(
      status: .usage,
      message: "no subcommand '\(arguments[1])'\(near ?? ": there are \(names.joined(separator: ", "))")")
  }

  /// What somebody needs who typed the name alone.
  private static let shortHelp = """
    ftreport PATH                      a report of a run, or of a folder of runs, and a summary here
    ftreport compare A B               what differs between two runs, or two checkpoints
    ftreport gate RUN --baseline GOOD  whether a run is worse
    ftreport watch PATH                a summary that is drawn again as the run grows
    ftreport --help                    everything else

    """

  /// Takes `--color` out of the arguments of any verb: what it asks for stands in the environment then.
  private static func takeColour(from arguments: inout [String]) throws {
    guard let choice = take("--color", from: &arguments) else { return }
    switch choice {
    case "always": Environment.set("FORCE_COLOR", "1")
    case "never": Environment.set("NO_COLOR", "1")
    case "auto": break
    default: throw Failure(status: .usage, message: "--color takes always, never or auto, not '\(choice)'")
    }
  }

  /// Takes an option out of the arguments of any verb, `--name value` or `--name=value`; its value, empty where it has none.
  private static func take(_ name: String, from arguments: inout [String]) -> String? {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    guard let place = arguments[..<end].firstIndex(where: { $0 == name || $0.hasPrefix(name + "=") }) else {
      return nil
    }
    let argument = arguments.remove(at: place)
    if argument != name { return String(argument.dropFirst(name.count + 1)) }
    return place < arguments.count ? arguments.remove(at: place) : ""
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
      var message = fullMessage(for: error)
      if PathBytes.arguments.contains("--generate-completion-script") {
        message = CompletionScript.withDefault(message)
      }
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
