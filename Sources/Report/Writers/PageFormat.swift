public import JSON

/// The formats in which every verb's answer can be had: one writer each.
public enum PageFormat: String, CaseIterable, Sendable {
  /// Markdown.
  case md
  /// One HTML file with everything in it.
  case html
  /// Text for a terminal.
  case term
  /// Figures for other programs.
  case json
  /// What a notebook displays: one line of JSON with a member for each MIME type.
  case mimebundle
}

/// An answer that every format can show, made of documents and of figures.
public protocol Presentable: Sendable {
  /// What the answer is called where there is one line for it.
  var title: String { get }

  /// Everything that there is to read.
  ///
  /// - Parameter isIllustrated: whether the page has its pictures, which formats without files of their own cannot show.
  func page(isIllustrated: Bool) -> Document

  /// The picture that says the most, an SVG document; nil without one.
  var picture: String? { get }

  /// The figures, under keys that `docs/schema` describes.
  var value: JSONValue { get }

  /// The figures as JSON text, indented.
  var json: String { get }

  /// Hands the text of `json` to `write`, piece by piece: whole lines, so that the whole need not be in memory.
  func writeJSON<Failure>(_ write: ([UInt8]) throws(Failure) -> Void) throws(Failure)

  /// A screenful for a terminal, where the page has more.
  var summary: Document { get }

  /// What a terminal shows; `location` is where a report was written, nil where none was.
  func terminalText(_ style: TerminalStyle, location: String?) -> String
}

extension Presentable {
  /// No picture.
  public var picture: String? { nil }

  /// The figures as JSON text, indented.
  public var json: String { value.indentedText }

  /// Writes the figures as they are made.
  public func writeJSON<Failure>(_ write: ([UInt8]) throws(Failure) -> Void) throws(Failure) {
    try value.writeIndented(write)
  }

  /// The page, for an answer that is short.
  public var summary: Document { page(isIllustrated: false) }

  /// The summary, and where the report was written.
  public func terminalText(_ style: TerminalStyle, location: String?) -> String {
    TerminalWriter(style).text(summary.with(location: location))
  }

  /// What a terminal shows.
  public func terminalText(_ style: TerminalStyle = TerminalStyle()) -> String {
    terminalText(style, location: nil)
  }

  /// The page as Markdown, without pictures.
  public var markdown: String { MarkdownWriter.text(page(isIllustrated: false)) }

  /// The page with its pictures as one HTML file.
  public var html: String { HTMLWriter.text(page(isIllustrated: true), title: title) }

  /// What a notebook displays: one line of JSON with a member for each MIME type.
  public var mimeBundle: String {
    MIMEBundle(
      html: HTMLWriter.fragment(page(isIllustrated: true)), markdown: markdown, picture: picture,
      text: terminalText()
    ).json
  }

  /// The answer as text.
  ///
  /// - Parameter style: how a terminal shows it; no other format asks.
  public func text(in format: PageFormat, style: TerminalStyle = TerminalStyle()) -> String {
    switch format {
    case .md: markdown
    case .html: html
    case .term: terminalText(style)
    case .json: json
    case .mimebundle: mimeBundle
    }
  }
}
