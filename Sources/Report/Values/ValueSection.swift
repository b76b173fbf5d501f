internal import Analysis
internal import EventFile
internal import JSON
internal import Media

/// What a run's event files hold beside scalars: a section a kind.
struct ValueSection {
  let values: RunValues
  /// The charts that the writer laid out, with their pictures.
  var charts: [LaidOutGroup] = []

  /// A group of charts.
  struct LaidOutGroup {
    var group: ChartGroup
    var pictures: [Document.Picture]
  }

  /// What `values` are of a run.
  init(values: RunValues) { self.values = values }

  /// The same, with the charts that the writer wanted of the run's metrics.
  init(_ values: RunValues, of analysis: RunAnalysis, axis: HorizontalScale) {
    self.values = values
    var count = 0
    charts = ChartGroup.groups(of: values.layouts, metrics: analysis.run.metrics).map { group in
      let pictures = LayoutChart.pages(group, of: analysis, axis: axis).map { chart in
        count += 1
        let drawn = chart.illustration
        return Document.Picture(
          path: "charts-\(count).svg", words: chart.words, svg: drawn.svg, data: drawn.data)
      }
      return LaidOutGroup(group: group, pictures: pictures)
    }
  }

  /// The pictures and sounds of the training's own, each once.
  var media: [Document.Media] {
    var seen: Set<String> = []
    return (values.images + values.sounds).flatMap { sheet in
      sheet.items.compactMap { Self.media($0, of: sheet.tag) }
    }
    .filter { seen.insert($0.path).inserted }
  }

  /// The pictures that are drawn of the values.
  var pictures: [Document.Picture] {
    var pictures = charts.flatMap(\.pictures)
    for (index, chart) in histogramCharts.enumerated() {
      pictures.append(
        .init(path: "histogram-\(index + 1).svg", words: chart.words, svg: chart.document.text))
    }
    for (index, chart) in values.curves.compactMap(PrecisionRecallChart.init).enumerated() {
      pictures.append(.init(path: "pr-\(index + 1).svg", words: chart.words, svg: chart.document.text))
    }
    return pictures + embeddingPictures
  }

  private static let histogramLimit = 12
  private var histogramCharts: [HistogramChart] {
    // Those with something to tell first, the others in the order of the file.
    let telling = values.histograms.filter { !$0.remarks.isEmpty || !$0.faults.isEmpty }
    let rest = values.histograms.filter { $0.remarks.isEmpty && $0.faults.isEmpty }
    return (telling + rest).prefix(Self.histogramLimit).compactMap(HistogramChart.init)
  }

  /// The sections.
  func blocks(isIllustrated: Bool) -> [Document.Block] {
    let drawn = isIllustrated ? pictures : []
    let histograms = drawn.filter { $0.path.hasPrefix("histogram-") }.map { Document.Block.picture($0) }
    let curves = drawn.filter { $0.path.hasPrefix("pr-") }.map { Document.Block.picture($0) }
    var blocks = chartBlocks(isIllustrated: isIllustrated) + textBlocks
    blocks += sheets("Images", values.images, isIllustrated: isIllustrated)
    blocks += sheets("Audio", values.sounds, isIllustrated: isIllustrated)
    blocks += histogramBlocks(histograms) + curveBlocks(curves) + parameterBlocks + graphBlocks
    blocks += embeddingBlocks(isIllustrated: isIllustrated) + otherBlocks
    return blocks
  }

  // MARK: Pictures and sounds

  private func sheets(_ title: String, _ sheets: [MediaSheet], isIllustrated: Bool) -> [Document.Block] {
    guard !sheets.isEmpty else { return [] }
    var blocks: [Document.Block] = [.section(InlineText(title))]
    for sheet in sheets {
      let steps = Set(sheet.items.map(\.step)).count
      let rest =
        sheet.stepCount > steps
        ? ": \(NumberText.count(steps)) of \(NumberText.count(sheet.stepCount, "step")) are shown" : ""
      blocks.append(.paragraph("\(code: sheet.tag)\(rest)."))
      let shown = sheet.items.compactMap { Self.media($0, of: sheet.tag) }
      if isIllustrated, !shown.isEmpty { blocks.append(.media(shown)) }
      blocks += Self.change(sheet, isIllustrated: isIllustrated)
      var items: [InlineText] = isIllustrated ? [] : sheet.items.map { InlineText(Self.caption($0)) }
      items += sheet.items.filter { !$0.header.faults.isEmpty }.map { item in
        let faults = item.header.faults.map(\.description).joined(separator: "; ")
        let shown = item.header.isShowable ? "" : ", and is not shown"
        return InlineText.toned(
          .warning, "Step \(NumberText.count(item.step)): the file \(Self.verb(item))\(faults)\(shown).")
      }
      if sheet.omittedCount > 0 {
        items.append("\(NumberText.count(sheet.omittedCount)) more would make the page too large.")
      }
      if !items.isEmpty { blocks.append(.bullets(items)) }
    }
    return blocks + omission(title == "Images" ? .images : .audio, "tag")
  }

  /// The first and the last picture of a tag, and how they differ.
  private static func change(_ sheet: MediaSheet, isIllustrated: Bool) -> [Document.Block] {
    guard let change = sheet.change else { return [] }
    let words =
      "From step \(NumberText.count(change.first.step)) to step \(NumberText.count(change.last.step)): \(PictureWords.text(change.difference))."
    let pair = [change.first, change.last].compactMap { media($0, of: sheet.tag) }
    // Where no other picture is between them, they stand side by side already.
    let isApart = sheet.items.count > 2 && pair.count == 2 && change.difference != .same
    return [.paragraph(InlineText(words))] + (isIllustrated && isApart ? [.media(pair)] : [])
  }

  /// The word before a fault: what is no picture "is" not one.
  private static func verb(_ item: MediaSheet.Item) -> String {
    if case .unknownType? = item.header.faults.first { "is " } else { "" }
  }

  /// The picture or sound of `item`; nil where it is not shown.
  static func media(_ item: MediaSheet.Item, of tag: String) -> Document.Media? {
    guard let type = item.header.type, item.header.isShowable, !item.bytes.isEmpty else { return nil }
    return Document.Media(
      path: Document.Media.path(of: item.bytes, type), type: type, caption: InlineText(caption(item)),
      bytes: item.bytes,
      wave: WaveChart(item, of: tag)?.document.text ?? "")
  }

  private static func caption(_ item: MediaSheet.Item) -> String {
    var parts = ["step \(NumberText.count(item.step))\(item.index > 0 ? " (\(item.index + 1))" : "")"]
    if let width = item.header.width, let height = item.header.height { parts.append("\(width) × \(height)") }
    if let wave = item.header.wave {
      parts.append("\(QuantityText.duration(wave.duration)), \(NumberText.count(wave.sampleRate)) Hz")
    }
    if let label = item.label, !label.isEmpty { parts.append(ForeignText.shortened(label, to: 120)) }
    return parts.joined(separator: " · ")
  }

  /// How many tags of a kind are not shown.
  func omission(_ kind: PluginKind, _ noun: String) -> [Document.Block] {
    guard let count = values.omitted[kind] else { return [] }
    return [
      .paragraph(
        "And \(NumberText.count(count, noun)) more, which 'ftreport export --kind \(kind.rawValue)' gives.")
    ]
  }
}
