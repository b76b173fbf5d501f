internal import FileSystem

/// The files of one save of DeepSpeed's, by rank.
package struct ZeROFolder: Sendable {
  /// What one model-parallel rank wrote: of tensor parallelism, or a stage of a pipeline.
  struct Rank: Sendable {
    let number: Int
    /// The states of the model: one file (stages 1 and 2), or one for each rank of data (stage 3).
    fileprivate(set) var modelFiles: [RankFileName] = []
    /// Whether the model states are per rank of data.
    fileprivate(set) var isPartitioned = false
    /// The states of the optimizer, one for each rank of data.
    fileprivate(set) var optimizerFiles: [RankFileName] = []
    /// The experts of a mixture, a file each.
    fileprivate(set) var expertFiles: [RankFileName] = []
    /// The layers of a pipeline, a file each, by their numbers.
    fileprivate(set) var layerFiles: [RankFileName] = []

    /// Whether there is a state of the model or of the optimizer.
    var hasStates: Bool { !modelFiles.isEmpty || !optimizerFiles.isEmpty }
  }

  package let path: String
  /// The model-parallel ranks in order.
  let ranks: [Rank]
  /// Optimizers of experts without ZeRO, a file for each rank of experts.
  let expertOptimizers: [String]
  /// Files whose names are not known.
  let unread: [String]

  /// The states of the model of all ranks.
  package var modelFiles: [RankFileName] { ranks.flatMap(\.modelFiles) }

  /// The states of the optimizer of all ranks.
  package var optimizerFiles: [RankFileName] { ranks.flatMap(\.optimizerFiles) }

  /// Whether the model states are per rank of data (stage 3).
  package var isPartitioned: Bool { ranks.contains(where: \.isPartitioned) }

  /// The folder of the save that `path` stands for: itself, or the one that `latest` names, or the highest
  /// `global_step`; nil where there is none.
  package static func find(_ path: String) throws(CheckpointError) -> String? {
    let names: [String]
    do { names = try Files.names(in: path) } catch { throw CheckpointError(error) }
    if names.contains(where: { $0.hasSuffix("_model_states.pt") || $0.hasSuffix("_optim_states.pt") }) {
      return path
    }
    let steps = names.compactMap { RankFileName($0, prefix: "global_step", suffix: "") }
    guard names.contains("latest") else {
      return steps.max { $0.rank < $1.rank }.map { Path.join(path, $0.name) }
    }
    let text: [UInt8]
    do { text = try Files.read(Path.join(path, "latest"), limit: 4096) } catch {
      throw CheckpointError(error)
    }
    let tag = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
    guard let tag, !tag.contains("/"), tag != "..", tag != "." else {
      throw CheckpointError(.sharded(.structure("no name of a folder")), path: Path.join(path, "latest"))
    }
    guard Files.kind(of: Path.join(path, tag)) == .directory else {
      // Other tools have a file of this name, too.
      guard tag.hasPrefix("global_step") else { return nil }
      throw CheckpointError(.sharded(.missingFile("folder \(tag), which `latest` names,")), path: path)
    }
    return Path.join(path, tag)
  }

  /// Lists the files in the folder at `path`; nil where there are no states of a model.
  package init?(_ path: String) throws(CheckpointError) {
    let names: [String]
    do { names = try Files.names(in: path) } catch { throw CheckpointError(error) }
    var ranks: [Int: Rank] = [:]
    var partitioned: [Int: [RankFileName]] = [:]
    var expertOptimizers: [String] = []
    var unread: [String] = []
    for name in names where name.hasSuffix("_states.pt") {
      let plain =
        ["bf16_", "fp16_"].first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
      func file(_ pattern: String) -> [Int]? { Self.numbers(in: plain, pattern) }
      if let found = file("zero_pp_rank_#_mp_rank_#_optim_states.pt") {
        ranks[found[1], default: Rank(number: found[1])].optimizerFiles.append(.init(name, rank: found[0]))
      } else if let found = file("zero_pp_rank_#_mp_rank_#_model_states.pt") {
        partitioned[found[1], default: []].append(.init(name, rank: found[0]))
      } else if let found = file("mp_rank_#_model_states.pt") {
        ranks[found[0], default: Rank(number: found[0])].modelFiles.append(.init(name, rank: found[0]))
      } else if let found = file("layer_#_expert_#_mp_rank_#_model_states.pt") {
        ranks[found[2], default: Rank(number: found[2])].expertFiles.append(.init(name, rank: found[1]))
      } else if let found = file("expert_#_mp_rank_#_model_states.pt") {
        ranks[found[1], default: Rank(number: found[1])].expertFiles.append(.init(name, rank: found[0]))
      } else if let found = file("layer_#-model_#-model_states.pt") {
        ranks[found[1], default: Rank(number: found[1])].layerFiles.append(.init(name, rank: found[0]))
      } else if let found = file("layer_#-model_states.pt") {
        ranks[0, default: Rank(number: 0)].layerFiles.append(.init(name, rank: found[0]))
      } else if file("expp_rank_#_mp_rank_#_optim_states.pt") != nil {
        expertOptimizers.append(name)
      } else {
        unread.append(name)
      }
    }
    for (number, files) in partitioned where ranks[number]?.modelFiles.isEmpty != false {
      ranks[number, default: Rank(number: number)].modelFiles = files
      ranks[number]?.isPartitioned = true
    }
    guard ranks.values.contains(where: \.hasStates) else { return nil }
    self.path = path
    self.ranks = ranks.values.sorted { $0.number < $1.number }.map { rank in
      var rank = rank
      rank.modelFiles.sort { $0.rank < $1.rank }
      rank.optimizerFiles.sort { $0.rank < $1.rank }
      rank.layerFiles.sort { $0.rank < $1.rank }
      rank.expertFiles.sort { ($0.rank, $0.name) < ($1.rank, $1.name) }
      return rank
    }
    self.expertOptimizers = expertOptimizers
    self.unread = unread
  }

  /// The numbers that stand for the `#` of `pattern` in `name`; nil where it does not fit.
  static func numbers(in name: String, _ pattern: String) -> [Int]? {
    var numbers: [Int] = []
    var rest = Array(name.utf8)[...]
    for byte in pattern.utf8 {
      guard byte == UInt8(ascii: "#") else {
        guard rest.popFirst() == byte else { return nil }
        continue
      }
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      guard let number = Int(String(decoding: digits, as: UTF8.self)), number < 1 << 20 else { return nil }
      numbers.append(number)
      rest = rest.dropFirst(digits.count)
    }
    return rest.isEmpty ? numbers : nil
  }
}

extension RankFileName {
  fileprivate init(_ name: String, rank: Int) {
    self.name = name
    self.rank = rank
  }
}
