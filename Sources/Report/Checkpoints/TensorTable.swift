internal import Analysis
internal import Checkpoint
internal import Weights

/// The tensors on both sides in figures, a row each; beside modules those that are no parts of them.
struct TensorTable {
  /// Whether these are all tensors.
  let isOfAll: Bool
  private let tensors: [TensorComparison]
  /// The number of tensors.
  let count: Int
  private let labels: CheckpointLabels

  init(_ analysis: CheckpointAnalysis) {
    let comparison = analysis.comparison
    isOfAll = comparison.modules.isEmpty
    labels = CheckpointLabels(analysis)
    guard comparison.isPair else {
      tensors = []
      count = 0
      return
    }
    tensors = comparison.tensors
    count = tensors.count(where: Self.isShown)
  }

  /// Whether a tensor has a row: it has figures of its own.
  private static func isShown(_ tensor: TensorComparison) -> Bool {
    tensor.role != .factor && tensor.role != .codes && tensor.role != .tied
  }

  /// The table of the first `limit` tensors.
  func table(limit: Int) -> Table {
    let headers = [
      "Tensor", "dtype", "Shape", "‖\(labels.columns.before)‖", "‖\(labels.columns.after)‖",
      "‖\(labels.change)‖", Verdict.capitalised(labels.change), "Cosine", "max │Δ│", "Changed",
    ]
    return Table(
      headers, sides: headers.indices.map { $0 < 3 ? .left : .right },
      rows: tensors.lazy.filter(Self.isShown).prefix(limit).map(row))
  }

  private func row(_ tensor: TensorComparison) -> [Table.Cell] {
    let types = tensor.elementTypes.map(\.rawValue)
    return [
      .code(tensor.name),
      Table.Cell(types.before == types.after ? types.before : "\(types.before) → \(types.after)"),
      .shape(tensor.shape),
      .figure(tensor.norm.before), .figure(tensor.norm.after), .figure(tensor.differenceNorm),
      .percent(tensor.relativeChange), .fixed(tensor.cosine, places: 4), .figure(tensor.greatestDifference),
      tensor.isIdentical
        ? Table.Cell("identical", value: 0)
        : .percent(Double(tensor.changedCount) / Double(max(1, tensor.elementCount))),
    ]
  }
}
