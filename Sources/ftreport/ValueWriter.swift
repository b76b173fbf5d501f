import EventFile
import FileSystem
import JSON
import Report
import RunFolder

/// Writes the values of runs that are no numbers to standard output, one a line.
final class ValueWriter {
  private let kinds: [PluginKind]
  private let media: MediaFolder?

  /// A writer of the values of `kinds`.
  ///
  /// - Parameter media: where pictures and sounds are put; nil for nowhere.
  init(_ kinds: [PluginKind], media: MediaFolder?) {
    self.kinds = kinds
    self.media = media
  }

  /// Gives `write` what each value of `run` whose tag is `wanted` says: track by track, those that stand first. Pictures
  /// and sounds are put into their folder, and its list has a line for each, whatever is written of them elsewhere.
  func objects(
    of run: TrainingRun, wanted: Set<String>?,
    _ write: (_ track: ValueTrack, _ place: ValuePlace, _ mark: PointMark?, _ body: [JSONValue.Member]) throws
      -> Void
  ) throws {
    for track in run.values {
      guard let kind = track.kind, kinds.contains(kind), wanted?.contains(track.tag) ?? true else { continue }
      for (places, mark) in [
        (track.places, nil), (track.superseded, PointMark.superseded), (track.duplicates, .duplicate),
      ] {
        var part = track
        part.places = places
        var failure: (any Error)?
        run.visitValues(of: part) { position, value in
          guard failure == nil else { return }
          do {
            let body = try ValueJSON.members(value) { try self.media?.keep($0, $1) }
            if kind == .images || kind == .audio {
              media?.list(Self.line(of: run, track, places[position], mark, body))
            }
            try write(track, places[position], mark, body)
          } catch {
            failure = error
          }
        }
        if let failure { throw failure }
      }
    }
  }

  /// Writes the values of `run` as lines of JSON.
  func write(_ run: TrainingRun, wanted: Set<String>?) throws {
    try objects(of: run, wanted: wanted) { track, place, mark, body in
      try StandardStream.output.write(Self.line(of: run, track, place, mark, body).text + "\n")
    }
  }

  private static func line(
    of run: TrainingRun, _ track: ValueTrack, _ place: ValuePlace, _ mark: PointMark?,
    _ body: [JSONValue.Member]
  ) -> JSONValue {
    var members = [
      JSONValue.Member("kind", .string(track.kind?.rawValue ?? track.plugin)),
      .init("run", .string(run.name)),
      .init("file", .string(run.eventFiles[Int(place.file)].path)), .init("tag", .string(track.tag)),
      .init("step", .number(place.step)),
      .init("wall_time", place.wallTime.isNaN ? .null : .number(place.wallTime)),
    ]
    members += body
    switch mark {
    case nil: break
    case .superseded: members.append(.init("superseded", .bool(true)))
    case .duplicate: members.append(.init("duplicate", .bool(true)))
    }
    return .object(members)
  }
}
