/// Command lines as a shell reads them.
enum ShellText {
  /// The command with its arguments, each quoted where a shell would act on it.
  static func command(_ arguments: some Sequence<String>) -> String {
    (["ftreport"] + arguments.map(quoted)).joined(separator: " ")
  }

  /// `text` as one word of a shell.
  static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "_-./=:,%@+".utf8.contains(byte)
        }
      }
    if isPlain { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
