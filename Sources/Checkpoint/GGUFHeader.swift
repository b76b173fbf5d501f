internal import Bytes
internal import FileSystem

/// What a GGUF file (llama.cpp's, ggml/docs/gguf.md) says of itself, so that it can be refused by name.
struct GGUFHeader: Equatable {
  /// The version of the format.
  var version: UInt32
  /// The number of tensors.
  var tensorCount: UInt64
  /// What the file is: `model`, `adapter`; nil where it does not say.
  var kind: String?
  /// The architecture, for example `qwen3`.
  var architecture: String?
  /// The α of an adapter.
  var alpha: Float?

  private static let magic = Array("GGUF".utf8)
  /// More entries than any writer puts before those that are looked for.
  private static let entryLimit: UInt64 = 4096

  /// The header at the start of `bytes`; nil for any other file.
  init?(_ bytes: RawSpan) {
    var reader = ByteReader(bytes)
    for byte in Self.magic {
      guard reader.byte() == byte else { return nil }
    }
    guard let version = reader.littleEndian(UInt32.self), let tensors = reader.littleEndian(UInt64.self),
      let entries = reader.littleEndian(UInt64.self)
    else { return nil }
    self.version = version
    tensorCount = tensors
    // The first version counts in 32 bits; of it the name is all that is told.
    guard version >= 2 else { return }
    for _ in 0..<min(entries, Self.entryLimit) {
      guard let key = Self.text(&reader), let type = reader.littleEndian(UInt32.self) else { return }
      switch (key, type) {
      case ("general.type", 8): kind = Self.text(&reader)
      case ("general.architecture", 8): architecture = Self.text(&reader)
      case ("adapter.lora.alpha", 6):
        guard let bits = reader.littleEndian(UInt32.self) else { return }
        alpha = Float(bitPattern: bits)
      default: guard Self.skip(type, &reader) else { return }
      }
    }
  }

  private static func text(_ reader: inout ByteReader) -> String? {
    guard let count = reader.littleEndian(UInt64.self), let length = Int(exactly: count),
      let bytes = reader.take(length)
    else { return nil }
    return length <= 1 << 12 ? bytes.repairedText() : ""
  }

  /// The bytes of a value of each type; 0 of texts and arrays, which say how long they are.
  private static let sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]

  private static func skip(_ type: UInt32, _ reader: inout ByteReader) -> Bool {
    switch type {
    case 8: return text(&reader) != nil
    case 9:
      guard let element = reader.littleEndian(UInt32.self), let count = reader.littleEndian(UInt64.self),
        element != 9, element < UInt32(sizes.count)
      else { return false }
      if element == 8 {
        // Every text has eight bytes at least.
        guard count <= UInt64(reader.remaining / 8) else { return false }
        for _ in 0..<count where text(&reader) == nil { return false }
        return true
      }
      guard let length = Int(exactly: count)?.checkedMultiply(sizes[Int(element)]) else { return false }
      return reader.skip(length)
    case let type where type < UInt32(sizes.count): return reader.skip(sizes[Int(type)])
    default: return false
    }
  }

  /// Why the file is not read.
  var refusal: String {
    let article = kind == "adapter" ? "a LoRA adapter" : kind == "model" || kind == nil ? "a model" : "a file"
    let of = architecture.map { " for \($0)" } ?? ""
    let source = kind == "adapter" ? "the adapter that it was converted from" : "what it was converted from"
    return "\(article)\(of) in GGUF, llama.cpp's format, which is not read; give \(source)"
  }
}

extension Checkpoint {
  /// Throws where the file at `path` is one of llama.cpp's.
  static func refuseGGUF(_ path: String, _ kind: FileStatus.Kind) throws(CheckpointError) {
    guard kind == .file, let file = try? MappedFile(path: path), let header = GGUFHeader(file.bytes) else {
      return
    }
    throw CheckpointError(.structure(header.refusal), path: path)
  }
}
