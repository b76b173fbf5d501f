internal import Analysis
internal import Checkpoint

/// The page of a comparison of checkpoints, or of one checkpoint.
struct CheckpointPage {
  private let analysis: CheckpointAnalysis
  private let pictures: [RunPage.Picture]
  private let labels: CheckpointLabels

  /// The most rows of the table of modules, and of tensors.
  private static let rowLimit = 600

  init(_ analysis: CheckpointAnalysis, pictures: [RunPage.Picture]) {
    self.analysis = analysis
    self.pictures = pictures
    labels = CheckpointLabels(analysis)
  }

  /// The whole page.
  var text: String {
    let comparison = analysis.comparison
    var page =
      comparison.isPair
      ? "# Checkpoints \(MarkdownText.code(labels.before)) and \(MarkdownText.code(labels.after))\n\n"
      : "# Checkpoint \(MarkdownText.code(labels.after))\n\n"
    let headline = CheckpointHeadline(analysis)
    page += "**\(MarkdownText.plain(headline.sentence))**\n\n"
    for sentence in [headline.remark, headline.movement, headline.choice].compactMap(\.self) {
      page += MarkdownText.plain(sentence) + "\n\n"
    }
    page += sides
    for picture in pictures {
      page += "![\(MarkdownText.plain(picture.words))](\(MarkdownText.link(picture.path)))\n\n"
    }
    page +=
      Self.groups(analysis) + evaluations + Self.findings(analysis) + modules + tensors + unmatched + method
    return page
  }

  private var sides: String {
    let comparison = analysis.comparison
    var headers = ["Figure"]
    var rows: [[String]] = []
    func add(_ name: String, _ values: [String?]) {
      if values.contains(where: { $0 != nil }) { rows.append([name] + values.map { $0 ?? "–" }) }
    }
    let both = [
      (comparison.sides.before, analysis.training.before), (comparison.sides.after, analysis.training.after),
    ]
    .filter { $0.0 != nil }
    headers += comparison.isPair ? [labels.before, labels.after].map(MarkdownText.plain) : ["Value"]
    add("Path", both.map { $0.0.map { MarkdownText.code($0.path, inTable: true) } })
    add("Step", both.map { $0.1.map { NumberText.count($0.step) } })
    add("Training loss", both.map { $0.1?.loss.map { NumberText.significant($0) } })
    add("Eval loss", both.map { $0.1?.evaluation.map { NumberText.significant($0) } })
    add("Format", both.map { $0.0.map { $0.format.rawValue } })
    add("Tensors", both.map { $0.0.map { NumberText.count($0.tensorCount) } })
    add("Parameters", both.map { $0.0.map { NumberText.count($0.elementCount) } })
    add("Bytes", both.map { $0.0.map { QuantityText.bytes($0.tensorByteCount) } })
    add("Adapter", both.map { $0.0?.configuration.map(Self.adapter) })
    let total = comparison.total
    let name = comparison.modules.isEmpty ? "‖W‖" : "‖ΔW‖, all modules"
    let norms = comparison.isPair ? [total.norm.before, total.norm.after] : [total.norm.after]
    add(name, norms.map { NumberText.significant($0) })
    var table = MarkdownTable(headers, sides: [.left] + both.map { _ in .right })
    for row in rows { table.add(row) }
    return table.text + "\n"
  }

  private static func adapter(_ configuration: AdapterConfiguration) -> String {
    var parts = [MarkdownText.plain(configuration.kind)]
    if let rank = configuration.rank { parts.append("r \(rank)") }
    if let alpha = configuration.alpha { parts.append("α \(NumberText.significant(alpha, trimmed: true))") }
    if configuration.usesRankStabilisedScaling { parts.append("rank-stabilised") }
    if configuration.usesWeightDecomposition { parts.append("DoRA") }
    let source = configuration.source.map { " (\(MarkdownText.plain($0)))" } ?? ""
    return parts.joined(separator: ", ") + source
  }

  /// The table by type of module.
  static func groups(_ analysis: CheckpointAnalysis) -> String {
    let rows = WeightGroupRows(analysis)
    guard !rows.rows.isEmpty else { return "" }
    var table = MarkdownTable(rows.headers, sides: rows.headers.indices.map { $0 == 0 ? .left : .right })
    for row in rows.rows { table.add([MarkdownText.code(row[0], inTable: true)] + row.dropFirst()) }
    return "## By type of module\n\n\(table.text)\n"
  }

  /// The evaluations from the first checkpoint to the second.
  private var evaluations: String {
    guard analysis.relation == .oneTraining, let before = analysis.training.before,
      let after = analysis.training.after, before.step < after.step
    else {
      return ""
    }
    let between = after.evaluations.filter { $0.step >= before.step }
    guard between.count > 1 else { return "" }
    let best = between.filter(\.value.isFinite).min { $0.value < $1.value }
    var table = MarkdownTable(["Step", "Eval loss", ""], sides: [.right, .right, .left])
    for point in between.suffix(40) {
      table.add([
        NumberText.count(point.step), NumberText.significant(point.value), point == best ? "★ best" : "",
      ])
    }
    return "## Evaluations between\n\n\(table.text)\n"
  }

