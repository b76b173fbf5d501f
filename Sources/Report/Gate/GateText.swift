public import Analysis

/// A gate report as a page, in each format that pages have.
public struct GateText {
  private let words: GateWords
  private let command: String

  /// - Parameters:
  ///   - report: what the gates said.
  ///   - strict: whether inconclusive gates fail the process.
  ///   - command: the command line that repeats the gate.
  public init(_ report: GateReport, strict: Bool, command: String) {
    words = GateWords(report: report, strict: strict)
    self.command = command
  }

  private var page: GatePage { GatePage(words: words, command: command) }

  /// The page for a step summary or a comment, of at most `maxBytes` in UTF-8.
  ///
  /// Where it does not fit, what passed goes first, then the evidence, then the columns; the id of every gate that
  /// failed stays, whatever the limit.
  public func markdown(maxBytes: Int = .max) -> String {
    MarkdownWriter.text(
      page.document(limit: "\(maxBytes) bytes") { MarkdownWriter.text($0).utf8.count <= maxBytes })
  }

  /// The page as one HTML file.
  public var html: String { HTMLWriter.text(page.document, title: "ftreport gate: \(words.headline)") }

  /// What a notebook displays: one line of JSON with a member for each MIME type.
  public var mimeBundle: String {
    MIMEBundle(
      html: HTMLWriter.fragment(page.document), markdown: markdown(), picture: nil,
      text: terminalText(TerminalStyle())
    ).json
  }

  /// What a terminal shows: a line a gate, and the evidence of those that did not pass.
  public func terminalText(_ style: TerminalStyle) -> String {
    TerminalWriter(style).text(GateSummary(words: words, command: command).document)
  }
}
