public import Analysis
internal import EventFile
internal import Media
internal import Process
public import RunFolder

/// How much of a run's values a page takes.
public struct ValueLimits: Equatable, Sendable {
  /// The most tags of each kind.
  public var tags: Int
  /// The most steps of a tag at which pictures, sounds, texts and curves are shown.
  public var steps: Int
  /// The most pictures or sounds of one step.
  public var itemsPerStep: Int
  /// The most bytes of pictures and sounds, all together.
  public var mediaByteCount: Int
  /// The most embeddings.
  public var embeddings = 8

  /// Limits with the defaults of the command.
  public init(tags: Int = 24, steps: Int = 6, itemsPerStep: Int = 4, mediaByteCount: Int = 4 << 20) {
    self.tags = tags
    self.steps = steps
    self.itemsPerStep = itemsPerStep
    self.mediaByteCount = mediaByteCount
  }
}

extension RunValues {
  /// Reads the values of `run` from its event files.
  public init(of run: TrainingRun, limits: ValueLimits = ValueLimits()) {
    self.init()
    // What is shown as the run's settings is not shown again.
    let settings = Set(run.configuration.map(\.source))
    var room = limits.mediaByteCount
    for kind in PluginKind.allCases {
      let tracks = run.values(of: kind).filter {
        !$0.places.isEmpty && !(kind == .text && settings.contains($0.tag))
      }
      if tracks.count > limits.tags, kind != .hparams { omitted[kind] = tracks.count - limits.tags }
      let shown = kind == .hparams ? tracks : Array(tracks.prefix(limits.tags))
      switch kind {
      case .histograms:
        histograms = concurrentMap(count: shown.count) { index in
          HistogramCourse(tag: shown[index].tag, count: shown[index].places.count) { add in
            run.visitInOrder(of: shown[index]) { add(shown[index].places[$0].step, $1) }
          }
        }
      case .images, .audio:
        for track in shown {
          let sheet = MediaSheet(of: track, in: run, limits, room: &room)
          if kind == .images { images.append(sheet) } else { sounds.append(sheet) }
        }
      case .text:
        texts = shown.map { track in
          var grids: [TextCourse.Entry] = []
          run.visitInOrder(of: track, at: Self.chosen(track.places.count, limits.steps)) { position, value in
            if case .text(let grid) = value {
              grids.append(.init(step: track.places[position].step, grid: grid))
            }
          }
          return TextCourse(tag: track.tag, texts: grids, stepCount: track.places.count)
        }
      case .prCurves:
        curves = shown.map { track in
          var found: [PrecisionRecallCourse.Entry] = []
          run.visitInOrder(of: track, at: Self.chosen(track.places.count, limits.steps)) { position, value in
            if case .precisionRecall(let curve) = value {
              found.append(.init(step: track.places[position].step, curve: curve))
            }
          }
          return PrecisionRecallCourse(tag: track.tag, curves: found, stepCount: track.places.count)
        }
      case .layouts:
        // Each call of a writer's lays its own charts out, all of them at the same step.
        for track in shown {
          var track = track
          track.places = Array((track.places + track.duplicates).prefix(Self.mostLayouts))
          run.visitValues(of: track) { _, value in
            if case .layout(let layout) = value {
              layouts.append(layout)
            } else {
              others.append(Other(track))
            }
          }
        }
      case .hparams, .graphs, .meshes:
        for track in shown {
          run.visitValues(of: track, at: [track.places.count - 1]) { _, value in
            switch value {
            case .hyperparameters(let record): records.append(record)
            case .graph(let graph): graphs.append(graph)
            case .mesh(let part): meshes.append(.init(tag: track.tag, part: part, count: track.places.count))
            default: others.append(Other(track))
            }
          }
        }
      case .profiles, .tensors: others += shown.map(Other.init)
      }
    }
    let chosen = Self.chosen(run.embeddings.count, limits.embeddings).map { run.embeddings[$0] }
    omittedEmbeddingCount = run.embeddings.count - chosen.count
    embeddings = concurrentMap(count: chosen.count) { EmbeddingProjection(reading: chosen[$0]) }
    if !records.isEmpty { sessions = HyperparameterTable(of: [run]) }
    for track in run.values where track.kind == nil { others.append(Other(track)) }
  }

  /// The most layouts of charts that are read.
  private static let mostLayouts = 64

  /// At most `limit` of `count` positions, evenly spread, with the first and the last.
  static func chosen(_ count: Int, _ limit: Int) -> [Int] {
    guard count > limit, limit > 1 else { return Array(0..<min(count, max(limit, 1))) }
    return (0..<limit).map { ($0 * (count - 1) + (limit - 1) / 2) / (limit - 1) }
  }
}

extension EmbeddingProjection {
  /// Reads `embedding`, of many vectors as many as are taken.
  fileprivate init(reading embedding: Embedding) {
    do throws(EmbeddingError) {
      self.init(
        embedding,
        try EmbeddingTable(
          reading: embedding, rowLimit: Self.rowLimit, columnLimit: Self.columnLimit,
          elementLimit: Self.elementLimit))
    } catch {
      self.init(embedding, obstacle: error.reason)
    }
  }
}

extension RunValues.Other {
  fileprivate init(_ track: ValueTrack) {
    self.init(tag: track.tag, plugin: track.plugin, count: track.places.count)
  }
}

extension TrainingRun {
  /// Reads values of `track` in the order of their steps, whichever files they stand in.
  fileprivate func visitInOrder(
    of track: ValueTrack, at positions: [Int]? = nil, _ visit: (Int, EventValue) -> Void
  ) {
    // The places of one file follow one another, except where a resumed file goes on: then by stretches.
    let wanted = positions ?? Array(track.places.indices)
    var start = 0
    while start < wanted.count {
      let file = track.places[wanted[start]].file
      var end = start + 1
      while end < wanted.count, track.places[wanted[end]].file == file,
        track.places[wanted[end]].offset >= track.places[wanted[end - 1]].offset
      {
        end += 1
      }
      visitValues(of: track, at: Array(wanted[start..<end]), visit)
      start = end
    }
  }
}

extension MediaSheet {
  fileprivate init(of track: ValueTrack, in run: TrainingRun, _ limits: ValueLimits, room: inout Int) {
    self.init(tag: track.tag, items: [], stepCount: track.places.count)
    run.visitInOrder(of: track, at: RunValues.chosen(track.places.count, limits.steps)) { position, value in
      let files: [(bytes: [UInt8], label: String?)]
      switch value {
      case .images(let images): files = images.map { ($0.bytes, nil) }
      case .sounds(let sounds): files = sounds.map { ($0.bytes, $0.label) }
      default: return
      }
      for (index, file) in files.prefix(limits.itemsPerStep).enumerated() {
        let header = MediaHeader(file.bytes)
        guard file.bytes.count <= room else {
          omittedCount += 1
          continue
        }
        if header.isShowable { room -= file.bytes.count }
        items.append(
          Item(
            step: track.places[position].step, index: index, header: header,
            bytes: header.isShowable ? file.bytes : [], label: file.label))
      }
    }
  }
}
