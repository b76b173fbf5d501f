public import Checkpoint
public import JSON

/// What an optimizer kept: its groups with their settings, steps, and the parameters that never got a gradient.
public struct OptimizerListing: Presentable {
  private let state: OptimizerState
  private let untouched: [OptimizerState.Parameter]

  /// A listing of `state`, which reads its second moments once.
  public init(_ state: OptimizerState) throws(CheckpointError) {
    self.state = state
    untouched = try state.parametersWithoutGradient()
  }

  /// The listing under keys that stay (`docs/schema/ftreport.optimizer.json`): `path`, `format`, `groups[]`
  /// (`parameters`, `settings`), `parameters[]` (`name`, `step`, `shape`), `named_by_order`, `without_gradient[]`,
  /// `without_state[]`, `unexamined`, `moments` (`tensors`, `bytes`).
  public var value: JSONValue {
    let groups: [JSONValue] = state.groups.map {
      .object([
        "parameters": $0.parameterCount.map { .number($0) } ?? .null, "settings": .object($0.settings),
      ])
    }
    let parameters: [JSONValue] = state.parameters.map {
      let shape: JSONValue = $0.shape.map { .array($0.map { .number($0) }) } ?? .null
      return .object([
        "name": .string($0.name), "step": $0.step.map { .number($0) } ?? .null, "shape": shape,
      ])
    }
    return .document(
      "ftreport.optimizer", version: 2,
      [
        "path": .string(state.moments.path), "format": .string(state.moments.format.rawValue),
        "groups": .array(groups), "parameters": .array(parameters),
        "named_by_order": .bool(state.isNamedByOrder),
        "without_gradient": .array(untouched.map { .string($0.name) }),
        "without_state": .array(state.withoutState.map { .string($0) }),
        "unexamined": .number(state.unexamined.count),
        "moments": .object([
          "tensors": .number(state.moments.tensors.count), "bytes": .number(state.moments.tensorByteCount),
        ]),
      ])
  }

  /// What it is the state of.
  public var title: String { "Optimizer of \(state.moments.path)" }

  /// The listing as a page.
  public func page(isIllustrated: Bool) -> Document {
    var page = Document([
      .heading(level: 1, "Optimizer of \(code: state.moments.path)"), .paragraph("\(headline)."),
    ])
    page.add(state.moments.remarks.map { .callOut(InlineText($0)) })
    var table = Table(["Group", "Settings"], sides: [.right, .left])
    for (number, group) in state.groups.enumerated() { table.add(["\(number)", .code(words(group))]) }
    if !table.isEmpty { page.add(.table(table)) }
    page.add(gradientWords.map { .paragraph(InlineText(Verdict.capitalised($0) + ".")) })
    guard !untouched.isEmpty else { return page }
    var items: [InlineText] = untouched.prefix(Self.limit).map { .code(name($0)) }
    if untouched.count > Self.limit { items.append("and \(untouched.count - Self.limit) more") }
    page.add([.paragraph("\(untouchedWords):"), .bullets(items)])
    return page
  }

  /// What can be said of the others: that every parameter got a gradient only where all were looked at.
  private var gradientWords: [String] {
    var words: [String] = []
    let lacking = state.withoutState
    if !lacking.isEmpty {
      let names = lacking.prefix(4).joined(separator: ", ") + (lacking.count > 4 ? ", …" : "")
      words.append(
        "\(NumberText.count(lacking.count, "parameter")) of the groups \(lacking.count == 1 ? "has no state, so that it" : "have no state, so that they") never got a gradient: \(names)"
      )
    }
    let unknown = state.unexamined.count
    if unknown > 0 {
      words.append(
        "of \(NumberText.count(unknown, "parameter")) no moment can be read, so that it is not known whether \(unknown == 1 ? "it" : "they") got a gradient"
      )
    }
    if state.parameters.isEmpty, lacking.isEmpty {
      words.append(
        "the optimizer kept nothing of any parameter, so that it is not known which of them got a gradient")
    }
    if words.isEmpty, untouched.isEmpty { words.append("every parameter got a gradient") }
    return words
  }

  private static let limit = 50

  private var headline: String {
    let steps = Set(state.parameters.compactMap(\.step)).sorted()
    let step =
      switch (steps.first, steps.last) {
      case (let first?, let last?) where first == last:
        ", step \(NumberText.significant(first, trimmed: true))"
      case (let first?, let last?):
        ", steps \(NumberText.significant(first, trimmed: true)) to \(NumberText.significant(last, trimmed: true))"
      default: ""
      }
    let names =
      state.isNamedByOrder ? "; names by the order of the model's modules, which all shapes fit" : ""
    return "optimizer state of \(NumberText.count(state.parameters.count, "parameter"))\(step), "
      + "\(QuantityText.bytes(state.moments.tensorByteCount)) of moments\(names)"
  }

  private var untouchedWords: String {
    "\(NumberText.count(untouched.count, "parameter")) never got a gradient (the second moment is zero)"
  }

  private func name(_ parameter: OptimizerState.Parameter) -> String {
    parameter.shape.map { "\(parameter.name) \($0)" } ?? parameter.name
  }

  private func words(_ group: OptimizerState.Group) -> String {
    let wanted = ["lr", "betas", "eps", "weight_decay", "initial_lr"]
    let settings = wanted.compactMap { key in group[key].map { "\(key) \($0.text)" } }
    let count = group.parameterCount.map { NumberText.count($0, "parameter") + ": " } ?? ""
    return count + (settings.isEmpty ? "no settings" : settings.joined(separator: ", "))
  }
}
