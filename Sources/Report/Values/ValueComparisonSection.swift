internal import Analysis

/// How the values beside scalars of two runs differ.
struct ValueComparisonSection {
  let comparison: ValueComparison

  /// The section; nothing where the runs share no such value.
  var blocks: [Document.Block] {
    guard !comparison.rows.isEmpty else { return [] }
    var table = Table(
      ["Tag", "Step", "Difference"], sides: [.left, .right, .left])
    for row in comparison.rows {
      table.add([.code(row.tag), .count(row.step), Table.Cell(InlineText(words(row.difference)))])
    }
    var blocks: [Document.Block] = [
      .section("Data beside scalars"), .paragraph("Each tag at the last step that both runs have."),
      .table(table),
    ]
    for row in comparison.rows {
      guard case .texts(let difference) = row.difference, difference.similarity < 1 else { continue }
      blocks.append(
        .fold(
          summary: "\(code: row.tag) at step \(NumberText.count(row.step))",
          [.paragraph(ValueSection.text(of: difference))]))
    }
    return blocks
  }

  private func words(_ difference: ValueComparison.Difference) -> String {
    switch difference {
    case .histograms(let distance, let share):
      if distance == 0 { return "the same histogram" }
      let part =
        share.map { ", \(NumberText.percent($0)) of the range of nearly all elements (5–95 %)" } ?? ""
      return
        "elements are \(NumberText.significant(distance, digits: 3)) apart on average (Wasserstein)\(part)"
    case .texts(let difference):
      if difference.similarity == 1 { return "the same text" }
      return "\(NumberText.percent(difference.similarity)) of the words are the same"
    case .pictures(let count, let same, let ratio):
      if same == count {
        return count == 1 ? "the same picture" : "the same \(NumberText.count(count, "picture"))"
      }
      let least =
        ratio.map { "; the most different has a PSNR of \(NumberText.significant($0, digits: 3)) dB" } ?? ""
      return "\(NumberText.count(same)) of \(NumberText.count(count, "picture")) the same\(least)"
    case .averagePrecisions(let base, let new):
      return
        "average precision \(NumberText.significant(base)) → \(NumberText.significant(new)) (\(NumberText.signed(new - base, digits: 3)))"
    }
  }
}
