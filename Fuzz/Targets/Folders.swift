import FileSystem

@testable import Checkpoint

/// Folders of several files (DeepSpeed, Megatron, FSDP, distributed checkpoints, shards): one file of a good folder is
/// changed, or gone. The first two bytes choose folder and file, the others are changes: two bytes of a place, one of
/// what is put there.
func fuzzFolders(_ bytes: RawSpan) {
  let bytes = bytes.copied()
  guard bytes.count >= 2, !Samples.all.isEmpty else { return }
  let sample = Samples.all[Int(bytes[0]) % Samples.all.count]
  let place = Int(bytes[1]) % sample.files.count
  var changed = sample.files[place].bytes
  for change in stride(from: 2, to: bytes.count - 2, by: 3) where !changed.isEmpty {
    let offset = (Int(bytes[change]) | Int(bytes[change + 1]) << 8) % changed.count
    if bytes[change + 2] == 0xa5 {
      changed.removeLast(changed.count - offset)
    } else {
      changed[offset] = bytes[change + 2]
    }
  }
  let path = Path.join(sample.copy, sample.files[place].name)
  _ = try? FileDescriptor(creating: path).write(changed)
  if let checkpoint = try? Checkpoint(opening: sample.copy) {
    for index in checkpoint.tensors.indices {
      let count = try? checkpoint.withBytes(ofTensorAt: index) { $0.byteCount }
      precondition(count == nil || count == checkpoint.tensors[index].byteCount)
    }
  }
  _ = try? OptimizerState(opening: sample.copy)
  _ = try? FileDescriptor(creating: path).write(sample.files[place].bytes)
}

/// Good folders, copied into memory once.
enum Samples {
  struct Sample {
    var copy: String
    var files: [(name: String, bytes: [UInt8])]
  }

  static let all: [Sample] = {
    let fixtures = "Tests/CheckpointTests/Fixtures"
    let folders = [
      "torch/zero2", "torch/zero3", "torch/zero_bf16", "torch/megatron", "torch/fsdp_ranks", "torch/dcp",
      "deepspeed/autotp_zero1", "deepspeed/experts", "deepspeed/pipeline", "fsdp/v1_sharded", "fsdp/v2_ranks",
      "megatron/legacy",
    ]
    return folders.enumerated().compactMap { number, folder in
      let copy = Path.join(FuzzFolder.path, String(number))
      let files = names(below: Path.join(fixtures, folder)).compactMap { name -> (String, [UInt8])? in
        guard let bytes = try? Files.read("\(fixtures)/\(folder)/\(name)") else { return nil }
        let target = Path.join(copy, name)
        try? Files.makeDirectory(Path.parent(of: target))
        _ = try? FileDescriptor(creating: target).write(bytes)
        return (name, bytes)
      }
      return files.isEmpty ? nil : Sample(copy: copy, files: files)
    }
  }()

  private static func names(below folder: String, _ relative: String = "") -> [String] {
    ((try? Files.names(in: Path.join(folder, relative))) ?? []).flatMap { name -> [String] in
      let place = Path.join(relative, name)
      return Files.kind(of: Path.join(folder, place)) == .directory ? names(below: folder, place) : [place]
    }
  }
}
