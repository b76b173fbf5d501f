import TestSupport
import Testing

struct CompletionTests {
  private let folder: TemporaryFolder
  private let ftreport: Command

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  @Test(arguments: [
    (["--fo"], "--format"), (["sav"], "saves"), (["saves", "--quie"], "--quiet"),
    (["--format", "ndj"], "ndjson"),
    (["insp"], "inspect"), (["compare", "--tar"], "--target"),
  ])
  func `bash completes arguments of the default subcommand, and those of others`(
    words: [String], wanted: String
  ) throws {
    _ = try ftreport.shell("mkdir saves && $ftreport --generate-completion-script bash >script")
    let line = (["ftreport"] + words).joined(separator: " ")
    let outcome = try ftreport.shell(
      """
      exec bash -c 'source ./script
      COMP_WORDS=(\(line)); COMP_CWORD=\(words.count); COMP_LINE="\(line)"; COMP_POINT=${#COMP_LINE}
      _ftreport ftreport "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      echo "${COMPREPLY[@]}"'
      """)
    #expect(
      outcome.output.split(separator: "\n").last.map { $0.split(separator: " ") } == [Substring(wanted)])
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `every shell's script falls back to the default subcommand`(shell: String) throws {
    let script = try ftreport("--generate-completion-script", shell).output
    #expect(script.contains("# What is no subcommand is an argument of 'report'."))
  }
}
