public import Checkpoint
internal import Weights

/// What stands in a checkpoint, without its values: tensors with types, shapes and places, sums by type of module.
public struct CheckpointListing: Presentable {
  let checkpoint: Checkpoint
  let configuration: AdapterConfiguration?
  let decoded: DecodedCheckpoint

  /// A listing of `checkpoint`, with what its adapter's configuration says where there is one.
  public init(_ checkpoint: Checkpoint, configuration: AdapterConfiguration? = nil) {
    self.checkpoint = checkpoint
    self.configuration = configuration
    decoded = DecodedCheckpoint(checkpoint)
  }

  /// The path of the checkpoint.
  public var title: String { checkpoint.path }

  /// The listing as a page.
  public func page(isIllustrated: Bool) -> Document {
    var page = Document([
      .heading(level: 1, "Checkpoint \(code: checkpoint.path)"), .paragraph("\(formatName), \(totals)."),
    ])
    if checkpoint.files.count > 1 || checkpoint.files.first?.path != checkpoint.path {
      page.add(
        .bullets(checkpoint.files.map { "\(code: $0.path): \(number: QuantityText.bytes($0.byteCount))" }))
    }
    if let adapter { page.add(.paragraph("Adapter: \(adapter).")) }
    page.add(remarks.map { .callOut(InlineText($0)) })
    page.add(warnings.map { .callOut("\(strong: "Warning:") \($0)") })
    if !checkpoint.metadata.isEmpty {
      var table = Table(["Metadata", "Value"], sides: [.left, .left])
      for entry in checkpoint.metadata { table.add([.code(entry.key), .code(entry.value)]) }
      page.add(.table(table))
    }
    page.add([.section("By type"), .table(typeTable), .section("Tensors"), .table(tensorTable)])
    return page
  }

  /// The same for a terminal, where what a long list ends with stays in sight: the tensors first, the sums last.
  public var summary: Document {
    let page = page(isIllustrated: false).blocks
    guard let types = page.firstIndex(of: .section("By type")) else { return Document(page) }
    return Document([page[0]] + page[(types + 2)...] + page[types..<types + 2] + page[1..<types])
  }

  private var formatName: String {
    switch checkpoint.format {
    case .safetensors: "safetensors"
    case .shardedSafetensors: "safetensors in shards"
    case .pytorch: "PyTorch archive"
    case .shardedPyTorch: "PyTorch archives in shards"
    case .zero: "DeepSpeed ZeRO"
    case .distributedCheckpoint: "torch distributed checkpoint"
    case .megatron: "Megatron"
    }
  }

  private var remarks: [String] {
    decoded.sums.map { sum in
      "\(NumberText.count(sum.count, "weight")) (\(NumberText.count(sum.elementCount, "parameter"))) \(sum.count == 1 ? "stands" : "stand") as codes in \(sum.scheme)"
    } + checkpoint.remarks + (configuration?.remarks ?? [])
  }

  /// What the pickles would call that no checkpoint needs.
  private var warnings: [String] {
    checkpoint.globals.filter { !$0.isKnown }.map {
      "the pickle names \($0.name), which no checkpoint needs; do not load it"
    }
  }

  private var totals: String {
    "\(NumberText.count(checkpoint.tensors.count, "tensor")), \(NumberText.count(decoded.elementCount, "parameter")), \(QuantityText.bytes(checkpoint.tensorByteCount))"
  }

  private var adapter: String? {
    configuration.map {
      AdapterWords($0).full(Adapter(decoded.checkpoint, configuration: configuration).modules)
    }
  }

  private var typeTable: Table {
    var table = Table(
      ["Type", "Tensors", "Parameters", "Bytes", "dtype"], sides: [.left, .right, .right, .right, .right])
    for type in types {
      table.add([
        .code(type.stack.isEmpty ? type.name : "\(type.stack).*.\(type.name)"), .count(type.tensorCount),
        .count(type.elementCount), .bytes(type.byteCount),
        Table.Cell(type.elementTypes.map(\.rawValue).joined(separator: ", ")),
      ])
    }
    return table
  }

  private var tensorTable: Table {
    var table = Table(
      ["Tensor", "dtype", "Shape", "Bytes", "Offset"], sides: [.left, .left, .left, .right, .right])
    for index in checkpoint.tensors.indices {
      let tensor = checkpoint.tensors[index]
      let place = checkpoint.location(ofTensorAt: index)
      table.add([
        .code(tensor.name), Table.Cell(tensor.elementType.rawValue), .shape(tensor.shape),
        .count(tensor.byteCount),
        place.pieceCount == 1 ? .count(place.offset) : "\(place.pieceCount) pieces",
      ])
    }
    return table
  }
}
