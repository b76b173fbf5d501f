public import Analysis
public import RunFolder

/// A gate report as a page, in each format that pages have.
public struct GateText {
  private let words: GateWords
  private let command: String
  /// The curves of the gates that did not pass, by the ids of the gates.
  private let curves: [String: GateCurves]

  /// The most gates whose curves are drawn.
  private static let drawnGates = 8

  /// - Parameters:
  ///   - report: what the gates said.
  ///   - strict: whether inconclusive gates fail the process.
  ///   - command: the command line that repeats the gate.
  ///   - run: the run, whose curves are drawn beside those of `baseline` where a gate did not pass; nil for no picture.
  public init(
    _ report: GateReport, strict: Bool, command: String, run: TrainingRun? = nil,
    baseline: GateBaseline = .none
  ) {
    let words = GateWords(report: report, strict: strict)
    self.words = words
    self.command = command
    let bad = words.ranked.filter { $0.status == .fail || $0.status == .inconclusive }
    guard !bad.isEmpty, let run = run?.withoutFilteredZeros else {
      curves = [:]
      return
    }
    let held = baseline.withoutFilteredZeros
    let drawn = bad.compactMap { GateCurves($0, words: words, run: run, baseline: held) }
      .prefix(Self.drawnGates)
    curves = Dictionary(drawn.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func page(_ illustrations: [String: Document.Block]) -> GatePage {
    GatePage(words: words, command: command, illustrations: illustrations)
  }

  /// The page for a step summary or a comment, of at most `maxBytes` in UTF-8, its charts in characters.
  ///
  /// Where it does not fit, the charts go first, then what passed, the evidence, and the columns; the id of every gate
  /// that failed stays, whatever the limit.
  public func markdown(maxBytes: Int = .max) -> String {
    text(page(curves.mapValues { .chart(TextChart($0)) }), maxBytes: maxBytes)
  }

  /// The page as the file `name`, with the pictures that belong beside it.
  public func files(name: String, maxBytes: Int = .max) -> [ReportFile] {
    let pictures = pictures(prefix: "\(name.hasSuffix(".md") ? String(name.dropLast(3)) : name)-")
    let text = text(page(pictures.mapValues { .picture($0) }), maxBytes: maxBytes)
    let shown = pictures.values.sorted { $0.path < $1.path }
    return [ReportFile(path: name, text: text)] + shown.map(\.file)
  }

  /// The files of a folder of its own: `report.md`, its pictures, the same as `report.html`, and `report.json`.
  public var reportFiles: [ReportFile] {
    let json = GateJSON.value(words.report, strict: words.strict).indentedText
    return files(name: "report.md") + [
      ReportFile(path: "report.html", text: html), ReportFile(path: "report.json", text: json),
    ]
  }

  private func text(_ page: GatePage, maxBytes: Int) -> String {
    MarkdownWriter.text(
      page.document(limit: "\(maxBytes) bytes") { MarkdownWriter.text($0).utf8.count <= maxBytes })
  }

  /// A picture for each gate that has curves, by the ids of the gates.
  private func pictures(prefix: String) -> [String: Document.Picture] {
    let ids = curves.keys.sorted()
    let slugs = Slug.unique(ids)
    return Dictionary(
      uniqueKeysWithValues: zip(ids, slugs).compactMap { id, slug in
        guard let curves = curves[id] else { return nil }
        let picture = Document.Picture(
          path: "\(prefix)\(slug).svg", words: curves.words, svg: curves.picture.document.text)
        return (id, picture)
      })
  }

  /// The page as one HTML file.
  public var html: String {
    HTMLWriter.text(illustrated.document, title: "ftreport gate: \(words.headline)")
  }

  private var illustrated: GatePage { page(pictures(prefix: "").mapValues { .picture($0) }) }

  /// What a notebook displays: one line of JSON with a member for each MIME type.
  public var mimeBundle: String {
    MIMEBundle(
      html: HTMLWriter.fragment(illustrated.document), markdown: markdown(), picture: nil,
      text: terminalText(TerminalStyle())
    ).json
  }

  /// What a terminal shows: a line a gate, and the evidence of those that did not pass.
  ///
  /// - Parameter location: where a report was written, nil where none was.
  public func terminalText(_ style: TerminalStyle, location: String? = nil) -> String {
    TerminalWriter(style).text(GateSummary(words: words, command: command).document.with(location: location))
  }
}
