import ArgumentParser

/// The completion scripts of the argument parser, which know nothing of a default subcommand: `ftreport --fo` and
/// `ftreport saves/` get what `ftreport report` would get.
enum CompletionScript {
  /// `script`, for whichever shell it is, with the arguments of `report` where no subcommand stands.
  static func withDefault(_ script: String) -> String {
    let names = (FTReport.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"])
      .joined(separator: "|")
    if script.hasPrefix("#!/bin/bash") { return bash(script, names) }
    return script.hasPrefix("#compdef") ? zsh(script, names) : fish(script, names)
  }

  private static func bash(_ script: String, _ names: String) -> String {
    let words = names.replacing("|", with: " ")
    let offer = "        COMPREPLY+=($(compgen -W '\(words)' -- \"${cur}\"))\n"
    return script.replacing(
      offer,
      with: offer + """
                # What is no subcommand is an argument of 'report'.
                unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")
                _ftreport_report

        """)
  }

  private static func zsh(_ script: String, _ names: String) -> String {
    let start = "    local -i ret=1\n"
    let files = "        _describe -V subcommand subcommands && ret=0\n"
    return script.replacing(
      start,
      with: """
            # What is no subcommand is an argument of 'report'.
            if [[ "${words[2]}" == -* || ( "${CURRENT}" -gt 2 && "${words[2]}" != (\(names)) ) ]]; then
                _ftreport_report
                return
            fi


        """ + start, maxReplacements: 1
    ).replacing(files, with: files + "        _files && ret=0\n", maxReplacements: 1)
  }

  private static func fish(_ script: String, _ names: String) -> String {
    let start = "    set -l unparsed_tokens (__ftreport_tokens -pc)\n"
    let files = "complete -c 'ftreport' -f\n"
    let condition = "__ftreport_should_offer_completions_for_positional \"ftreport\" -eq 1"
    return script.replacing(
      start,
      with: start + """
            # What is no subcommand is an argument of 'report'.
            if string match -q -- '-*' (commandline -ct); and test (count $unparsed_tokens) -eq 1
                set -a unparsed_tokens report
            else if test (count $unparsed_tokens) -gt 1
                string match -qr -- '^(\(names))$' $unparsed_tokens[2]
                or set unparsed_tokens $unparsed_tokens[1] report $unparsed_tokens[2..]
            end

        """, maxReplacements: 1
    ).replacing(files, with: files + "complete -c 'ftreport' -n '\(condition)' -F\n", maxReplacements: 1)
  }
}
