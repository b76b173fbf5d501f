internal import Analysis

/// A finding about checkpoints in words.
struct CheckpointFindingWords {
  private let finding: CheckpointFinding
  private let labels: CheckpointLabels

  init(_ finding: CheckpointFinding, labels: CheckpointLabels) {
    self.finding = finding
    self.labels = labels
  }

  /// A few words.
  var title: String {
    switch finding.kind {
    case .nonFinite: "values that are not finite"
    case .identical: "the checkpoints are identical"
    case .deadModule: NumberText.count(finding.names.count, "dead module")
    case .zeroed: NumberText.count(finding.names.count, "tensor") + " became 0"
    case .retyped: "saved in another type"
    case .rescaled: "the scaling differs"
    case .outlierNorm: "a norm far from its kind"
    case .emptyTensor: NumberText.count(finding.names.count, "empty tensor")
    case .rankMismatch: "rank and configuration disagree"
    case .frozen: NumberText.count(finding.names.count, "tensor") + " did not change"
    case .still: "the weights hardly moved"
    case .growing: finding.detail == "shrinking" ? "the weights only shrink" : "the change only grows"
    case .rankWasted: "most of the rank is not used"
    case .intruder: "intruder dimensions"
    case .scalingUnknown: "the scaling is not known"
    case .initialisation: "the start changed the base model"
    case .partOfChange: "ΔW without DoRA's magnitudes"
    case .unmatched: "not on both sides"
    case .remark: "about the files"
    }
  }

