internal import Bytes

/// The files of one save of DeepSpeed's, by rank.
struct ZeROFolder: Sendable {
  let path: String
  /// The states of the model: one file (stages 1 and 2), or one for each rank (stage 3).
  let modelFiles: [RankFileName]
  /// Whether the model states are per rank.
  let isPartitioned: Bool
  /// The states of the optimizer, one for each rank.
  let optimizerFiles: [RankFileName]
  /// Files of other tensor-parallel ranks, and of experts, which are not joined.
  let unread: [String]

  /// The folder of the save that `path` stands for: itself, or the one that `latest` names, or the highest
  /// `global_step`; nil where there is none.
  static func find(_ path: String) throws(CheckpointError) -> String? {
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
  init?(_ path: String) throws(CheckpointError) {
    let names: [String]
    do { names = try Files.names(in: path) } catch { throw CheckpointError(error) }
    var partitioned: [RankFileName] = []
    var whole: [RankFileName] = []
    var optimizer: [RankFileName] = []
    var unread: [String] = []
    for name in names where name.hasSuffix("_states.pt") {
      let plain =
        ["bf16_", "fp16_"].first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
      if let file = RankFileName(plain, prefix: "zero_pp_rank_", suffix: "_mp_rank_00_optim_states.pt") {
        optimizer.append(file.named(name))
      } else if let file = RankFileName(plain, prefix: "zero_pp_rank_", suffix: "_mp_rank_00_model_states.pt")
      {
        partitioned.append(file.named(name))
      } else if plain == "mp_rank_00_model_states.pt" {
        whole +=
          RankFileName(plain, prefix: "mp_rank_", suffix: "_model_states.pt").map { [$0.named(name)] } ?? []
      } else {
        unread.append(name)
      }
    }
    guard !partitioned.isEmpty || !whole.isEmpty || !optimizer.isEmpty else { return nil }
    self.path = path
    isPartitioned = whole.isEmpty
    modelFiles = (whole.isEmpty ? partitioned : whole).sorted { $0.rank < $1.rank }
    optimizerFiles = optimizer.sorted { $0.rank < $1.rank }
    self.unread = unread
  }
}

extension RankFileName {
  fileprivate func named(_ name: String) -> Self { Self(name: name, rank: rank) }

  private init(name: String, rank: Int) {
    self.name = name
    self.rank = rank
  }
}
