/// Documents as one HTML file that needs nothing else: pictures inside it, styles for light, dark and paper, no script,
/// and a policy that lets a browser ask nobody for anything.
struct HTMLWriter {
  /// The whole file.
  ///
  /// - Parameter title: what the browser's tab says.
  static func text(_ document: Document, title: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(MarkupText.escaped(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <main>
    \(body(document))</main>
    </body>
    </html>

    """
  }

  /// The inside of the page, for a place that is a page already, such as a notebook's cell.
  static func body(_ document: Document) -> String { document.blocks.map(block).joined() }

  private static func block(_ block: Document.Block) -> String {
    switch block {
    case .heading(let level, let text):
      "<h\(min(max(level, 1), 6))>\(inline(text))</h\(min(max(level, 1), 6))>\n"
    case .paragraph(let text): "<p>\(inline(text))</p>\n"
    case .list(let isNumbered, let items): list(items, element: isNumbered ? "ol" : "ul")
    case .table(let table): self.table(table)
    case .picture(let picture):
      // The picture has a title and a description of its own.
      "<figure>\n\(picture.svg)</figure>\n"
    case .chart(let text): "<pre class=\"chart\">\(lines(text))</pre>\n"
    case .code(let text, _): "<pre><code>\(lines(text))</code></pre>\n"
    case .fold(let summary, let blocks):
      "<details>\n<summary>\(inline(summary))</summary>\n\(blocks.map(self.block).joined())</details>\n"
    case .callOut(let text): "<blockquote><p>\(inline(text))</p></blockquote>\n"
    }
  }

  private static func list(_ items: [Document.Item], element: String) -> String {
    let rows = items.map { item in
      let children =
        item.children.isEmpty ? "" : "<ul>\(item.children.map { "<li>\(inline($0))</li>" }.joined())</ul>"
      return "<li>\(item.lines.map { inline($0) }.joined(separator: "<br>\n"))\(children)</li>\n"
    }
    return "<\(element)>\n\(rows.joined())</\(element)>\n"
  }

  private static func table(_ table: Table) -> String {
    func cells(_ texts: [InlineText], _ element: String) -> String {
      let cells = zip(table.columns, texts).map { column, text in
        "<\(element)\(column.side == .right ? " class=\"right\"" : "")>\(inline(text))</\(element)>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let rows = table.rows.map { cells($0.map(\.text), "td") }.joined()
    return """
      <div class="table"><table>
      <thead>
      \(cells(table.columns.map(\.header), "th"))</thead>
      <tbody>
      \(rows)</tbody>
      </table></div>

      """
  }

  private static func inline(_ text: InlineText) -> String {
    text.runs.map { run in
      switch run {
      case .text(let text): MarkupText.escaped(text)
      case .code(let text): "<code>\(MarkupText.escaped(text))</code>"
      case .strong(let text): "<strong>\(inline(text))</strong>"
      case .number(let text): "<span class=\"number\">\(MarkupText.escaped(text))</span>"
      case .link(let text, let target): "<a href=\"\(MarkdownText.link(target))\">\(inline(text))</a>"
      case .toned(let tone, let text): "<span class=\"\(tone.rawValue)\">\(inline(text))</span>"
      }
    }.joined()
  }

  /// Lines that stay lines, each of them without anything that acts.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { MarkupText.escaped(String($0)) }
      .joined(separator: "\n")
  }

  /// Colours as the pictures have them, light and dark; on paper always light.
  private static let style = """
    :root { --page: #fff; --ink: #1f2328; --quiet: #59636e; --rule: #d1d9e0; --tint: #f6f8fa; --good: #1a7f37; \
    --warning: #9a6700; --bad: #cf222e; --link: #0969da; }
    @media screen and (prefers-color-scheme: dark) { :root { --page: #0d1117; --ink: #f0f6fc; --quiet: #9198a1; \
    --rule: #3d444d; --tint: #151b23; --good: #3fb950; --warning: #d29922; --bad: #f85149; --link: #4493f8; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 920px; margin: 0 auto; padding: 24px 16px 64px; }
    h1 { font-size: 1.7em; line-height: 1.25; overflow-wrap: anywhere; }
    h2 { font-size: 1.3em; margin-top: 1.8em; padding-bottom: .25em; border-bottom: 1px solid var(--rule); }
    h3 { font-size: 1.1em; margin-top: 1.5em; }
    figure { margin: 1em 0; overflow-x: auto; }
    figure svg { display: block; max-width: 100%; height: auto; }
    .table { overflow-x: auto; margin: 1em 0; }
    table { border-collapse: collapse; font-size: .9em; font-variant-numeric: tabular-nums; }
    th, td { padding: .3em .75em; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
    th { font-weight: 600; white-space: nowrap; }
    .right { text-align: right; white-space: nowrap; }
    code, pre { font: .875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    code { background: var(--tint); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
    pre { background: var(--tint); padding: 12px; border-radius: 6px; overflow-x: auto; }
    pre code { padding: 0; }
    pre.chart { line-height: 1.1; }
    blockquote { margin: 1em 0; padding: 0 1em; border-left: 4px solid var(--rule); color: var(--quiet); }
    summary { cursor: pointer; }
    a { color: var(--link); }
    .number { white-space: nowrap; }
    .good { color: var(--good); } .warning { color: var(--warning); } .bad { color: var(--bad); }
    .quiet { color: var(--quiet); }
    @media print { main { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } }
    """
}