  /// The findings as a list.
  static func findings(_ analysis: CheckpointAnalysis) -> String {
    guard !analysis.findings.isEmpty else {
      return """
        ## Findings

        None. The tensors were searched for NaN and infinities, dead modules, norms far from their kind, unused rank, \
        empty tensors, ranks that disagree with the configuration, and checkpoints that do not differ.


        """
    }
    let labels = CheckpointLabels(analysis)
    var text = "## Findings\n\n"
    for (index, finding) in analysis.findings.prefix(50).enumerated() {
      let words = CheckpointFindingWords(finding, labels: labels)
      let name = Verdict.capitalised(FindingSeverityName.of(finding.severity))
      text +=
        "\(index + 1). **\(name): \(MarkdownText.plain(words.title)).** \(MarkdownText.plain(words.sentence))\n"
    }
    let rest = analysis.findings.count - 50
    return text + (rest > 0 ? "\nAnd \(NumberText.count(rest)) more, in the JSON.\n\n" : "\n")
  }

  private var modules: String {
    let modules = analysis.comparison.modules
    guard !modules.isEmpty else { return "" }
    let isPair = analysis.comparison.isPair
    let hasBase = modules.contains { $0.base != nil }
    var headers = ["Module", "Rank"]
    headers +=
      isPair
      ? [
        "‖ΔW‖ \(labels.columns.before)", labels.columns.after, "‖\(labels.change)‖",
        Verdict.capitalised(labels.change), "Cosine",
        "σ₁ \(labels.columns.before)", labels.columns.after,
      ] : ["‖ΔW‖", "σ₁"]
    headers += ["Stable rank", "Effective rank"]
    if isPair { headers += ["Overlap out", "Overlap in", "Random"] }
    if hasBase { headers += ["‖ΔW‖/‖W‖", "Intruders"] }
    var table = MarkdownTable(headers, sides: headers.indices.map { $0 == 0 ? .left : .right })
    for module in modules.prefix(Self.rowLimit) { table.add(row(module, isPair, hasBase)) }
    let rest = modules.count - Self.rowLimit
    return """
      <details><summary>Every module (\(NumberText.count(modules.count)))</summary>

      \(table.text)\(rest > 0 ? "\nAnd \(NumberText.count(rest)) more, in the JSON.\n" : "")
      </details>


      """
  }

  private func row(_ module: ModuleComparison, _ isPair: Bool, _ hasBase: Bool) -> [String] {
    func figure(_ value: Double?) -> String { value.map { NumberText.significant($0) } ?? "–" }
    func both(_ pair: Pair<Double?>) -> String {
      let values = isPair ? [pair.before, pair.after] : [pair.after]
      return values.map { $0.map { NumberText.fixed($0, places: 1) } ?? "–" }.joined(separator: " → ")
    }
    let ranks = Set([module.rank.before, module.rank.after].compactMap(\.self)).sorted()
    var cells = [
      MarkdownText.code(module.label, inTable: true), ranks.map { "\($0)" }.joined(separator: " → "),
    ]
    if isPair {
      cells += [
        figure(module.deltaNorm.before), figure(module.deltaNorm.after), figure(module.differenceNorm),
        module.relativeChange.map { NumberText.percent($0) } ?? "–",
        module.cosine.map { NumberText.fixed($0, places: 4) } ?? "–",
        figure(module.singularValues.before.first), figure(module.singularValues.after.first),
      ]
    } else {
      cells += [figure(module.deltaNorm.after), figure(module.singularValues.after.first)]
    }
    cells += [both(module.stableRank), both(module.effectiveRank)]
    if isPair {
      let overlap = module.overlap
      cells += [overlap?.left, overlap?.right].map { $0.map { NumberText.fixed($0, places: 3) } ?? "–" }
      cells.append(
        overlap.map {
          "\(NumberText.fixed($0.leftBaseline, places: 3)), \(NumberText.fixed($0.rightBaseline, places: 3))"
        } ?? "–")
    }
    if hasBase {
      let relative = module.base.flatMap { base in
        base.weightNorm > 0 ? module.deltaNorm.after.map { $0 / base.weightNorm } : nil
      }
      cells.append(relative.map { NumberText.percent($0) } ?? "–")
      func intruders(_ list: [Int]?, _ open: [Int]?) -> String {
        guard let list else { return "–" }
        let open = open?.count ?? 0
        return open == 0 ? "\(list.count)" : "\(list.count) (\(open) open)"
      }
      let (found, open) = (module.base?.intruders, module.base?.undetermined)
      let after = intruders(found?.after, open?.after)
      cells.append(isPair ? "\(intruders(found?.before, open?.before)) → \(after)" : after)
    }
    return cells
  }

