import ArgumentParser
import Bytes

@main
struct FTReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ftreport",
    abstract: "Reports on fine-tuning runs from the files that they leave behind, offline.",
    version: Version.current,
    subcommands: [
      VerifyCommand.self, ExportCommand.self, GateCommand.self, CalibrateCommand.self, InitCommand.self,
    ])

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
      try? StandardStream.error.write("\(failure.message)\n")
      return failure.status
    case let error as SystemError:
      try? StandardStream.error.write("\(error)\n")
      return error.operation == "write" ? .usage : .unreadable
    default:
      // Help and versions are errors too, to the parser: asked for, they are a success.
      let succeeded = exitCode(for: error).isSuccess
      let message = fullMessage(for: error)
      if !message.isEmpty { try? (succeeded ? StandardStream.output : .error).write("\(message)\n") }
      return succeeded ? .success : .usage
    }
  }
}

/// The version of the package.
enum Version {
  static let current = "0.1.0"
}
