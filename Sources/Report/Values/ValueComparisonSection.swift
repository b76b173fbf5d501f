internal import Analysis
internal import Media

/// How the values beside scalars of two runs differ.
struct ValueComparisonSection {
  let comparison: ValueComparison

  /// The most bytes of pictures in the section.
  private static let mediaLimit = 4 << 20

  /// The pairs of pictures that are shown side by side, with their tags and steps.
  private var pairs: [(row: ValueComparison.Row, pair: ValueComparison.PicturePair, media: [Document.Media])]
  {
    var room = Self.mediaLimit
    return comparison.rows.flatMap { row in
      guard case .pictures(_, _, _, let pairs) = row.difference else {
        return [] as [(ValueComparison.Row, ValueComparison.PicturePair, [Document.Media])]
      }
      return pairs.compactMap { pair in
        let media = [(pair.base, "baseline"), (pair.new, "new")].compactMap { Self.media($0, $1) }
        let size = media.reduce(0) { $0 + $1.bytes.count }
        guard media.count == 2, size <= room else { return nil }
        room -= size
        return (row, pair, media)
      }
    }
  }

  /// The pictures of the trainings' own, each once.
  var media: [Document.Media] {
    var seen: Set<String> = []
    return pairs.flatMap(\.media).filter { seen.insert($0.path).inserted }
  }

  private static func media(_ bytes: [UInt8], _ name: String) -> Document.Media? {
    let header = MediaHeader(bytes)
    guard let type = header.type, header.isShowable, let width = header.width, let height = header.height
    else {
      return nil
    }
    return Document.Media(
      path: Document.Media.path(of: bytes, type), type: type, caption: "\(name) · \(width) × \(height)",
      bytes: bytes)
  }

  private func pictureBlocks(isIllustrated: Bool) -> [Document.Block] {
    guard isIllustrated else { return [] }
    return pairs.flatMap { row, pair, media -> [Document.Block] in
      let number = pair.index > 0 ? ", picture \(pair.index + 1)" : ""
      return [
        .paragraph(
          "\(code: row.tag) at step \(NumberText.count(row.step))\(number): \(PictureWords.text(pair.difference))."
        ),
        .media(media),
      ]
    }
  }

  /// The section; nothing where the runs share no such value.
  func blocks(isIllustrated: Bool) -> [Document.Block] {
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
    return blocks + pictureBlocks(isIllustrated: isIllustrated)
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
    case .pictures(let count, let same, let ratio, _):
      if same == count {
        return count == 1 ? "the same picture" : "the same \(NumberText.count(count, "picture"))"
      }
      let least =
        ratio.map { "; the most different has a PSNR of \(NumberText.significant($0, digits: 3)) dB" } ?? ""
      return "\(NumberText.count(same)) of \(NumberText.count(count, "picture")) the same\(least)"
    case .averagePrecisions(let base, let new, let bootstrap):
      let text =
        "average precision \(NumberText.significant(base)) → \(NumberText.significant(new)) (\(NumberText.signed(new - base, digits: 3)))"
      guard let bootstrap else { return text }
      let ends = [bootstrap.interval.lowerBound, bootstrap.interval.upperBound].map {
        NumberText.signed($0, digits: 3)
      }
      return text
        + "; 95 % of \(NumberText.count(PrecisionRecallBootstrap.resampleCount, "resample")) of the examples differ by \(ends[0]) to \(ends[1])"
    }
  }
}

/// How pictures differ, in words.
enum PictureWords {
  /// The words, which follow a colon.
  static func text(_ difference: PictureDifference) -> String {
    switch difference {
    case .same: "the same picture"
    case .differs(let root, let ratio):
      "PSNR \(NumberText.significant(ratio, digits: 3)) dB, a difference of \(NumberText.significant(root, digits: 3)) of 255 (root mean square)"
    case .unmeasured: "different, and not of a form and size that pixels can be compared in"
    }
  }
}
