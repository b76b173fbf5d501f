internal import Checkpoint
public import JSON
public import Weights

/// The spectra of an adapter's modules, and what they tell about its rank.
public struct SpectrumListing: Presentable {
  private let path: String
  private let audit: AdapterAudit

  /// A listing of `audit`, made of the adapter at `path`.
  public init(_ audit: AdapterAudit, path: String) {
    self.audit = audit
    self.path = path
  }

  /// The path of the adapter.
  public var title: String { "Spectrum of \(path)" }

  /// The listing under keys that stay (`docs/schema/ftreport.spectrum.json`): `path`, `norm`, `rank_99`, `advice[]`, `modules[]` (`module`, `expert`, `rank`,
  /// `shape`, `scaling`, `norm`, `singular_values`, `stable_rank`, `effective_rank`, `rank_90`, `rank_95`, `rank_99`,
  /// `noise_edge`, `above_noise`, `dead`, `duplicates`, `norm_a`, `norm_b`).
  public var value: JSONValue {
    .document(
      "ftreport.spectrum", version: 1,
      [
        "path": .string(path), "norm": .number(audit.norm), "rank_99": Self.count(audit.rank(keeping: 0.99)),
        "advice": .array(advice.map { .string($0) }), "modules": .array(audit.modules.map(Self.module)),
      ])
  }

  private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
  private static func count(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }

  private static func module(_ module: ModuleSpectrum) -> JSONValue {
    let values: [JSONValue] = module.singularValues.map { .number($0) }
    let shape: [JSONValue] = [.number(module.rows), .number(module.columns)]
    var members: [JSONValue.Member] = [
      .init("module", .string(module.name.name)), .init("expert", count(module.expert)),
      .init("rank", count(module.rank)), .init("shape", .array(shape)),
      .init("scaling", number(module.scaling)), .init("norm", number(module.norm)),
      .init("singular_values", .array(values)), .init("stable_rank", number(module.stableRank)),
    ]
    members += [
      .init("effective_rank", number(module.effectiveRank)),
      .init("rank_90", count(module.rank(keeping: 0.9))), .init("rank_95", count(module.rank(keeping: 0.95))),
      .init("rank_99", count(module.rank(keeping: 0.99))), .init("noise_edge", number(module.noiseEdge)),
      .init("above_noise", count(module.aboveNoise)), .init("dead", count(module.deadDirections)),
      .init("duplicates", count(module.duplicateDirections)), .init("norm_a", number(module.factorNorms.a)),
      .init("norm_b", number(module.factorNorms.b)),
    ]
    return .object(members)
  }

  /// The listing as a page.
  public func page(isIllustrated: Bool) -> Document {
    var page = Document([.heading(level: 1, "Spectrum of \(code: path)"), .paragraph("\(headline).")])
    if !advice.isEmpty { page.add(.bullets(advice.map { InlineText($0) })) }
    var table = Table(
      [
        "Module", "Rank", "‖ΔW‖", "σ₁", "Stable", "Effective", "90 %", "95 %", "99 %", "Above noise",
        "‖B‖/‖A‖",
      ],
      sides: [.left] + Array(repeating: .right, count: 10))
    for module in audit.modules {
      func share(_ share: Double) -> Table.Cell { module.rank(keeping: share).map { .count($0) } ?? "–" }
      table.add([
        .code(module.name.label(expert: module.expert)), .count(module.rank), .figure(module.norm),
        .figure(module.singularValues.first),
        .fixed(module.stableRank, places: 1), .fixed(module.effectiveRank, places: 1), share(0.9),
        share(0.95), share(0.99), .count(module.aboveNoise),
        .figure(module.factorNorms.a > 0 ? module.factorNorms.b / module.factorNorms.a : nil),
      ])
    }
    if !table.isEmpty { page.add(.table(table)) }
    return page
  }

  private var headline: String {
    let whole = audit.wholeTensorCount
    if audit.modules.isEmpty, audit.nonFinite.isEmpty {
      let kind = audit.otherKind.map { " (\(ForeignText.visible($0)))" } ?? ""
      return
        "no module of which a ΔW is made\(kind), and so no spectrum; \(NumberText.count(whole, "tensor")) beside"
    }
    return
      "\(NumberText.count(audit.modules.count, "module")) with ‖ΔW‖ \(NumberText.significant(audit.norm)) together"
      + (whole > 0 ? "; \(NumberText.count(whole, "tensor")) trained whole, which no spectrum covers" : "")
  }

  /// What the spectra suggest, each with its reason.
  private var advice: [String] {
    var advice: [String] = []
    let ranks = Set(audit.modules.map(\.rank))
    if let needed = audit.rank(keeping: 0.99), let most = ranks.max(), needed < most {
      advice.append("Rank \(needed) of \(most) keeps 99 % of ‖ΔW‖² in every module.")
    }
    let idle = audit.idle
    if !idle.isEmpty {
      let names = idle.prefix(4).map(\.name.name).joined(separator: ", ")
      advice.append(
        "\(NumberText.count(idle.count, "module")) learnt nothing (‖ΔW‖ below a thousandth of the median): \(names)\(idle.count > 4 ? " and \(idle.count - 4) more" : "")."
      )
    }
    let dead = audit.modules.reduce(0) { $0 + $1.deadDirections }
    if dead > 0 {
      advice.append("\(NumberText.count(dead, "direction")) are dead: their row of A or column of B is 0.")
    }
    let twins = audit.modules.reduce(0) { $0 + $1.duplicateDirections }
    if twins > 0 { advice.append("\(NumberText.count(twins, "direction")) do what another one does.") }
    if !audit.nonFinite.isEmpty {
      advice.append(
        "\(NumberText.count(audit.nonFinite.count, "module")) hold values that are not finite: \(audit.nonFinite.prefix(4).joined(separator: ", "))."
      )
    }
    if audit.isPart {
      advice.append(
        "ΔW is the low-rank part alone: magnitudes (DoRA), or a start that changed the base (KaSA), change the weights too."
      )
    }
    if audit.modules.contains(where: { $0.scaling == nil }) {
      advice.append("α is not known, so that 1 stands for α/r: norms are known but for that factor.")
    }
    return advice
  }
}
