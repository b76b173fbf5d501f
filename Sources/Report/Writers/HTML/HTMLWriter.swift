internal import Media

/// Documents as one HTML file that needs nothing else: pictures inside it, styles for light, dark and paper, one script
/// that a page reads the same without, and a policy that lets a browser run no other and ask nobody for anything.
struct HTMLWriter {
  /// Whether the page has a script: pictures come with their numbers, findings lead to their places in them.
  private let isLive: Bool

  /// The whole file.
  ///
  /// - Parameter title: what the browser's tab says.
  static func text(_ document: Document, title: String) -> String {
    let policy =
      "default-src 'none'; script-src 'sha256-\(PageScript.hash)'; style-src 'unsafe-inline'; img-src data:; "
      + "media-src data:"
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(MarkupText.escaped(title))</title>
      <style>\(HTMLStyle.surroundings)\(HTMLStyle.text)</style>
      </head>
      <body>
      <main class="\(HTMLStyle.scope)">
      \(HTMLWriter(isLive: true).body(document))</main>
      <script>\(PageScript.text)</script>
      </body>
      </html>

      """
  }

  /// The page for a place that is a page already, such as a notebook's cell: without a script.
  static func fragment(_ document: Document) -> String {
    """
    <div class="\(HTMLStyle.scope)">
    <style>\(HTMLStyle.text)</style>
    \(HTMLWriter(isLive: false).body(document))</div>

    """
  }

  private func body(_ document: Document) -> String { document.blocks.map(block).joined() }

  private func block(_ block: Document.Block) -> String {
    switch block {
    case .heading(let level, let text):
      "<h\(min(max(level, 1), 6))>\(Self.inline(text))</h\(min(max(level, 1), 6))>\n"
    case .paragraph(let text): "<p>\(Self.inline(text))</p>\n"
    case .list(let isNumbered, let items): list(items, element: isNumbered ? "ol" : "ul")
    case .table(let table): Self.table(table)
    case .picture(let picture): figure(picture)
    case .chart(let chart):
      "<pre class=\"chart\">\(chart.lines(width: 80).map { Self.inline($0) }.joined(separator: "\n"))</pre>\n"
    case .media(let media): "<div class=\"media\">\n\(media.map(Self.media).joined())</div>\n"
    case .code(let text, _): "<pre><code>\(MarkupText.lines(text))</code></pre>\n"
    case .fold(let summary, let blocks):
      "<details>\n<summary>\(Self.inline(summary))</summary>\n\(blocks.map(self.block).joined())</details>\n"
    case .callOut(let text): "<blockquote><p>\(Self.inline(text))</p></blockquote>\n"
    }
  }

  /// A picture, which has a title and a description of its own.
  private func figure(_ picture: Document.Picture) -> String {
    guard isLive else { return "<figure>\n\(picture.svg)</figure>\n" }
    let data = picture.data.map { "<script type=\"application/json\">\($0)</script>\n" } ?? ""
    return "<figure id=\"\(picture.name)\">\n\(picture.svg)\(data)</figure>\n"
  }

  /// A picture or a player with its caption: the bytes as they are, of a type that this writer names.
  private static func media(_ media: Document.Media) -> String {
    let source = "data:\(media.type.mimeType);base64,\(Base64.text(media.bytes))"
    let caption = "<figcaption>\(inline(media.caption))</figcaption>"
    let shown =
      media.type.isPicture
      ? "<img src=\"\(source)\" alt=\"\(MarkupText.escaped(media.caption.plain))\">"
      : "\(media.wave)<audio controls preload=\"none\" src=\"\(source)\"></audio>"
    return "<figure>\(shown)\(caption)</figure>\n"
  }

  private func list(_ items: [Document.Item], element: String) -> String {
    let rows = items.map { item in
      let children =
        item.children.isEmpty
        ? "" : "<ul>\(item.children.map { "<li>\(Self.inline($0))</li>" }.joined())</ul>"
      let label = item.label.isEmpty ? "" : Self.inline(item.label) + " "
      var lines = item.lines.map { Self.inline($0) }
      if isLive, let place = item.place, !lines.isEmpty { lines[0] += Self.link(place) }
      let words = label + lines.joined(separator: "<br/>\n")
      let tone = Self.tone(item).map { " class=\"\($0.rawValue)\"" } ?? ""
      return "<li\(tone)>\(words)\(children)</li>\n"
    }
    return "<\(element)>\n\(rows.joined())</\(element)>\n"
  }

  /// The way to a place in a picture, where a script marks it.
  private static func link(_ place: Document.Place) -> String {
    let steps = "data-from=\"\(place.steps.lowerBound)\" data-to=\"\(place.steps.upperBound)\""
    return " <a class=\"place\" href=\"#\(place.picture)\" \(steps)>show</a>"
  }

  /// The tone that an item begins with.
  private static func tone(_ item: Document.Item) -> InlineText.Tone? {
    guard case .toned(let tone, _)? = (item.label + (item.lines.first ?? "")).runs.first else { return nil }
    return tone
  }

  private static func table(_ table: Table) -> String {
    let head = zip(table.columns, table.columns.map(\.header)).map { column, header in
      "<th scope=\"col\"\(classes(column))>\(inline(header))</th>"
    }
    let rows = table.rows.map { row in
      let cells = row.enumerated().map { index, cell in
        if table.isOfFacts, index == 0 { return "<th scope=\"row\">\(inline(cell.text))</th>" }
        let value = cell.value.map { " data-value=\"\($0)\"" } ?? ""
        return "<td\(table.isOfFacts ? "" : classes(table.columns[index]))\(value)>\(inline(cell.text))</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    // Facts name themselves; for who hears the page, the headers are there all the same.
    return """
      <div class="table"><table\(table.isOfFacts ? " class=\"facts\"" : "")>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(rows.joined())</tbody>
      </table></div>

      """
  }

  private static func classes(_ column: Table.Column) -> String {
    column.side == .right ? " class=\"right\"" : column.isOnOneLine ? " class=\"short\"" : ""
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
}
