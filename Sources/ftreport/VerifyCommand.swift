import ArgumentParser
import Checkpoint
import EventFile
import FileSystem
import Process
import Report
import RunFolder

/// `ftreport verify`: both checksums of every record, and every message; the structure and safety of checkpoints.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks every record of every event file, and every file of a checkpoint.",
    discussion: """
      Says for each file how many records are good, and each fault with its byte offset. A file that ends within a \
      record may still be growing, and is called 'incomplete so far', which is no fault.

      Of files of weights and states (safetensors, PyTorch's, DeepSpeed's, \
      distributed ones) it checks the structure, the checksums that they have, and \
      that their pickles name nothing that a checkpoint does not need. Nothing in \
      them is executed, so it is safe to look at a file that you do not trust.

        ftreport verify saves/qwen3/lora/sft       everything in the folder and below
        ftreport verify downloaded.pt              would this run code when torch loads it?
        ftreport verify --quiet saves              only what is at fault
        ftreport verify --format json saves | jq   an object a file
        ftreport verify -o docs saves              writes docs/saves-verify.report/

      Exit status: 0 no fault, 1 faults, 3 a file or folder cannot be read, or there is nothing to check.
      """)

  @Argument(help: "Event files, files of checkpoints, and folders to search for them.", completion: .file())
  var paths: [String]

  @Option(help: "Print the results in this format: term without it.")
  var format: PageFormat?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to put a report folder into.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Flag(name: .shortAndLong, help: "Only tell what is at fault.")
  var quiet = false

  func validate() throws {
    guard format == nil || output == nil else {
      throw ValidationError("--format prints to standard output, -o writes a folder: choose one of them")
    }
  }

  func run() throws {
    var files: [VerifiedFile] = []
    var problems: [String] = []
    let paths = paths.map(PathArguments.path)
    for list in paths.map(VerifiableFiles.init) {
      problems += list.problems
      for folder in list.hidden {
        try StandardStream.error.write(
          "\(ForeignText.visible(folder)): a hidden folder, not looked into; name it to check it\n")
      }
      let named = paths
      var results = concurrentMap(count: list.events.count) { index in
        Self.events(list.events[index], acceptsPipe: named.contains(list.events[index]))
      }
      results += concurrentMap(count: list.checkpoints.count) { Self.checkpoint(list.checkpoints[$0]) }
      results += list.checkpointFolders.flatMap(CheckpointVerification.sets).map { .success(.checkpoint($0)) }
      for result in results {
        switch result {
        case .failure(let problem): problems.append(problem.text)
        case .success(let file): files.append(file)
        }
      }
    }
    for problem in problems { try StandardStream.error.write("\(ForeignText.line(problem))\n") }
    let report = VerificationReport(files, unreadable: problems.count, isQuiet: quiet)
    if let output {
      let page =
        paths.count == 1
        ? try ReportFolder.write(report.reportFiles, on: paths[0], "-verify", in: output)
        : try ReportFolder.write(report.reportFiles, on: "verify", "", in: output)
      try StandardStream.output.write(report.terminalText(.current, location: page))
    } else {
      try report.print(in: format ?? .term)
    }
    throw report.unreadableCount > 0
      ? ExitStatus.unreadable : report.faultCount > 0 ? .failed : .success
  }

  /// Why a file could not be read.
  private struct Problem: Error {
    var text: String
  }

  private static func events(_ path: String, acceptsPipe: Bool) -> Result<VerifiedFile, Problem> {
    do throws(SystemError) {
      return .success(
        .events(
          try EventFileContents.visitPoints(
            of: path, acceptsPipe: acceptsPipe, longestRecord: LongestRecord.current
          ) { _ in }))
    } catch {
      return .failure(Problem(text: error.description))
    }
  }

  private static func checkpoint(_ path: String) -> Result<VerifiedFile, Problem> {
    do throws(CheckpointError) {
      return .success(.checkpoint(try CheckpointVerification(path: path)))
    } catch {
      return .failure(Problem(text: error.description))
    }
  }
}
