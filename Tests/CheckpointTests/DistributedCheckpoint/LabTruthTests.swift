import Bytes
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Checkpoint

/// Sharded checkpoints of genuine runs against what torch's and DeepSpeed's own tools make of them.
///
/// The data stands beside the package on the machines that have it; the tests skip elsewhere.
@Suite(.enabled(if: LabTruth.folder != nil, "no ../shared/data/lab beside the package"))
struct LabTruthTests {
  @Test(arguments: LabTruth.keys)
  func `names, shapes, types and norms are those of the writers' own tools`(_ key: String) throws {
    let checkpoint = try Checkpoint(opening: LabTruth.path(key))
    let rows = try LabTruth.rows(key)
    #expect(rows.count == checkpoint.tensors.count)
    for row in rows {
      let index = try #require(checkpoint.index(of: row.name), "\(row.name)")
      #expect(checkpoint.tensors[index].shape == row.shape)
      #expect(checkpoint.tensors[index].elementType == TorchElementTypes.elementType(ofDtype: row.dtype))
      let norm = try LabTruth.norm(checkpoint, index)
      #expect(abs(norm - row.norm) <= 1e-6 * row.norm, "\(row.name)")
    }
  }

  /// What the file of the adapter holds is what DeepSpeed's masters were rounded to: nothing, in fp32.
  @Test(arguments: [500, 1000])
  func `the masters of ZeRO are the adapter beside them, bit for bit`(_ step: Int) throws {
    let folder = Path.join(try #require(LabTruth.folder), "runs/ds_z2_lora_sft/checkpoint-\(step)")
    let adapter = try Checkpoint(opening: folder)
    let masters = try Checkpoint(opening: Path.join(folder, "global_step\(step)"))
    #expect(adapter.format == .safetensors)
    #expect(masters.format == .zero)
    #expect(adapter.tensors.count == masters.tensors.count)
    for (index, tensor) in masters.tensors.enumerated() {
      let name = tensor.name.replacing(".default.", with: ".")
      let other = try #require(adapter.index(of: name))
      let bytes = try adapter.withBytes(ofTensorAt: other) { $0.copied() }
      #expect(try masters.withBytes(ofTensorAt: index) { $0.copied() } == bytes, "\(name)")
    }
  }

  @Test func `no genuine file of any run names an unknown global`() throws {
    let runs = Path.join(try #require(LabTruth.folder), "runs")
    var count = 0
    for path in try LabTruth.files(below: runs) {
      guard [".pt", ".pth", ".bin", "/.metadata"].contains(where: path.hasSuffix) else { continue }
      let archive = try PyTorchArchive(path: path)
      #expect(archive.globals.filter { !$0.isKnown }.map(\.name) == [], "\(path)")
      count += 1
    }
    #expect(count > 50)
  }

  @Test func `a legacy save of Megatron's joins its two ranks`() throws {
    let path = Path.join(try #require(LabTruth.folder), "runs/megatron/legacy")
    let checkpoint = try Checkpoint(opening: path)
    #expect(checkpoint.format == .megatron)
    let index = try #require(checkpoint.index(of: "embedding.word_embeddings.weight"))
    #expect(checkpoint.tensors[index].shape == [2048, 64])
    #expect(checkpoint.metadata.contains(.init("iteration", "1000")))
  }
}

enum LabTruth {
  static let folder: String? = Fixture.shared.map { Path.join($0, "data/lab") }.flatMap {
    Files.kind(of: $0) == .directory ? $0 : nil
  }

  struct Row {
    var name: String
    var dtype: String
    var shape: [Int]
    var norm: Double
  }

  private static let truth: JSONValue? = folder.flatMap {
    (try? Files.read(Path.join($0, "truth/sharded.json"))).flatMap {
      try? JSONValue(parsing: $0, dialect: .python)
    }
  }

  /// The checkpoints of the truth whose folders are here.
  static let keys: [String] = (truth?.members ?? []).filter {
    $0.value.array != nil && Files.kind(of: path($0.key)) == .directory
  }.map(\.key)

  /// The folder of a key: runs lie below `runs`, DeepSpeed's steps stand after an `@`.
  static func path(_ key: String) -> String {
    let name = key.hasPrefix("tiny-qwen3/") ? String(key.dropFirst("tiny-qwen3/".count)) : key
    let parts = name.split(separator: "@").map(String.init)
    var path = Path.join(folder ?? "", "runs/" + parts[0])
    if parts.count > 1 { path = Path.join(path, parts[1]) }
    // The adapter stands in the same folder, and comes first when that is opened.
    if parts.count == 1, name.contains("ds_z2"), let step = name.split(separator: "-").last {
      path = Path.join(path, "global_step\(step)")
    }
    return path
  }

  static func rows(_ key: String) throws -> [Row] {
    try #require(truth?[key]?.array).map { row in
      let parts = try #require(row.array)
      return Row(
        name: try #require(parts[0].string), dtype: "torch." + (try #require(parts[1].string)),
        shape: try #require(parts[2].array).compactMap { $0.int64.map(Int.init) },
        norm: try #require(parts[3].double))
    }
  }

  static func norm(_ checkpoint: Checkpoint, _ index: Int) throws -> Double {
    let type = checkpoint.tensors[index].elementType
    let bytes = try checkpoint.withBytes(ofTensorAt: index) { $0.copied() }
    var sum = 0.0
    switch type {
    case .float32:
      for start in stride(from: 0, to: bytes.count, by: 4) {
        let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
        sum += Double(Float(bitPattern: bits)) * Double(Float(bitPattern: bits))
      }
    case .bfloat16:
      for start in stride(from: 0, to: bytes.count, by: 2) {
        let bits = UInt32(bytes[start]) << 16 | UInt32(bytes[start + 1]) << 24
        sum += Double(Float(bitPattern: bits)) * Double(Float(bitPattern: bits))
      }
    default: Issue.record("no norm for \(type)")
    }
    return sum.squareRoot()
  }

  static func files(below folder: String) throws -> [String] {
    var files: [String] = []
    for name in try Files.names(in: folder) {
      let path = Path.join(folder, name)
      if Files.kind(of: path) == .directory {
        files += try Self.files(below: path)
      } else {
        files.append(path)
      }
    }
    return files
  }
}