  /// The tensors that are not parts of modules.
  private var tensors: String {
    let comparison = analysis.comparison
    guard comparison.isPair else { return "" }
    let isPart = { (name: String) in
      name.hasSuffix(".lora_A") || name.hasSuffix(".lora_B") || name.contains("lora_embedding_")
    }
    let others =
      comparison.modules.isEmpty ? comparison.tensors : comparison.tensors.filter { !isPart($0.name) }
    guard !others.isEmpty else { return "" }
    let headers = [
      "Tensor", "dtype", "Shape", "‖\(labels.columns.before)‖", "‖\(labels.columns.after)‖",
      "‖\(labels.change)‖", Verdict.capitalised(labels.change), "Cosine", "max │Δ│", "Changed",
    ]
    var table = MarkdownTable(headers, sides: headers.indices.map { $0 < 3 ? .left : .right })
    for tensor in others.prefix(Self.rowLimit) {
      let types = tensor.elementTypes
      table.add([
        MarkdownText.code(tensor.name, inTable: true),
        types.before == types.after
          ? types.before.rawValue : "\(types.before.rawValue) → \(types.after.rawValue)",
        "\(tensor.shape)", NumberText.significant(tensor.norm.before),
        NumberText.significant(tensor.norm.after),
        NumberText.significant(tensor.differenceNorm),
        tensor.relativeChange.map { NumberText.percent($0) } ?? "–",
        tensor.cosine.map { NumberText.fixed($0, places: 4) } ?? "–",
        NumberText.significant(tensor.greatestDifference),
        tensor.isIdentical
          ? "identical"
          : NumberText.percent(Double(tensor.changedCount) / Double(max(1, tensor.elementCount))),
      ])
    }
    let rest = others.count - Self.rowLimit
    let name = comparison.modules.isEmpty ? "Every tensor" : "Further tensors"
    return """
      <details><summary>\(name) (\(NumberText.count(others.count)))</summary>

      \(table.text)\(rest > 0 ? "\nAnd \(NumberText.count(rest)) more, in the JSON.\n" : "")
      </details>


      """
  }

  private var unmatched: String {
    let comparison = analysis.comparison
    guard comparison.isPair else { return "" }
    var text = ""
    for (label, tensors) in [(labels.before, comparison.onlyBefore), (labels.after, comparison.onlyAfter)]
    where !tensors.isEmpty {
      text += "Only at \(MarkdownText.plain(label)):\n\n"
      for tensor in tensors.prefix(40) {
        text += "- \(MarkdownText.code(tensor.name)) \(tensor.elementType.rawValue) \(tensor.shape)\n"
      }
      if tensors.count > 40 { text += "- and \(NumberText.count(tensors.count - 40)) more\n" }
      text += "\n"
    }
    return text.isEmpty ? "" : "## Not on both sides\n\n" + text
  }

  private var method: String {
    let comparison = analysis.comparison
    var lines: [String] = []
    if !comparison.modules.isEmpty {
      lines.append(
        "ΔW = scaling · B·A with PEFT's scaling (α/r; α/√r where rank-stabilised). It is never built: norms, angles and singular values come from the Gram matrices of A and B in float64, for two checkpoints of one rank from those of A, B and their differences, so that small changes keep their digits."
      )
      lines.append(
        "Norms are Frobenius norms. \(Verdict.capitalised(labels.change)) is ‖ΔW₂ − ΔW₁‖/‖ΔW₁‖. Stable rank is Σσ²/σ₁², effective rank exp H(σ/Σσ). Overlap is φ(k, k) = ‖U₁ᵀU₂‖²/k of the k = 8 leading singular directions (all, where there are fewer), 1 for the same subspace; random directions would give k/d."
      )
      if comparison.tensors.contains(where: { $0.name.contains("lora_magnitude_vector") }) {
        lines.append("DoRA: ΔW here is the low-rank part; the magnitudes stand among the further tensors.")
      }
      if comparison.modules.contains(where: { $0.base != nil }) {
        lines.append(
          "Intruders are those of the ten leading left singular vectors of W + ΔW whose |cos| with every left singular vector of W is below 0.5 (arXiv 2410.21228). Weights whose lesser extent is at most 1,024 are decomposed in full, in float64. For larger ones the vectors come from a block Krylov method in float32, and count as found where ‖(MMᵀ − σ²)u‖ is within 1 % of σ²; whether one has a counterpart in W is told by Lanczos' method started at it: yes where a Ritz value with a squared cosine of at least 0.25 has converged to 0.1 %, no where no two neighbouring ones have 0.25 together, which bounds the squared cosine with any singular vector from above. What neither tells within 48 steps is given as open and not counted; weights of more than 268 million elements have a dash."
        )
      }
    } else {
      lines.append(
        "Norms are Frobenius norms; \(labels.change) is ‖W₂ − W₁‖/‖W₁‖; changed counts elements whose bits differ."
      )
    }
    lines.append(
      "Elements that are NaN or infinite on either side count nothing, and are listed as findings.")
    return "## Method\n\n" + lines.map { MarkdownText.plain($0) + "\n" }.joined(separator: "\n")
  }
}
