internal import Analysis
internal import EventFile

extension ValueSection {
  /// The most characters of a text that are shown.
  private static let textLimit = 1200
  /// The most rows of a table of texts.
  private static let rowLimit = 40

  /// Texts over the steps: Markdown in them is shown as it was written, for it is somebody else's.
  var textBlocks: [Document.Block] {
    guard !values.texts.isEmpty else { return [] }
    var blocks: [Document.Block] = [.section("Texts")]
    for course in values.texts {
      let rest =
        course.stepCount > course.texts.count
        ? ": \(NumberText.count(course.texts.count)) of \(NumberText.count(course.stepCount, "step")) are shown"
        : ""
      blocks.append(.heading(level: 3, "\(code: course.tag)\(rest)"))
      if course.texts.allSatisfy({ $0.grid.strings.count == 1 }) {
        var table = Table(["Step", "Text"], sides: [.right, .left])
        for entry in course.texts { table.add([.count(entry.step), Self.cell(entry.grid.strings[0])]) }
        blocks.append(.table(table))
        if let difference = course.difference { blocks += Self.changes(difference, course) }
      } else if let last = course.texts.last {
        blocks.append(.paragraph("At step \(NumberText.count(last.step)):"))
        blocks.append(.table(Self.table(last.grid)))
        if last.grid.strings.isEmpty { blocks.append(.paragraph("No text.")) }
      }
    }
    return blocks + omission(.text, "tag")
  }

  private static func cell(_ text: String) -> Table.Cell {
    Table.Cell(InlineText(ForeignText.shortened(text, to: textLimit)))
  }

  private static func table(_ grid: TextGrid) -> Table {
    let width = grid.dimensions.count >= 2 ? max(1, grid.dimensions[grid.dimensions.count - 1]) : 1
    guard width > 1, width <= 12 else {
      var table = Table(["", "Text"], sides: [.right, .left])
      for (index, text) in grid.strings.prefix(rowLimit).enumerated() {
        table.add([.count(index + 1), cell(text)])
      }
      return table
    }
    // The first row of a table is its heading, as TensorBoard shows it.
    let rows = stride(from: 0, to: grid.strings.count, by: width).map { Array(grid.strings[$0..<$0 + width]) }
    var table = Table(rows[0].map { Table.Column(InlineText(ForeignText.shortened($0, to: 80))) })
    for row in rows.dropFirst().prefix(rowLimit) { table.add(row.map(cell)) }
    return table
  }

  private static func changes(_ difference: TextDifference, _ course: TextCourse) -> [Document.Block] {
    guard let first = course.texts.first?.step, let last = course.texts.last?.step else { return [] }
    let share = NumberText.percent(difference.similarity)
    return [
      .fold(
        summary:
          "From step \(NumberText.count(first)) to step \(NumberText.count(last)): \(share) of the words are the same",
        [.paragraph(text(of: difference))])
    ]
  }

  /// What changed, with what is the same on both sides of a change.
  static func text(of difference: TextDifference) -> InlineText {
    var text = InlineText()
    var length = 0
    for part in difference.parts where length < textLimit {
      // What is the same on both sides of a change is shown by its ends.
      let shown: String
      if case .same(let same) = part, same.unicodeScalars.count > 120 {
        shown = String(same.unicodeScalars.prefix(50)) + " … " + String(same.unicodeScalars.suffix(50))
      } else {
        shown = ForeignText.shortened(part.text, to: 400)
      }
      length += shown.unicodeScalars.count
      switch part {
      case .same: text += InlineText(shown)
      case .removed: text += .toned(.bad, InlineText("[−\(shown)−]"))
      case .added: text += .toned(.good, InlineText("[+\(shown)+]"))
      }
    }
    return text
  }
}