  /// A sentence with the figures.
  var sentence: String {
    let place = labels.name(finding.side).map { " at \($0)" } ?? ""
    switch finding.kind {
    case .nonFinite:
      let index = finding.index.map { ", the first at index \(NumberText.count($0))" } ?? ""
      if finding.names.count > 1 {
        return
          "\(count(finding.value)) of \(count(finding.reference)) elements in \(NumberText.count(finding.names.count, "tensor")) are \(finding.detail ?? "not finite")\(place): \(names)\(index) of the first. Every figure leaves them out\(missing("the modules'"))."
      }
      return
        "\(names) has \(count(finding.value)) of \(count(finding.reference)) elements that are \(finding.detail ?? "not finite")\(place)\(index). Every figure leaves them out\(missing("the module's"))."
    case .identical:
      return
        "Every tensor has the same values. Either nothing was trained between the two, or the same weights were saved twice."
    case .zeroed:
      return
        "\(count(finding.value)) of \(count(finding.reference)) tensors are 0 throughout\(place), and were not before: \(names). The file was most likely not written to its end."
    case .retyped:
      let what =
        "\(NumberText.count(finding.names.count, "tensor")) \(finding.names.count == 1 ? "was" : "were") saved in another type (\(finding.detail ?? "")): \(names)."
      guard let change = finding.value else { return what }
      return what
        + (change == 0
          ? " No value changed by it."
          : " The difference, \(percent(change)), is no more than the rounding makes: nothing tells that they were trained.")
    case .deadModule:
      if finding.detail == "scaling" {
        return
          "α is 0 in \(count(finding.value)) of \(count(finding.reference)) modules\(place), so that they do nothing, whatever their factors hold: \(names)."
      }
      return
        "B is 0 in \(count(finding.value)) of \(count(finding.reference)) modules\(place), so that they do nothing: \(names). They got no gradient, or were saved before the first step."
    case .rescaled:
      if finding.detail == "configuration" {
        return
          "The configurations say different things of how the tensors are applied (peft_type, use_dora or fan_in_fan_out), so that equal tensors do different things."
      }
      let factor =
        finding.value.map { ", by \(NumberText.significant($0, digits: 3)) times at the second" } ?? ""
      let same = finding.detail == nil ? "" : " The tensors are the same bit for bit; what they do is not."
      return
        "α/r is not the same on both sides in \(NumberText.count(finding.names.count, "module"))\(factor): \(names).\(same)"
    case .outlierNorm:
      let factor = (finding.value ?? 0) / max(finding.reference ?? 0, .leastNormalMagnitude)
      return
        "\(names) has ‖ΔW‖ \(figure(finding.value))\(place), \(factor >= 1 ? "\(NumberText.significant(factor, digits: 3)) times" : "\(NumberText.significant(1 / factor, digits: 3)) times below") the median \(figure(finding.reference)) of its type."
    case .emptyTensor:
      if finding.detail == "pruned" {
        return "Without any element\(place): \(names). AdaLoRA took all rank away from these modules."
      }
      return
        "Without any element\(place): \(names). Saving under ZeRO-3 leaves such tensors where the parameters were not gathered; the weights are not in this file."
    case .rankMismatch:
      return
        "\(names) has rank \(count(finding.value))\(place), the configuration says \(count(finding.reference)). PEFT would refuse to load it, or scale it wrongly."
    case .frozen:
      return
        "\(count(finding.value)) of \(count(finding.reference)) tensors are the same bit for bit while others changed: \(names)."
    case .still:
      return
        "The change between the checkpoints is \(percent(finding.value)) of what was there before, below the \(percent(finding.reference)) that counts as moving."
    case .growing:
      if finding.detail == "shrinking" {
        return
          "\(percent(finding.value)) of the squared change lies along what was there before (cosine \(figure(finding.reference))): the directions stay, and only their strength falls."
      }
      return
        "\(percent(finding.value)) of the squared change lies along what was there before (cosine \(figure(finding.reference))): the directions are found, and only their strength grows."
    case .rankWasted:
      return
        "In \(NumberText.count(finding.names.count, "module")) 99 % of ‖ΔW‖² lies in at most a quarter of the directions; the median module uses \(figure(finding.value)) of \(figure(finding.reference)). A lower rank would hold as much."
    case .intruder:
      return
        "Among the first ten left singular vectors of W + ΔW, \(count(finding.value)) have no counterpart in the base model (|cos| below 0.5 with each of its vectors, and most of their length outside the span of its leading ones)\(place), in \(finding.names.count) of \(count(finding.reference)) modules: \(names). Such dimensions go with forgetting (arXiv 2410.21228)."
    case .scalingUnknown:
      return
        "No lora_alpha was found\(place), neither in an adapter_config.json nor among the trainer's settings (compare and inspect can be given it; LLaMA-Factory's default is twice the rank), so that 1 stands for α/r: norms and changes of ΔW are known but for that factor; cosines, ranks and relative changes are not touched by it where it is the same on both sides."
    case .initialisation:
      return
        "The adapter was initialised by \(finding.detail ?? "a method") that also changed the base model, so that B·A is not the whole change of the weights: convert it (PEFT's `path_initial_model_for_weight_conversion`) before reading norms."
    case .partOfChange:
      return
        "DoRA sets the length of each row of the weights as well: ΔW of \(NumberText.count(finding.names.count, "module")) is the low-rank part alone, and the magnitudes count among what was trained whole. Given the base model, compare computes the whole change."
    case .unmatched:
      let other = finding.side == .before ? labels.after : labels.before
      return finding.side == nil
        ? "Of another shape on the other side: \(names)."
        : "Only\(place), not at \(other): \(names)."
    case .remark: return (finding.detail ?? "") + "."
    }
  }

  /// That modules have no figures, where the tensors are factors of some.
  private func missing(_ whose: String) -> String {
    let factors = [".lora_A", ".lora_B", ".lora_E", ".lora_diag", ".lora_embedding_A", ".lora_embedding_B"]
    let isOfModules = finding.names.contains { name in factors.contains { name.hasSuffix($0) } }
    return isOfModules ? "; \(whose) own figures are missing" : ""
  }

  /// The first few names, and how many more.
  private var names: String {
    let shown = finding.names.prefix(4).joined(separator: ", ")
    let rest = finding.names.count - 4
    return rest > 0 ? "\(shown) and \(NumberText.count(rest)) more" : shown
  }

  private func count(_ value: Double?) -> String {
    value.flatMap { Int(exactly: $0) }.map { NumberText.count($0) } ?? "?"
  }

  private func figure(_ value: Double?) -> String { value.map { NumberText.significant($0) } ?? "?" }
  private func percent(_ value: Double?) -> String { value.map { NumberText.percent($0) } ?? "?" }
}
