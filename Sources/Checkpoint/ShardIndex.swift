internal import Bytes
internal import FileSystem
internal import JSON

/// `*.index.json` beside the shards of a checkpoint: which file holds which tensor.
struct ShardIndex {
  /// The file of each tensor by its name.
  var files: [String: String]
  /// The names of the files, each once, sorted.
  var fileNames: [String]
  /// `metadata.total_size`: the bytes of all tensors, which writers often leave stale.
  var totalSize: Int?

  /// Reads the index at `path`.
  ///
  /// - Throws: `CheckpointError` for a text that is not JSON, has no `weight_map` of texts, or names a file outside
  ///   of the index's folder.
  init(path: String) throws(CheckpointError) {
    let value = try JSONFile.read(path)
    guard let members = value["weight_map"]?.members else {
      throw CheckpointError(.structure("no object \"weight_map\""), path: path)
    }
    files = [:]
    for member in members {
      guard let file = member.value.string else {
        throw CheckpointError(.structure("weight_map: \"\(member.key)\" is not mapped to a text"), path: path)
      }
      guard !file.isEmpty, !file.contains("/"), !file.contains("\\"), file != "..", file != "." else {
        throw CheckpointError(
          .structure("weight_map: \"\(member.key)\" is mapped outside of the folder, to \"\(file)\""),
          path: path)
      }
      if let other = files.updateValue(file, forKey: member.key), other != file {
        throw CheckpointError(
          .structure("weight_map: \"\(member.key)\" is mapped to \(other) and to \(file)"), path: path)
      }
    }
    fileNames = Set(files.values).sorted()
    totalSize = value["metadata"]?["total_size"]?.int64.flatMap { Int(exactly: $0) }
  }

  /// Checks that the shards hold what the index says, and tells in words what else is remarkable.
  ///
  /// - Parameter held: the names in each shard, by file name.
  /// - Throws: `CheckpointError` for a tensor that its shard lacks.
  func check(path: String, held: [String: Set<String>], byteCount: Int) throws(CheckpointError) -> [String] {
    var remarks: [String] = []
    for (name, file) in files.sorted(by: { $0.key < $1.key }) where held[file]?.contains(name) != true {
      throw CheckpointError(
        .structure("tensor \"\(name)\" is not in \(file), where the index places it"), path: path)
    }
    for (file, names) in held.sorted(by: { $0.key < $1.key }) {
      let strays = names.filter { files[$0] == nil }.sorted()
      if let first = strays.first {
        remarks.append("\(file): \(strays.count) tensors that the index does not list, first \"\(first)\"")
      }
    }
    if let totalSize, totalSize != byteCount {
      remarks.append(
        "\(Path.name(of: path)): total_size says \(Thousands.text(totalSize)) bytes, the tensors have \(Thousands.text(byteCount))"
      )
    }
    return remarks
  }
}

/// Small JSON files beside the tensors.
enum JSONFile {
  /// The value in the file at `path`, of at most 64 MiB, `NaN` and infinities allowed as Python writes them.
  static func read(_ path: String) throws(CheckpointError) -> JSONValue {
    let bytes: [UInt8]
    do { bytes = try Files.read(path, limit: 1 << 26) } catch { throw CheckpointError(error) }
    try unsafe GitLFSPointer.refuse(bytes.span.bytes, path: path)
    do { return try JSONValue(parsing: bytes, dialect: .python) } catch {
      throw CheckpointError(.json(error), path: path, offset: error.offset)
    }
  }
}
