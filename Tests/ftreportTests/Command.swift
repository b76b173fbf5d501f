import FileSystem
import Libc
import Process
import TestSupport
import Testing

/// What a program left behind.
struct Outcome: Equatable {
  /// The exit code; 128 and the signal's number where a signal ended the program, as a shell tells it.
  var status: Int32
  /// What it wrote to its standard output.
  var output: String
  /// What it wrote to its standard error.
  var errors: String
}

/// Runs the command, as somebody at a shell does.
struct Command {
  /// The folder to run in.
  var folder: String
  /// Environment variables beside `PATH` and `HOME`.
  var environment: [String: String] = [:]

  /// The built command, beside the tests; `FTREPORT_BINARY` names another (the release build).
  static let binary: String =
    Environment["FTREPORT_BINARY"] ?? Path.join(Path.parent(of: CommandLine.arguments[0]), "ftreport")

  /// Runs `ftreport` with `arguments`, standard output and error to files.
  func callAsFunction(_ arguments: String...) throws -> Outcome { try self(arguments) }

  /// Runs `ftreport` with `arguments`, standard output and error to files; JSON has to be as its schema says.
  func callAsFunction(_ arguments: [String]) throws -> Outcome {
    let outcome = try run(Self.binary, arguments)
    guard arguments.first != "export", let place = arguments.firstIndex(of: "--format"),
      arguments.dropFirst(place + 1).first == "json"
    else { return outcome }
    // `verify` prints an object a line.
    let texts =
      arguments.first == "verify" ? outcome.output.split(separator: "\n").map(String.init) : [outcome.output]
    for text in texts where !text.isEmpty {
      let faults = try JSONSchema.faults(inText: text)
      #expect(faults == [], "\(arguments)")
    }
    return outcome
  }

  /// Runs a line of shell, in which `$ftreport` is the command.
  func shell(_ line: String) throws -> Outcome { try run("/bin/sh", ["-c", line]) }

  /// Whether `atTerminal` works: not where `script` is missing or the system lends no terminals.
  static let hasTerminals = (try? Command(folder: "/tmp").atTerminal("test -t 1").status) == 0

  /// Runs a line of shell at a terminal, whose text is the output.
  func atTerminal(_ line: String) throws -> Outcome {
    #if canImport(Darwin)
      try run("/usr/bin/script", ["-q", "/dev/null", "/bin/sh", "-c", line])
    #else
      try run("/usr/bin/script", ["--quiet", "--return", "--command", line, "/dev/null"])
    #endif
  }

  private func run(_ program: String, _ arguments: [String]) throws -> Outcome {
    let files = try TemporaryFolder()
    let output = files.file("output")
    let errors = files.file("errors")
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var variables = ["PATH": Environment["PATH"] ?? "", "HOME": folder, "ftreport": Self.binary]
    // What the sanitizers are told holds for the command too.
    for name in ["ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"] { variables[name] = Environment[name] }
    variables.merge(environment) { $1 }
    // The shell goes to the folder, for there is no portable call that starts a program in one.
    let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder, program] + arguments
    let process = try unsafe CStringList(words).withPointers { words in
      try unsafe CStringList(variables.map { "\($0.key)=\($0.value)" }).withPointers { settings in
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, "/bin/sh", &actions, nil, words, settings)
        guard code == 0 else { throw SystemError(operation: "run", path: program, code: code) }
        return process
      }
    }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7f
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
      output: String(decoding: try Files.read(output), as: UTF8.self),
      errors: String(decoding: try Files.read(errors), as: UTF8.self))
  }
}

/// Words as C hands them to a program.
private struct CStringList {
  var words: [String]

  init(_ words: [String]) { self.words = words }

  func withPointers<Result>(
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
  ) rethrows -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
    defer { for index in words.indices { unsafe free(pointers[index]) } }
    return try unsafe body(&pointers)
  }
}
