internal import Checkpoint
public import JSON

extension CheckpointListing {
  /// The listing under keys that stay, `docs/schema/ftreport.checkpoint.json` describes them.
  ///
  /// `path`, `format`, `files[]` (`path`, `bytes`, `header_bytes`), `metadata`, `adapter`, `totals` (`tensors`,
  /// `elements`, `parameters`, `bytes`), `quantized[]` (`scheme`, `weights`, `parameters`), `types[]` (`stack`, `type`, `tensors`, `elements`, `bytes`, `dtypes`), `tensors[]`
  /// (`name`, `dtype`, `shape`, `elements`, `bytes`, `file`, `offset`, `pieces`), `globals[]` (`name`, `known`) of
  /// its pickles, `remarks[]`.
  public var value: JSONValue {
    let totals: JSONValue = .object([
      "tensors": .number(checkpoint.tensors.count),
      "elements": .number(checkpoint.elementCount),
      "parameters": .number(decoded.elementCount),
      "bytes": .number(checkpoint.tensorByteCount),
    ])
    let quantized = decoded.sums.map { sum -> JSONValue in
      .object([
        "scheme": .string(sum.scheme.rawValue), "weights": .number(sum.count),
        "parameters": .number(sum.elementCount),
      ])
    }
    return .document(
      "ftreport.checkpoint", version: 2,
      [
        "path": .string(checkpoint.path),
        "format": .string(checkpoint.format.rawValue),
        "files": .array(checkpoint.files.map(Self.file)),
        "metadata": .object(checkpoint.metadata.map { JSONValue.Member($0.key, .string($0.value)) }),
        "adapter": configuration.map(CheckpointJSON.adapter) ?? .null,
        "totals": totals, "quantized": .array(quantized),
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
}
