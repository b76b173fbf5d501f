internal import Analysis

/// The page of a gate report: failures first, and as rich as there is room for.
struct GatePage {
  let words: GateWords
  let command: String
  /// The charts of gates that did not pass, by the ids of the gates.
  var illustrations: [String: Document.Block] = [:]

  private var bad: [GateResult] { words.ranked.filter { $0.status != .pass } }
  private var passed: [GateResult] { words.ranked.filter { $0.status == .pass } }

  /// The page with everything.
  var document: Document {
    var page = Document(header)
    page.add(table(words.ranked))
    page.add(bad.flatMap(details) + words.differences + footer)
    return page
  }

  /// The richest page that `fits`: where the whole does not, the charts go first, then what passed, the evidence, and
  /// the columns. The id of every gate that failed stays, whatever fits.
  ///
  /// - Parameter limit: what the room is, in words.
  func document(limit: String, fits: (Document) -> Bool) -> Document {
    if fits(document) { return document }
    if !illustrations.isEmpty {
      return GatePage(words: words, command: command).document(limit: limit, fits: fits)
    }
    let short = shortened(to: bad.count, limit)
    if fits(short) { return short }
    // As many details as there is room for.
    var room = 0..<bad.count
    while !room.isEmpty {
      let middle = (room.lowerBound + room.upperBound) / 2
      if fits(shortened(to: middle, limit)) {
        room = middle + 1..<room.upperBound
      } else {
        room = room.lowerBound..<middle
      }
    }
    if room.lowerBound > 0 { return shortened(to: room.lowerBound - 1, limit) }
    return [tableAlone, list].first(where: fits) ?? ids
  }

  /// A page without what passed, with the details of the first `count` gates.
  private func shortened(to count: Int, _ limit: String) -> Document {
    var page = tableAlone
    page.add(bad.prefix(count).flatMap(details))
    if count < bad.count {
      let rest = NumberText.count(bad.count - count, "gate")
      page.add(.paragraph("The details of \(rest) are left out: the page has a limit of \(limit)."))
    }
    page.add(footer)
    return page
  }

  private var tableAlone: Document {
    var page = Document(header)
    page.add(table(bad))
    page.add(note)
    return page
  }

  private var list: Document {
    var page = Document(header)
    page.add(
      .bullets(bad.map { "\(GateWords.sign($0)) \(code: $0.gate.id) \($0.status.name)" }))
    page.add(note)
    return page
  }

  private var ids: Document {
    let ids = bad.map { InlineText.code($0.gate.id) }.joined(separator: " ")
    return Document([.paragraph("\(words.verdictWord): \(ids)")])
  }

  private var header: [Document.Block] {
    let report = words.report
    let sign = words.ranked.first.map(GateWords.sign) ?? "✅"
    var text = InlineText.code(report.runPath)
    if !report.baselines.isEmpty {
      let names = report.baselines.prefix(6).map { InlineText.code($0) }.joined(separator: ", ")
      text += " against \(names)\(report.baselines.count > 6 ? ", …" : "")"
    }
    text += " by \(code: report.configuration)"
    if !report.disabled.isEmpty {
      let ids = report.disabled.map { InlineText.code($0) }.joined(separator: ", ")
      text += "; disabled for this run: \(ids)"
    }
    let tests = report.testCount
    if tests > 1, report.multiplicity == .holm {
      text +=
        "; the \(tests) checks that noise decides share one chance of a false alarm (multiplicity: holm)"
    }
    return [.section("\(sign) ftreport gate: \(words.headline)"), .paragraph(text)]
  }

  private func table(_ results: [GateResult]) -> Table {
    var table = Table(
      ["", "gate", "what", "expected", "found", "change"],
      sides: [.left, .left, .left, .left, .right, .right])
    for result in results {
      // Of many checks, the deciding ones and as many as a reader takes in.
      let checks = result.status == .pass ? Array(result.checks.prefix(4)) : GateWords.deciding(result)
      for check in checks.prefix(20) {
        table.add([
          Table.Cell(GateWords.sign(result)), .code(result.gate.id),
          Table.Cell(GateWords.subject(check, result.gate)), Table.Cell(GateWords.expected(check)),
          Table.Cell(GateWords.found(check), value: check.found), Table.Cell(GateWords.change(check)),
        ])
      }
      if checks.count > 20 { table.add(["", "", "and \(checks.count - 20) more"]) }
    }
    return table
  }

  private func details(_ result: GateResult) -> [Document.Block] {
    var blocks: [Document.Block] = [
      .heading(
        level: 3,
        "\(GateWords.sign(result)) \(code: result.gate.id) — \(result.status.name), line \(result.gate.line)")
    ]
    if let message = result.gate.message { blocks.append(.callOut(InlineText(message))) }
    let checks = GateWords.deciding(result)
    var items = checks.prefix(5).map { check in
      Document.Item(
        "\(GateWords.subject(check, result.gate)): expected \(GateWords.expected(check)), found \(GateWords.found(check)): \(words.reason(check)).",
        children: words.evidence(check).map { InlineText($0) })
    }
    if checks.count > 5 { items.append(Document.Item("and \(checks.count - 5) more")) }
    return blocks + [.list(isNumbered: false, items)] + [illustrations[result.gate.id]].compactMap { $0 }
  }

  private var footer: [Document.Block] { [.paragraph("Repeat it with"), .code(command, language: "sh")] }

  private var note: [Document.Block] {
    passed.isEmpty ? [] : [.paragraph("✅ \(NumberText.count(passed.count, "gate")) passed.")]
  }
}
