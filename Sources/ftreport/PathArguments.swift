import ArgumentParser
import FileSystem

/// The paths that a command reads: named on its line, or in a list, which may be longer than a line can be.
struct PathArguments: ParsableArguments {
  @Argument(
    help: "Run folders, event files, trainers' output folders, or folders of many runs.", completion: .file())
  var paths: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file with a path a line (or NUL between them), '-' for standard input.", valueName: "file"),
    completion: .file())
  var pathsFrom: String?

  /// What `argument` names: itself, or, by the usual dash, an event file that comes on standard input.
  static func path(_ argument: String) -> String { argument == "-" ? "/dev/stdin" : argument }

  func validate() throws {
    if paths.isEmpty, pathsFrom == nil { throw ValidationError("Missing expected argument '<paths> ...'") }
  }

  /// All paths in their order, those of the list last; one at least.
  func all() throws(Failure) -> [String] {
    let paths = paths.map(Self.path)
    guard let pathsFrom else { return paths }
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = pathsFrom == "-" ? try StandardInput.read() : try Files.read(pathsFrom, acceptsPipe: true)
    } catch {
      throw Failure(status: .usage, message: "\(error)")
    }
    // The separator of `find -print0` lets names hold line feeds.
    let separator = bytes.contains(0) ? 0 : UInt8(ascii: "\n")
    let listed = bytes.split(separator: separator).map { PathBytes.text($0) }
    guard !paths.isEmpty || !listed.isEmpty else {
      throw Failure(
        status: .usage, message: "\(pathsFrom == "-" ? "standard input" : pathsFrom): no path in it")
    }
    return paths + listed
  }
}
