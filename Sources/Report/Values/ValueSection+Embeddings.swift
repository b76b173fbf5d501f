internal import Analysis

extension ValueSection {
  /// The embeddings, each along its two principal components.
  func embeddingBlocks(isIllustrated: Bool) -> [Document.Block] {
    guard !values.embeddings.isEmpty else { return [] }
    var blocks: [Document.Block] = [.section("Embeddings")]
    var pictures = embeddingPictures[...]
    var notes: [InlineText] = []
    for projection in values.embeddings {
      if let obstacle = projection.obstacle {
        notes.append(.toned(.warning, "\(code: projection.name) is not shown: \(obstacle)."))
        continue
      }
      if isIllustrated, let picture = pictures.popFirst() { blocks.append(.picture(picture)) }
      notes.append(Self.words(projection))
    }
    blocks.append(.bullets(notes))
    if values.omittedEmbeddingCount > 0 {
      blocks.append(
        .paragraph("And \(NumberText.count(values.omittedEmbeddingCount, "further embedding"))."))
    }
    return blocks
  }

  /// The pictures of the embeddings that can be drawn.
  var embeddingPictures: [Document.Picture] {
    values.embeddings.compactMap(EmbeddingChart.init).enumerated().map { index, chart in
      Document.Picture(
        path: "embedding-\(index + 1).svg", words: chart.words, svg: chart.document.text)
    }
  }

  private static func words(_ projection: EmbeddingProjection) -> InlineText {
    let vectors = NumberText.count(projection.rowCount, "vector")
    let size = NumberText.count(projection.columnCount, "number")
    let shares = projection.shares.map(NumberText.percent)
    var text: InlineText =
      "\(code: projection.name): \(vectors) of \(size); \(shares[0]) of their variance lies along the first principal component, \(shares[1]) along the second"
    if projection.usedCount < projection.rowCount {
      text += ", of \(NumberText.count(projection.usedCount)) vectors evenly spread over the file"
    }
    return text + "."
  }
}
