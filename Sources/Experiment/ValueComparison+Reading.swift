public import Analysis
internal import EventFile
public import RunFolder

extension ValueComparison {
  /// Compares the values of `base` and `new` that both have, of at most `limit` tags of a kind.
  ///
  /// - Parameter keepsPictures: whether pictures that differ are kept, to be shown side by side.
  public init(_ base: TrainingRun, _ new: TrainingRun, limit: Int = 40, keepsPictures: Bool = true) {
    self.init()
    let settings = Set(base.configuration.map(\.source))
    for kind in [PluginKind.text, .histograms, .images, .prCurves] {
      let others = Dictionary(new.values(of: kind).map { ($0.tag, $0) }) { first, _ in first }
      var count = 0
      for track in base.values(of: kind) where !(kind == .text && settings.contains(track.tag)) {
        guard count < limit, let other = others[track.tag] else { continue }
        let steps = Set(other.places.map(\.step))
        guard let place = track.places.lastIndex(where: { steps.contains($0.step) }),
          let otherPlace = other.places.lastIndex(where: { $0.step == track.places[place].step }),
          let difference = Difference(
            from: base.value(of: track, at: place), to: new.value(of: other, at: otherPlace))
        else { continue }
        count += 1
        let shown = keepsPictures ? difference : difference.withoutPictures
        rows.append(Row(tag: track.tag, step: track.places[place].step, difference: shown))
      }
    }
  }
}
