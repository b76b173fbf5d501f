public import EventFile
internal import FileSystem

extension TrainingRun {
  /// Reads the values of `track` that stand, or those at `positions` among them.
  ///
  /// - Parameters:
  ///   - track: one of `values`.
  ///   - positions: positions in the track's places; nil for all.
  ///   - visit: is given the position of each and its value, file by file.
  public func visitValues(
    of track: ValueTrack, at positions: [Int]? = nil, _ visit: (Int, EventValue) -> Void
  ) {
    let wanted = positions ?? Array(track.places.indices)
    let files = Dictionary(grouping: wanted) { Int(track.places[$0].file) }
    for (file, positions) in files.sorted(by: { $0.key < $1.key }) where eventFiles.indices.contains(file) {
      do throws(SystemError) {
        try EventFileContents.visitValues(
          of: eventFiles[file].path, at: positions.map { track.places[$0] }, plugin: track.plugin,
          metadata: track.metadata
        ) { visit(positions[$0], $1) }
      } catch {
        for position in positions { visit(position, .unreadable(error.reason)) }
      }
    }
  }

  /// The value of `track` at `position`, one of those that stand.
  public func value(of track: ValueTrack, at position: Int) -> EventValue {
    var result = EventValue.unreadable("it was not found")
    visitValues(of: track, at: [position]) { result = $1 }
    return result
  }

  /// The tracks whose tags fit `pattern`, a glob or a tag.
  public func values(matching pattern: String) -> [ValueTrack] {
    let glob = Glob(pattern)
    return values.filter { glob.matches($0.tag) }
  }

  /// Whether there is anything beside scalars.
  var holdsValues: Bool { !values.isEmpty || !embeddings.isEmpty }

  /// Whether there are no metrics, and no values but what is shown as the run's settings or says how to show others.
  var holdsSettingsAlone: Bool {
    guard source == .valuesOnly, checkpoints.isEmpty, embeddings.isEmpty else { return false }
    let settings = Set(configuration.map(\.source))
    return values.allSatisfy { track in
      switch track.kind {
      case .hparams, .layouts: true
      case .text: settings.contains(track.tag)
      default: false
      }
    }
  }

  /// The tracks of `kind`.
  public func values(of kind: PluginKind) -> [ValueTrack] { values.filter { $0.kind == kind } }
}
