import Bytes
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

/// What torch holds in memory for the files in Fixtures/torch (see scripts/make-torch-fixtures.py).
struct TorchTruth {
  struct Tensor: Equatable {
    var name: String
    var dtype: String
    var shape: [Int]
    var bytes: [UInt8]
  }

  static let folder = Path.join(Fixture.package, "Tests/CheckpointTests/Fixtures/torch")

  static func path(_ name: String) -> String { Path.join(folder, name) }

  /// The tensors of `key` in the order that torch has them.
  static func tensors(_ key: String) throws -> [Tensor] {
    let truth = try JSONValue(parsing: try Files.read(path("truth.json")))
    return try tensors(try #require(truth[key]))
  }

  /// The tensors that the rows `[name, dtype, shape, bytes]` are.
  static func tensors(_ rows: JSONValue) throws -> [Tensor] {
    try #require(rows.array).map { row in
      let parts = try #require(row.array)
      return Tensor(
        name: try #require(parts[0].string), dtype: try #require(parts[1].string),
        shape: try #require(parts[2].array).compactMap { $0.int64.map(Int.init) },
        bytes: Self.bytes(hex: try #require(parts[3].string)))
    }
  }

  static func bytes(hex: String) -> [UInt8] {
    let digits = hex.utf8.map { $0 < 0x61 ? $0 - 0x30 : $0 - 0x61 + 10 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// Checks that the checkpoint has exactly the tensors of `key`, bit for bit.
  static func expect(_ checkpoint: Checkpoint, equals key: String, prefix: String = "") throws {
    let truth = try JSONValue(parsing: try Files.read(path("truth.json")))
    try expect(checkpoint, rows: try #require(truth[key]), prefix: prefix)
  }

  /// Checks that the checkpoint has exactly the tensors of `rows`, bit for bit.
  static func expect(_ checkpoint: Checkpoint, rows: JSONValue, prefix: String = "") throws {
    let expected = try tensors(rows)
    #expect(Set(checkpoint.tensors.map(\.name)) == Set(expected.map { prefix + $0.name }))
    for tensor in expected {
      let index = try #require(checkpoint.index(of: prefix + tensor.name), "\(tensor.name)")
      let held = checkpoint.tensors[index]
      #expect(held.elementType == TorchElementTypes.elementType(ofDtype: "torch." + tensor.dtype))
      #expect(held.shape == tensor.shape, "\(tensor.name)")
      let bytes = try checkpoint.withBytes(ofTensorAt: index) { $0.copied() }
      #expect(bytes == tensor.bytes, "\(tensor.name)")
    }
  }
}
