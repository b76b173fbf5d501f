import FileSystem
import Report

/// Command lines as a shell reads them.
enum ShellText {
  /// The command with its arguments, each quoted where a shell would act on it.
  static func command(_ arguments: some Sequence<String>) -> String {
    (["ftreport"] + arguments.map(quoted)).joined(separator: " ")
  }

  /// `text` as one word of a shell.
  ///
  /// It works on Unicode scalars: a quote with a combining mark behind it ends a quotation as the quote alone does.
  /// What a page or a terminal would not show as it is comes as `$'…'` with escapes, which bash, zsh and POSIX 2024 read.
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
    let isVisible = ForeignText.visible(text) == text
    var quoted = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": quoted.append(contentsOf: (isVisible ? "'\\''" : "\\'").unicodeScalars)
      case "\\" where !isVisible: quoted.append(contentsOf: "\\\\".unicodeScalars)
      case _ where ForeignText.visible(String(scalar)) == String(scalar): quoted.append(scalar)
      default:
        for byte in PathBytes.bytes(String(scalar)) {
          // Three octal digits end by themselves, whatever follows.
          quoted.append(contentsOf: "\\\(Self.octal(byte))".unicodeScalars)
        }
      }
    }
    return (isVisible ? "'" : "$'") + String(quoted) + "'"
  }

  private static func octal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 8)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}
