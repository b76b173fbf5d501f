internal import Analysis
internal import Checkpoint
internal import Weights

/// The page of a comparison of checkpoints, or of one checkpoint.
struct CheckpointPage {
  private let analysis: CheckpointAnalysis
  private let pictures: [Document.Picture]
  private let labels: CheckpointLabels

  /// The most rows of the table of modules, and of tensors.
  private static let rowLimit = 600

  init(_ analysis: CheckpointAnalysis, pictures: [Document.Picture]) {
    self.analysis = analysis
    self.pictures = pictures
    labels = CheckpointLabels(analysis)
  }

  /// The whole page.
  var document: Document {
    let title: InlineText =
      analysis.comparison.isPair
      ? "Checkpoints \(code: labels.before) and \(code: labels.after)" : "Checkpoint \(code: labels.after)"
    var page = Document([.heading(level: 1, title)])
    page.add(Self.headline(analysis))
    page.add(.table(sides))
    page.add(pictures.map { .picture($0) })
    page.add(Self.groups(analysis))
    page.add(evaluations)
    page.add(Self.findings(analysis))
    let modules = ModuleTable(analysis), tensors = TensorTable(analysis)
    page.add(Self.folded(modules.table(limit: Self.rowLimit), of: modules.count, "Every module"))
    page.add(
      Self.folded(
        tensors.table(limit: Self.rowLimit), of: tensors.count,
        tensors.isOfAll ? "Every tensor" : "Further tensors"))
    page.add(unmatched)
    page.add(CheckpointMethod(analysis).blocks)
    return page
  }

  /// The screenful for a terminal: what stands above the tables, the sums, the gravest findings.
  static func summary(_ analysis: CheckpointAnalysis) -> Document {
    let labels = CheckpointLabels(analysis)
    var page = Document(headline(analysis))
    page.add(WeightGroupTable(analysis, isBrief: true).table)
    let items = analysis.findings.prefix(12).map { finding in
      let words = CheckpointFindingWords(finding, labels: labels)
      return Document.Item(
        label: .toned(.init(finding.severity), InlineText(finding.severity.name)),
        [InlineText(words.sentence)])
    }
    if !items.isEmpty { page.add(.list(isNumbered: false, items)) }
    let rest = analysis.findings.count - items.count
    if rest > 0 { page.add(.paragraph("… and \(NumberText.count(rest, "more finding"))")) }
    return page
  }

  /// The sentences above everything else.
  private static func headline(_ analysis: CheckpointAnalysis) -> [Document.Block] {
    let headline = CheckpointHeadline(analysis)
    let more = [headline.remark, headline.movement, headline.choice].compactMap(\.self)
    return [.paragraph("\(strong: headline.sentence)")] + more.map { .paragraph(InlineText($0)) }
  }

  /// What is known of each side.
  private var sides: Table {
    let comparison = analysis.comparison
    let both = [
      (comparison.sides.before, analysis.training.before), (comparison.sides.after, analysis.training.after),
    ]
    .filter { $0.0 != nil }
    let names = comparison.isPair ? [labels.before, labels.after] : ["Value"]
    var table = Table([.init("Figure")] + names.map { .init(InlineText($0), .right) })
    func add(_ name: String, _ cells: [Table.Cell?]) {
      if cells.contains(where: { $0 != nil }) { table.add([Table.Cell(name)] + cells.map { $0 ?? "–" }) }
    }
    add("Path", both.map { $0.0.map { .code($0.path) } })
    add("Step", both.map { $0.1.map { .count($0.step) } })
    add("Training loss", both.map { $0.1?.loss.map { .figure($0) } })
    add("Eval loss", both.map { $0.1?.evaluation.map { .figure($0) } })
    add("Format", both.map { $0.0.map { Table.Cell($0.format.rawValue) } })
    add("Tensors", both.map { $0.0.map { .count($0.tensorCount) } })
    add("Parameters", both.map { $0.0.map { .count($0.elementCount) } })
    add("Bytes", both.map { $0.0.map { .bytes($0.tensorByteCount) } })
    add("Adapter", both.map { $0.0?.configuration.map { Table.Cell(AdapterWords($0).short) } })
    let total = comparison.total
    let norms = comparison.isPair ? [total.norm.before, total.norm.after] : [total.norm.after]
    add(comparison.modules.isEmpty ? "‖W‖" : "‖ΔW‖, all modules", norms.map { .figure($0) })
    return table
  }

  /// The table by type of module.
  static func groups(_ analysis: CheckpointAnalysis) -> [Document.Block] {
    let table = WeightGroupTable(analysis).table
    return table.isEmpty ? [] : [.section("By type of module"), .table(table)]
  }

  /// The evaluations from the first checkpoint to the second.
  private var evaluations: [Document.Block] {
    guard analysis.relation == .oneTraining, let before = analysis.training.before,
      let after = analysis.training.after, before.step < after.step
    else { return [] }
    let between = after.evaluations.filter { $0.step >= before.step }
    guard between.count > 1 else { return [] }
    let best = between.filter(\.value.isFinite).min { $0.value < $1.value }
    var table = Table(["Step", "Eval loss", ""], sides: [.right, .right, .left])
    for point in between.suffix(40) {
      table.add([.count(point.step), .figure(point.value), point == best ? "★ best" : ""])
    }
    return [.section("Evaluations between"), .table(table)]
  }

  /// The findings as a list.
  static func findings(_ analysis: CheckpointAnalysis) -> [Document.Block] {
    guard !analysis.findings.isEmpty else {
      return [
        .section("Findings"),
        .paragraph(
          """
          None. The tensors were searched for NaN and infinities, dead modules, norms far from their kind, unused rank, \
          empty tensors, ranks that disagree with the configuration, and checkpoints that do not differ.
          """),
      ]
    }
    let labels = CheckpointLabels(analysis)
    let items = analysis.findings.prefix(50).map { finding in
      let words = CheckpointFindingWords(finding, labels: labels)
      let name = Verdict.capitalised(finding.severity.name)
      return Document.Item("\(strong: "\(name): \(words.title).") \(words.sentence)")
    }
    return [.section("Findings"), .list(isNumbered: true, items)] + more(analysis.findings.count - 50)
  }

  /// `table` to be unfolded, where it has a row; it shows the first of `count`.
  private static func folded(_ table: Table, of count: Int, _ name: String) -> [Document.Block] {
    guard !table.isEmpty else { return [] }
    return [
      .fold(
        summary: "\(name) (\(NumberText.count(count)))", [.table(table)] + more(count - table.rows.count))
    ]
  }

  private static func more(_ count: Int) -> [Document.Block] {
    count > 0 ? [.paragraph("And \(NumberText.count(count)) more, in the JSON.")] : []
  }

  private var unmatched: [Document.Block] {
    let comparison = analysis.comparison
    guard comparison.isPair else { return [] }
    let blocks = [(labels.before, comparison.onlyBefore), (labels.after, comparison.onlyAfter)]
      .filter { !$0.1.isEmpty }
      .flatMap { label, tensors -> [Document.Block] in
        var items: [InlineText] = tensors.prefix(40).map {
          "\(code: $0.name) \($0.elementType.rawValue) \($0.shape.description)"
        }
        if tensors.count > 40 { items.append("and \(NumberText.count(tensors.count - 40)) more") }
        return [.paragraph("Only at \(label):"), .bullets(items)]
      }
    return blocks.isEmpty ? [] : [.section("Not on both sides")] + blocks
  }
}
