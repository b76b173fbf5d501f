public import Checkpoint
public import JSON

/// What stands in a checkpoint, without its values: tensors with types, shapes and places, sums by type of module.
public struct CheckpointListing: Listing {
  private let checkpoint: Checkpoint
  private let configuration: AdapterConfiguration?

  /// A listing of `checkpoint`, with what its adapter's configuration says where there is one.
  public init(_ checkpoint: Checkpoint, configuration: AdapterConfiguration? = nil) {
    self.checkpoint = checkpoint
    self.configuration = configuration
  }

  // MARK: JSON

  /// The listing under keys that stay.
  ///
  /// `path`, `format`, `files[]` (`path`, `bytes`, `header_bytes`), `metadata`, `adapter`, `totals` (`tensors`,
  /// `elements`, `bytes`), `types[]` (`stack`, `type`, `tensors`, `elements`, `bytes`, `dtypes`), `tensors[]`
  /// (`name`, `dtype`, `shape`, `elements`, `bytes`, `file`, `offset`, `pieces`), `globals[]` (`name`, `known`) of
  /// its pickles, `remarks[]`.
  public var json: JSONValue {
    let totals: JSONValue = .object([
      "tensors": .number(checkpoint.tensors.count),
      "elements": .number(checkpoint.elementCount),
      "bytes": .number(checkpoint.tensorByteCount),
    ])
    return .object([
      "path": .string(checkpoint.path),
      "format": .string(checkpoint.format.rawValue),
      "files": .array(checkpoint.files.map(Self.file)),
      "metadata": .object(checkpoint.metadata.map { JSONValue.Member($0.key, .string($0.value)) }),
      "adapter": configuration.map(CheckpointJSON.adapter) ?? .null,
      "totals": totals,
      "types": .array(types.map(Self.type)),
      "tensors": .array(checkpoint.tensors.indices.map(tensor)),
      "globals": .array(
        checkpoint.globals.map { .object(["name": .string($0.name), "known": .bool($0.isKnown)]) }),
      "remarks": .array(checkpoint.remarks.map { JSONValue.string($0) }),
    ])
  }

  private static func file(_ file: Checkpoint.File) -> JSONValue {
    let header: JSONValue = file.headerByteCount.map { .number($0) } ?? .null
    return .object(["path": .string(file.path), "bytes": .number(file.byteCount), "header_bytes": header])
  }

  private static func type(_ type: TypeSum) -> JSONValue {
    let elementTypes: [JSONValue] = type.elementTypes.map { .string($0.rawValue) }
    return .object([
      "stack": .string(type.stack),
      "type": .string(type.name),
      "tensors": .number(type.tensorCount),
      "elements": .number(type.elementCount),
      "bytes": .number(type.byteCount),
      "dtypes": .array(elementTypes),
    ])
  }

  private func tensor(_ index: Int) -> JSONValue {
    let tensor = checkpoint.tensors[index]
    let place = checkpoint.location(ofTensorAt: index)
    let shape: [JSONValue] = tensor.shape.map { .number($0) }
    return .object([
      "name": .string(tensor.name),
      "dtype": .string(tensor.elementType.rawValue),
      "shape": .array(shape),
      "elements": .number(tensor.elementCount),
      "bytes": .number(tensor.byteCount),
      "file": .string(place.file),
      "offset": .number(place.offset),
      "pieces": .number(place.pieceCount),
    ])
  }

  // MARK: Text

  /// The listing for a terminal.
  public var terminal: String {
    var lines = ["\(checkpoint.path): \(formatName), \(totals)"]
    for file in checkpoint.files where checkpoint.files.count > 1 || file.path != checkpoint.path {
      lines.append("  \(file.path): \(QuantityText.bytes(file.byteCount))")
    }
    for entry in checkpoint.metadata { lines.append("  \(entry.key): \(entry.value)") }
    if let adapter { lines.append("  adapter: \(adapter)") }
    for remark in remarks { lines.append("  remark: \(remark)") }
    for warning in warnings { lines.append("  warning: \(warning)") }
    lines.append("")
    lines += Self.columns(typeTable, leading: 1)
    lines.append("")
    lines += Self.columns(tensorTable, leading: 3)
    return lines.map(ForeignText.visible).joined(separator: "\n") + "\n"
  }

  /// The listing as a page.
  public var document: Document {
    var page = Document([
      .heading(level: 1, "Checkpoint \(code: checkpoint.path)"), .paragraph("\(formatName), \(totals)."),
    ])
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

  private var remarks: [String] { checkpoint.remarks + (configuration?.remarks ?? []) }

  /// What the pickles would call that no checkpoint needs.
  private var warnings: [String] {
    checkpoint.globals.filter { !$0.isKnown }.map {
      "the pickle names \($0.name), which no checkpoint needs; do not load it"
    }
  }

  private var totals: String {
    "\(NumberText.count(checkpoint.tensors.count, "tensor")), \(NumberText.count(checkpoint.elementCount, "parameter")), \(QuantityText.bytes(checkpoint.tensorByteCount))"
  }

  private var adapter: String? { configuration.map { AdapterWords($0).full } }

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

  /// Columns of equal width, the first `leading` to the left.
  private static func columns(_ table: Table, leading: Int) -> [String] {
    let all = [table.columns.map(\.header.plain)] + table.rows.map { $0.map(\.text.plain) }
    // Names and shapes are ASCII nearly always, where bytes are columns and far quicker to count.
    let lengths = all.map { $0.map { $0.utf8.allSatisfy { $0 < 0x80 } ? $0.utf8.count : $0.count } }
    let widths = table.columns.indices.map { column in lengths.map { $0[column] }.max() ?? 0 }
    return zip(all, lengths).map { row, lengths in
      var line = ""
      for column in row.indices {
        let space = String(repeating: " ", count: widths[column] - lengths[column])
        if column > 0 { line += "  " }
        if column >= leading { line += space }
        line += row[column]
        if column < leading, column < row.count - 1 { line += space }
      }
      return line
    }
  }

  // MARK: Sums

  /// The tensors of one type of module.
  private struct TypeSum {
    var stack: String
    var name: String
    var tensorCount = 0
    var elementCount = 0
    var byteCount = 0
    var elementTypes: [ElementType] = []
  }

  private var types: [TypeSum] {
    struct Key: Hashable {
      var stack: String
      var name: String
    }
    var sums: [TypeSum] = []
    var places: [Key: Int] = [:]
    for tensor in checkpoint.tensors {
      let name = ModuleName(tensor.name)
      let key = Key(stack: name.stack, name: name.type)
      let place = places[key] ?? sums.count
      if place == sums.count {
        places[key] = place
        sums.append(TypeSum(stack: name.stack, name: name.type))
      }
      sums[place].tensorCount += 1
      sums[place].elementCount &+= tensor.elementCount
      sums[place].byteCount &+= tensor.byteCount
      if !sums[place].elementTypes.contains(tensor.elementType) {
        sums[place].elementTypes.append(tensor.elementType)
      }
    }
    return sums
  }
}
