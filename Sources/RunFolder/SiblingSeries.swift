internal import Bytes
internal import EventFile
internal import FileSystem

/// Folders that hold further series of a run beside them, and that are no runs of their own:
///
/// - `1795682536.32/` in a run's folder, named by a time alone: the hyperparameters of torch's `add_hparams`, with what
///   the session came to; or a folder of another name with hyperparameters and one point of each tag at most;
/// - `loss_train/` and `loss_val/` in a run's folder, each with the one tag `loss`: torch's `add_scalars("loss", …)`;
/// - `train/` and `validation/` side by side with a tag in common: Keras' and TensorFlow's.
enum SiblingSeries {
  /// Gives the series of such folders in `sources`, already read, to the run that they are of, under tags that say
  /// where they stood: `loss/train`, `validation/epoch_loss`.
  static func join(_ sources: [EventSource]) -> [EventSource] {
    var sources = sources
    var places: [ExactText: Int] = [:]
    for (index, source) in sources.enumerated() { places[ExactText(source.path)] = index }
    var joined: Set<Int> = []
    let groups = metricGroups(in: sources)
    for index in sources.indices {
      if let parent = places[ExactText(Path.parent(of: sources[index].path))], parent != index,
        isGroup(sources[index], of: sources[parent], groups)
      {
        let name = Path.name(of: sources[index].path)
        let child = sources[index]
        give(child, to: &sources[parent]) { name + "/" + $0 }
        joined.insert(index)
        continue
      }
      guard let parent = places[ExactText(Path.parent(of: sources[index].path))], parent != index,
        let part = partName(of: sources[index])
          ?? (isSession(sources[index], below: sources[parent]) ? "" : nil)
      else { continue }
      let child = sources[index]
      // What a session of hyperparameters came to is no curve by which trainings are told apart.
      give(child, to: &sources[parent], tellsTraining: !part.isEmpty) { part.isEmpty ? $0 : $0 + "/" + part }
      joined.insert(index)
    }
    // Keras' pairs, in a folder with files of its own or without.
    var inFolder = Dictionary(grouping: sources.indices) { ExactText(Path.parent(of: sources[$0].path)) }
    for index in sources.indices
    where isTraining(Path.name(of: sources[index].path)) && !joined.contains(index) {
      let parent = Path.parent(of: sources[index].path)
      let relative = Path.parent(of: sources[index].relative)
      let others = (inFolder[ExactText(parent)] ?? []).filter { other in
        Path.parent(of: sources[other].path) == parent && !joined.contains(other)
          && isEvaluation(Path.name(of: sources[other].path))
          && !tags(sources[index]).isDisjoint(with: tags(sources[other]))
      }
      guard !others.isEmpty else { continue }
      for other in others {
        let name = Path.name(of: sources[other].path)
        let child = sources[other]
        give(child, to: &sources[index]) { name + "/" + $0 }
        joined.insert(other)
      }
      if let home = places[ExactText(parent)] {
        let child = sources[index]
        give(child, to: &sources[home]) { $0 }
        joined.insert(index)
      } else {
        sources[index].path = parent
        sources[index].relative = relative
        inFolder[ExactText(Path.parent(of: parent)), default: []].append(index)
      }
    }
    return sources.indices.filter { !joined.contains($0) }.map { sources[$0] }
  }

  /// The folders below a session's in which metrics stand that experiments are judged by, as their records name them.
  private static func metricGroups(in sources: [EventSource]) -> Set<String> {
    var groups: Set<String> = []
    for series in sources.flatMap(\.files).compactMap(\.contents).flatMap(\.values)
    where series.plugin == "hparams" {
      guard let content = series.metadata?.pluginContent,
        case .experiment(let experiment)? = HyperparameterRecord(pluginContent: content)
      else { continue }
      groups.formUnion(experiment.metrics.map(\.group).filter { !$0.isEmpty })
    }
    return groups
  }

