import Checkpoint
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  private func bytes(of name: String, in checkpoint: Checkpoint) throws -> [UInt8] {
    let index = try #require(checkpoint.index(of: name))
    return try checkpoint.withBytes(ofTensorAt: index) { bytes throws(CheckpointError) in
      unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }
  }

  private func shard(_ name: String, _ value: UInt8) -> [UInt8] {
    SafetensorsBytes.file(
      Array(#"{"\#(name)":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#.utf8), data: [value, value])
  }

  @Test func `a tensor's bytes are handed out in place`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("model.safetensors", SafetensorsBytes.small)
    let checkpoint = try Checkpoint(opening: path)
    #expect(checkpoint.format == .safetensors)
    #expect(try bytes(of: "b", in: checkpoint) == [9, 10, 11, 12])
    #expect(try bytes(of: "c", in: checkpoint) == [])
    let place = checkpoint.location(ofTensorAt: try #require(checkpoint.index(of: "b")))
    #expect(place == TensorLocation(file: path, offset: SafetensorsBytes.small.count - 4))
    checkpoint.release(tensorAt: 0)
    #expect(try bytes(of: "a", in: checkpoint) == Array(1...8))
  }

  @Test func `a file is known by its contents where its name says nothing`() throws {
    let folder = try TemporaryFolder()
    #expect(try Checkpoint(opening: folder.write("weights", SafetensorsBytes.small)).tensors.count == 3)
  }

  @Test func `a Git LFS pointer is told, with the size of the real file`() throws {
    let folder = try TemporaryFolder()
    let text = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 161539072\n"
    let path = try folder.write("adapter_model.safetensors", text)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(opening: path) }
    #expect(error?.fault == .gitLFSPointer(size: 161_539_072))
    #expect(error?.description.contains("161,539,072 bytes") == true)
  }

  @Test func `a cut file says what it should have had`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("model.safetensors", Array(SafetensorsBytes.small.dropLast()))
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(opening: path) }
    let count = SafetensorsBytes.small.count
    #expect(
      error?.description
        == "\(path): byte \(count - 1): the header says \(count) bytes, the file has \(count - 1): cut off")
  }

  @Test func `shards are joined by their index`() throws {
    let folder = try TemporaryFolder()
    try folder.write("model-00001-of-00002.safetensors", shard("a", 1))
    try folder.write("model-00002-of-00002.safetensors", shard("b", 2))
    try folder.write(
      "model.safetensors.index.json",
      #"""
      {"metadata":{"total_size":5},"weight_map":{"a":"model-00001-of-00002.safetensors",
      "b":"model-00002-of-00002.safetensors"}}
      """#)
    let checkpoint = try Checkpoint(opening: folder.path)
    #expect(checkpoint.format == .shardedSafetensors)
    #expect(checkpoint.files.count == 2)
    #expect(try bytes(of: "b", in: checkpoint) == [2, 2])
    #expect(
      checkpoint.remarks == ["model.safetensors.index.json: total_size says 5 bytes, the tensors have 4"])
  }

  @Test func `a missing shard is told, with what is missing with it`() throws {
    let folder = try TemporaryFolder()
    try folder.write("1.safetensors", shard("a", 1))
    let index = try folder.write(
      "model.safetensors.index.json", #"{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}"#)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(opening: folder.path) }
    #expect(error == CheckpointError(.missingShard("2.safetensors", tensorCount: 1), path: index))
  }

  @Test func `a tensor in two shards is refused`() throws {
    let folder = try TemporaryFolder()
    let first = try folder.write("1.safetensors", shard("a", 1))
    let second = try folder.write("2.safetensors", shard("a", 2))
    try folder.write(
      "model.safetensors.index.json", #"{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}"#)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(opening: folder.path) }
    #expect(error == CheckpointError(.tensorInTwoFiles("a", other: first), path: second))
  }

  @Test(arguments: [
    (#"{"weight_map":{"a":"../1.safetensors"}}"#, "outside of the folder"),
    (#"{"weight_map":{"a":1}}"#, "not mapped to a text"), (#"{"weights":{}}"#, "no object \"weight_map\""),
    (#"{"weight_map":{"b":"1.safetensors"}}"#, "tensor \"b\" is not in 1.safetensors"),
    (#"{"weight_map":{"a":"1.safetensors","a":"2.safetensors"}}"#, "is mapped to 1.safetensors and to"),
  ])
  func `an index that cannot be right is refused`(index: String, words: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("1.safetensors", shard("a", 1))
    try folder.write("model.safetensors.index.json", index)
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(opening: folder.path) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func `a folder without any checkpoint is told`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(opening: folder.path) }
    guard case .unrecognised = error?.fault else {
      Issue.record("got \(String(describing: error))")
      return
    }
  }

  @Test func `a named adapter's subfolder is found`() throws {
    let folder = try TemporaryFolder()
    try folder.write("style/adapter_model.safetensors", shard("a", 1))
    #expect(try Checkpoint(opening: folder.path).tensors.map(\.name) == ["a"])
    try folder.write("tone/adapter_model.safetensors", shard("a", 1))
    #expect(throws: CheckpointError.self) { try Checkpoint(opening: folder.path) }
  }
}
