public import JSON
public import Weights

/// Whether adapters would merge, in each of the forms that a report has.
public struct MergeReport: Presentable {
  private let merge: AdapterMerge
  private let names: [String]

  /// A report on `merge`.
  public init(_ merge: AdapterMerge) {
    self.merge = merge
    names = ShortNames.suffixes(merge.paths)
  }

  /// The names of the adapters.
  public var title: String { names.map { ForeignText.visible($0) }.joined(separator: " + ") }

  /// The page.
  public func page(isIllustrated: Bool) -> Document {
    var page = Document([.heading(level: 1, "Merging \(title)"), .paragraph(.strong(InlineText(headline)))])
    guard !merge.modules.isEmpty else { return page }
    page.add([
      .paragraph(InlineText(advice)), .table(outcomes), .section("Modules"), .table(modules(limit: 600)),
    ])
    if !merge.remarks.isEmpty { page.add(.bullets(remarks)) }
    page.add(.paragraph(InlineText(method)))
    if !merge.unshared.isEmpty {
      let shown = merge.unshared.prefix(20).map { InlineText.code($0) }.joined(separator: ", ")
      let more = merge.unshared.count > 20 ? ", …" : ""
      page.add(.paragraph("Not in all of them, and left out: \(shown)\(more)."))
    }
    return page
  }

  /// The headline, the outcomes, and the modules that conflict most.
  public var summary: Document {
    var summary = Document([.heading(level: 1, InlineText(title)), .paragraph(InlineText(headline))])
    guard !merge.modules.isEmpty else { return summary }
    summary.add([.paragraph(InlineText(advice)), .table(outcomes), .table(modules(limit: 8))])
    if !merge.remarks.isEmpty { summary.add(.bullets(remarks)) }
    return summary
  }

  // MARK: Words

  private var headline: String {
    let total = merge.total
    guard !merge.modules.isEmpty, let conflict = total.conflict else {
      return "The adapters have no module in common that both change."
    }
    let cosines = total.cosines
    let least = cosines.min() ?? 0, greatest = cosines.max() ?? 0
    let cosine =
      cosines.count < 2
      ? NumberText.fixed(greatest, places: 3)
      : "\(NumberText.fixed(least, places: 3)) to \(NumberText.fixed(greatest, places: 3))"
    return "Over \(NumberText.count(merge.modules.count, "module")) the cosine of the ΔWs is \(cosine), and "
      + "\(NumberText.percent(conflict)) of their energy is against the sign of their sum."
  }

  private var remarks: [InlineText] { merge.remarks.map { InlineText.toned(.warning, "\($0).") } }

  private var advice: String {
    var sentences: [String] = []
    if let imbalance = merge.total.imbalance, imbalance >= 2 {
      sentences.append(
        "The largest norm is \(NumberText.significant(imbalance, digits: 2)) times the smallest: with equal weights the largest decides."
      )
    }
    if let worst = merge.modules.max(by: { ($0.merging.conflict ?? 0) < ($1.merging.conflict ?? 0) }),
      let conflict = worst.merging.conflict
    {
      sentences.append("Most against each other: \(worst.label) (\(NumberText.percent(conflict))).")
    }
    sentences.append("How good a merged adapter is, was not measured: evaluate it.")
    return sentences.joined(separator: " ")
  }

  private var method: String {
    "Kept is ⟨merged, ΔW⟩ over ‖ΔW‖² of each adapter: 1 for all of it, more where others add to it, all weights equal. Norms, cosines and overlaps are exact, from the factors; the conflict of signs and TIES (Yadav et al., NeurIPS 2023, density \(NumberText.percent(AdapterMerge.density))) are computed over rows of ΔW spread evenly over each module. The overlap is that of the leading directions of the output (φ of Hu et al., 2021), of the first two adapters."
  }

  /// What a sum, a mean and TIES would keep.
  private var outcomes: Table {
    var table = Table(
      [.init("merged by")] + names.map { .init(InlineText("kept of \($0)"), .right) } + [
        .init("norm", .right)
      ])
    let total = merge.total
    for (name, outcome) in [("sum", total.sum), ("mean", total.mean), ("TIES", total.tiesOutcome)] {
      table.add(
        [Table.Cell(name)] + outcome.kept.map { .fixed($0, places: 3) } + [
          .fixed(outcome.relativeNorm, places: 3)
        ])
    }
    return table
  }

  /// The modules, those with the most conflict first.
  private func modules(limit: Int) -> Table {
    var table = Table(
      [.init("module")] + names.map { .init(InlineText("‖ΔW‖ \($0)"), .right) }
        + [.init("cosine", .right), .init("overlap", .right), .init("against", .right)])
    let sorted = merge.modules.enumerated().sorted {
      ($1.element.merging.conflict ?? 0, $0.offset) < ($0.element.merging.conflict ?? 0, $1.offset)
    }
    for (_, module) in sorted.prefix(limit) {
      table.add(
        [.code(module.label)] + module.merging.norms.map { .figure($0) } + [
          .fixed(module.merging.cosines.min(), places: 3), .fixed(module.overlaps.first?.left, places: 3),
          .percent(module.merging.conflict),
        ])
    }
    return table
  }

  // MARK: JSON

  /// The figures, as `docs/schema/ftreport.merge.json` describes them.
  public var value: JSONValue {
    JSONValue.document(
      "ftreport.merge", version: 1,
      [
        "adapters": .array(merge.paths.map { .string($0) }), "density": .number(AdapterMerge.density),
        "total": Self.value(merge.total),
        "modules": .array(
          merge.modules.map { module in
            .object([
              "module": .string(module.label), "merging": Self.value(module.merging),
              "overlaps": .array(module.overlaps.map(Self.overlap)),
            ])
          }),
        "unshared": .array(merge.unshared.map { .string($0) }),
      ]
    )
  }

  private static func value(_ merging: Merging) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
    func outcome(_ outcome: Merging.Outcome) -> JSONValue {
      .object([
        "relative_norm": .number(outcome.relativeNorm), "kept": .array(outcome.kept.map { .number($0) }),
      ])
    }
    return .object([
      "norms": .array(merging.norms.map { .number($0) }),
      "cosines": .array(merging.cosines.map { .number($0) }),
      "imbalance": number(merging.imbalance), "conflict": number(merging.conflict),
      "sum": outcome(merging.sum),
      "mean": outcome(merging.mean), "ties": outcome(merging.tiesOutcome),
    ])
  }

  private static func overlap(_ overlap: SubspaceOverlap) -> JSONValue {
    .object([
      "count": .number(overlap.count), "left": .number(overlap.left), "right": .number(overlap.right),
      "left_angles": .array(overlap.leftAngles.map { .number($0) }),
      "right_angles": .array(overlap.rightAngles.map { .number($0) }),
    ])
  }
}
