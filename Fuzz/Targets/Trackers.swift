import Bytes
import FileSystem
import RunFolder

/// Files of other trackers, and of TensorBoard's projector. The first byte chooses which; what follows is the file, or
/// records of a log of Weights & Biases or SwanLab, whose checksums are put right.
func fuzzTrackers(_ bytes: RawSpan) {
  let input = bytes.copied()
  guard let first = input.first else { return }
  let body = Array(input.dropFirst())
  switch first % 10 {
  case 0: open("run-1.wandb", body)
  case 1: open("run-1.wandb", [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0] + logRecords(body))
  case 2: open("metrics.csv", body)
  case 3: open("project.db", body)
  case 4: open("run-1.swanlab", body)
  case 5: open("run-1.swanlab", Array(":SWL".utf8) + [0xd6, 0xe1, 2] + logRecords(body))
  case 6: open("backup.swanlab", Array(":SWL".utf8) + [0xd6, 0xe1, 1] + logRecords(body))
  case 7: open("projector_config.pbtxt", body)
  case 8: project(body, shape: [])
  default: project(body, shape: [body.count / 12, 3])
  }
}

/// Takes the bytes for vectors, and for their labels.
private func project(_ bytes: [UInt8], shape: [Int]) {
  guard let path = unsafe FuzzFolder.write("tensors", bytes.span.bytes) else { return }
  let embedding = Embedding(name: "", path: path, labelPath: path, shape: shape)
  _ = try? EmbeddingTable(reading: embedding, rowLimit: 64, columnLimit: 64, elementLimit: 4096)
  try? Files.removeFile(path)
}

private func open(_ name: String, _ bytes: [UInt8]) {
  guard let path = unsafe FuzzFolder.write(name, bytes.span.bytes) else { return }
  _ = try? OpenedFolder(opening: path)
  _ = try? OpenedFolder(opening: FuzzFolder.path, acceptsValues: true)
  try? Files.removeFile(path)
}

/// Records in the format of LevelDB's log, a byte of length before each.
private func logRecords(_ bytes: [UInt8]) -> [UInt8] {
  var rest = bytes[...]
  var log: [UInt8] = []
  while let size = rest.popFirst() {
    let payload = Array(rest.prefix(Int(size)))
    rest = rest.dropFirst(payload.count)
    // Each stays within the first block.
    guard log.count + 14 + payload.count < 32768 else { break }
    let sum = checksum([1] + payload)
    log += (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt32($0))) }
    log += [UInt8(payload.count), 0, 1] + payload
  }
  return log
}

private func checksum(_ bytes: [UInt8]) -> UInt32 {
  var state: UInt32 = 0xffff_ffff
  for byte in bytes {
    state ^= UInt32(byte)
    for _ in 0..<8 { state = state >> 1 ^ (state & 1 == 0 ? 0 : 0xedb8_8320) }
  }
  return ~state
}
