internal import FileSystem

// Files that make a checkpoint only together: a file can be sound while the one beside it is gone.
extension CheckpointVerification {
  /// The sets of files in the folder at `folder`, whole or not: shards by their index or by their numbers, the ranks of
  /// DeepSpeed and FSDP. What is wrong within one of the files is told of that file, not here.
  public static func sets(in folder: String) -> [CheckpointVerification] {
    guard let names = try? Files.names(in: folder) else { return [] }
    var found: [CheckpointVerification] = []
    let name = Path.name(of: folder)
    if CheckpointName.unfinishedStep(of: name) != nil {
      found.append(incomplete(folder, IncompleteSave.unfinished))
    } else if CheckpointName.isTrainers(name), let reason = IncompleteSave.withoutWeights(folder) {
      found.append(incomplete(folder, reason))
    }
    let indices = names.filter { $0.hasSuffix(".safetensors.index.json") || $0.hasSuffix(".bin.index.json") }
    for index in indices { found.append(opened(Path.join(folder, index))) }
    if indices.isEmpty { found += numberedShards(names, in: folder) }
    let isZeRO = names.contains { $0.hasSuffix("_optim_states.pt") || $0.hasSuffix("_model_states.pt") }
    let hasRanks = names.contains { rank($0, of: "pytorch_model_fsdp") != nil }
    if isZeRO || hasRanks { found.append(opened(folder)) }
    return found
  }

  private static func incomplete(_ folder: String, _ reason: String) -> CheckpointVerification {
    CheckpointVerification(set: folder, faults: [Fault(offset: nil, text: "an incomplete save: \(reason)")])
  }

  /// The set that is opened by `path`, an index or a folder.
  private static func opened(_ path: String) -> CheckpointVerification {
    do throws(CheckpointError) {
      return CheckpointVerification(set: path, tensorCount: try Checkpoint(opening: path).tensors.count)
    } catch {
      let isOfOneFile = error.path != path && Files.kind(of: error.path) == .file
      let text = (error.path == path ? "" : "\(error.path): ") + error.fault.description
      return CheckpointVerification(
        set: path, faults: isOfOneFile ? [] : [Fault(offset: error.offset, text: text)])
    }
  }

  /// Shards without an index: `model-00001-of-00003.safetensors` says how many there are.
  private static func numberedShards(_ names: [String], in folder: String) -> [CheckpointVerification] {
    var sets: [String: (first: String, total: Int, numbers: Set<Int>)] = [:]
    for name in names {
      guard let ending = [".safetensors", ".bin"].first(where: name.hasSuffix) else { continue }
      let parts = name.dropLast(ending.count).split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count >= 4, parts[parts.count - 2] == "of", let total = Int(parts[parts.count - 1]),
        let number = Int(parts[parts.count - 3]), (1...100_000).contains(total)
      else { continue }
      let stem = parts.dropLast(3).joined(separator: "-") + ending + "/\(total)"
      sets[stem, default: (name, total, [])].numbers.insert(number)
    }
    return sets.sorted { $0.key < $1.key }.compactMap { _, set in
      let missing = (1...set.total).filter { !set.numbers.contains($0) }
      guard let first = missing.first else { return nil }
      let text =
        missing.count == 1 ? "shard \(first)" : "\(missing.count) shards, the first of them \(first),"
      return CheckpointVerification(
        set: Path.join(folder, set.first),
        faults: [
          Fault(
            offset: nil, text: "of \(set.total) shards, \(text) \(missing.count == 1 ? "is" : "are") missing")
        ])
    }
  }

  /// The rank in the name of a file of one rank: 1 for `pytorch_model_fsdp_0_rank1.bin`.
  private static func rank(_ name: String, of prefix: String) -> Int? {
    guard name.hasPrefix(prefix), let ending = [".bin", ".pt"].first(where: name.hasSuffix) else {
      return nil
    }
    let digits = name.dropLast(ending.count).split(separator: "_").last.map { $0.drop { !$0.isNumber } }
    return name.contains("rank") ? digits.flatMap { Int($0) } : nil
  }
}