  /// Whether `source` has metrics of the session of hyperparameters in the folder above, and is no session itself.
  private static func isGroup(
    _ source: EventSource, of parent: EventSource, _ groups: Set<String>
  ) -> Bool {
    func isSession(_ source: EventSource) -> Bool {
      source.files.contains { $0.contents?.hyperparameters.isEmpty == false }
    }
    let name = Path.name(of: source.path)
    return isSession(parent) && !isSession(source) && !tags(source).isEmpty
      && (groups.contains(name) || isEvaluation(name))
  }

  /// What a folder of hyperparameters or of `add_scalars` is a part of, by its name and tags: the words to add to its
  /// tags, empty for hyperparameters; nil where it is neither.
  private static func partName(of source: EventSource) -> String? {
    let name = Path.name(of: source.path)
    let tags = tags(source)
    let hasParameters = source.files.contains { $0.contents?.hyperparameters.isEmpty == false }
    let isTime = name.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    if isTime, hasParameters || tags.isEmpty, name.utf8.contains(UInt8(ascii: ".")) { return "" }
    guard tags.count == 1, let tag = tags.first else { return nil }
    // torch replaces the slashes of the tag, and of the series' own name.
    let stem = String(tag.map { $0 == "/" || $0 == " " ? "_" : $0 }) + "_"
    guard name.hasPrefix(stem), name.utf8.count > stem.utf8.count else { return nil }
    return String(name.dropFirst(stem.count))
  }

  /// Whether `source` is a session of `add_hparams` that somebody named, below the folder of a run with curves.
  private static func isSession(_ source: EventSource, below parent: EventSource) -> Bool {
    let files = source.files.compactMap(\.contents)
    return parent.hasPoints && files.contains { !$0.hyperparameters.isEmpty }
      && files.allSatisfy { $0.series.allSatisfy { $0.count <= 1 } }
  }

  private static func tags(_ source: EventSource) -> Set<String> {
    Set(source.files.flatMap { $0.contents?.series ?? [] }.filter { !$0.isEmpty }.map(\.tag))
  }

  private static func isTraining(_ name: String) -> Bool {
    ["train", "training"].contains(name.lowercased())
  }

  private static func isEvaluation(_ name: String) -> Bool { MetricName.isEvaluationWord(name.lowercased()) }

  /// Moves the series of `child` into the file of `parent` that was being written when it began.
  ///
  /// - Parameter tellsTraining: whether they may be what a training is known by. Else they are what a session came to:
  ///   where the parent has a curve of the same tag, they are no part of that.
  private static func give(
    _ child: EventSource, to parent: inout EventSource, tellsTraining: Bool = true,
    _ renamed: (String) -> String
  ) {
    // Only files of the parent's own: another child that was given to it is no home.
    let homes = parent.files.indices.filter { Path.parent(of: parent.files[$0].path) == parent.path }
    for var file in child.files {
      guard var contents = file.contents else { continue }
      let begun = contents.firstWallTime ?? .infinity
      let home =
        homes.last { (parent.files[$0].contents?.firstWallTime ?? .infinity) <= begun + 1 } ?? homes.first
      var rest: [Series] = []
      for var series in contents.series {
        series.tag = renamed(series.tag)
        let isKnown = homes.contains { home in
          parent.files[home].contents?.series.contains { $0.tag == series.tag && !$0.isEmpty } == true
        }
        if isKnown, !tellsTraining { continue }
        guard let home, parent.files[home].contents?.series.contains(where: { $0.tag == series.tag }) == false
        else {
          rest.append(series)
          continue
        }
        parent.files[home].contents?.series.append(series)
      }
      contents.series = rest
      file.contents = contents
      file.parts = tellsTraining ? TrainedPart.parts(of: contents) : []
      parent.files.append(file)
      if tellsTraining, let home, let whole = parent.files[home].contents {
        parent.files[home].parts = TrainedPart.parts(of: whole)
      }
    }
  }
}
