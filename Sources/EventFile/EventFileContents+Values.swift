internal import FileSystem

extension EventFileContents {
  /// Reads the values at `places` of the event file at `path`.
  ///
  /// - Parameters:
  ///   - places: in any order; those of other files must not be among them.
  ///   - plugin: the plugin that owns their tag.
  ///   - metadata: those of their tag, for values without any.
  ///   - visit: is given the position of a place in `places` and its value, in file order.
  /// - Throws: `SystemError` if the file cannot be opened.
  /// - Complexity: O(size of the values) for a plain file; a compressed one is read from its start. Memory holds one
  ///   record at a time.
  public static func visitValues(
    of path: String, at places: [ValuePlace], plugin: String, metadata: SummaryMetadata? = nil,
    _ visit: (Int, EventValue) -> Void
  ) throws(SystemError) {
    let order = places.indices.sorted {
      (places[$0].offset, places[$0].ordinal, $0) < (places[$1].offset, places[$1].ordinal, $1)
    }
    var records = try RecordLookup(path: path)
    var scanner = EventScanner()
    for index in order {
      let place = places[index]
      let value: EventValue
      do throws(RecordLookup.Failure) {
        value = try records.withPayload(at: place.offset) { payload in
          scanner.value(at: Int(place.ordinal), of: payload, plugin: plugin, metadata: metadata)
        }
      } catch {
        value = .unreadable(error.reason)
      }
      visit(index, value)
    }
  }
}

extension EventScanner {
  /// The value `ordinal` of the event in `payload`, decoded.
  mutating func value(
    at ordinal: Int, of payload: RawSpan, plugin: String, metadata: SummaryMetadata?
  ) -> EventValue {
    guard scan(payload) else {
      guard let event = Event(decoding: payload) else { return .unreadable("the payload is no event") }
      return event.value(at: ordinal, plugin: plugin, metadata: metadata)
    }
    switch what {
    case 4:
      return GraphOutline(payload.extracting(body)).map { .graph($0) } ?? .unreadable("no graph")
    case 9:
      return GraphOutline(metaGraph: payload.extracting(body)).map { .graph($0) } ?? .unreadable("no graph")
    case 5 where ordinal < values.count:
      let value = values[ordinal]
      let own =
        value.metadata.isPresent ? SummaryMetadata(decoding: payload.extracting(value.metadata)) : nil
      guard let data = SummaryValue.Data(value, of: payload) else {
        return .unreadable("its message cannot be decoded")
      }
      return EventValue(data, plugin: plugin, metadata: own ?? metadata)
    case 8:
      return Event(decoding: payload)?.value(at: ordinal, plugin: plugin, metadata: metadata)
        ?? .unreadable("the payload is no event")
    default: return .unreadable("no such value in the event")
    }
  }
}

extension Event {
  /// The value `ordinal` of the event, as its plugin means it.
  func value(at ordinal: Int, plugin: String, metadata: SummaryMetadata?) -> EventValue {
    switch content {
    case .graph(let bytes):
      unsafe GraphOutline(bytes.span.bytes).map { .graph($0) } ?? .unreadable("no graph")
    case .metaGraph(let bytes):
      unsafe GraphOutline(metaGraph: bytes.span.bytes).map { .graph($0) } ?? .unreadable("no graph")
    case .runMetadata(_, let bytes): .profile(byteCount: bytes.count)
    case .summary(let values) where ordinal < values.count:
      EventValue(values[ordinal].data, plugin: plugin, metadata: values[ordinal].metadata ?? metadata)
    default: .unreadable("no such value in the event")
    }
  }
}

extension SummaryValue.Data {
  /// The data of a value that the walk found in `payload`; nil where its message cannot be decoded.
  init?(_ value: EventScanner.Value, of payload: RawSpan) {
    let found: Self? =
      switch value.content {
      case .none: Self.none
      case .simple: .simple(value.simple)
      case .oldHistogram: .oldHistogram(byteCount: value.body.count)
      case .image: ImageValue(decoding: payload.extracting(value.body)).map { .image($0) }
      case .histogram: HistogramValue(decoding: payload.extracting(value.body)).map { .histogram($0) }
      case .audio: AudioValue(decoding: payload.extracting(value.body)).map { .audio($0) }
      case .tensor: TensorValue(decoding: payload.extracting(value.body)).map { .tensor($0) }
      }
    guard let found else { return nil }
    self = found
  }
}
