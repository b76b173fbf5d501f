internal import Bytes

/// Makes the contents of an event file from its records.
struct EventCollector: ~Copyable, RecordSink {
  /// The most values that one event may hold.
  static let mostValues = 1 << 20
  /// The most faults that are kept of one file; the others are counted.
  static let mostFaults = 1000
  /// The most bytes of text that are kept of one file.
  static let mostTextBytes = 1 << 26

  private(set) var contents: EventFileContents
  /// The size of the file, from which the number of points is guessed; 0 where it is not known.
  var expectedByteCount = 0
  private var table = TagTable()
  private var scanner = EventScanner()
  private var textByteCount = 0
  private var metadataByteCount = 0
  /// Whether a curve of two points or more has begun.
  private var isUnderWay = false
  private let visit: ((EventPoint) -> Void)?
  private let keepsPoints: Bool
  private let usesScanner: Bool

  /// A collector that keeps the points, or else gives them to `visit`.
  ///
  /// - Parameter usesScanner: false to have libprotobuf-c decode every event, which the tests hold against the other.
  init(path: String, keepsPoints: Bool = true, visit: ((EventPoint) -> Void)? = nil, usesScanner: Bool = true)
  {
    self.usesScanner = usesScanner
    contents = EventFileContents(path: path)
    self.visit = visit
    self.keepsPoints = keepsPoints
  }

  /// The contents as they stand now, of a file of `byteCount` bytes that ends with `ending`.
  func contents(byteCount: Int, _ ending: EventFileContents.Ending) -> EventFileContents {
    var result = contents
    result.byteCount = byteCount
    result.ending = ending
    for entry in table.entries {
      for kind in entry.kinds where kind.values >= 0 {
        result.values[kind.values].plugin = kind.plugin
        result.values[kind.values].metadata = kind.metadata
      }
    }
    result.tags = zip(table.entries, table.keys).flatMap { $0.summaries(of: $1.valueCount) }
    result.bareTags = table.entries.filter { $0.isBare }.map(\.name)
    return result
  }

  mutating func add(_ kind: ReadFault.Kind, at offset: Int) {
    guard contents.faults.count < Self.mostFaults || kind.isFatal else {
      contents.unlistedFaultCount += 1
      return
    }
    contents.faults.append(ReadFault(path: contents.path, offset: offset, kind: kind))
  }

  // MARK: Records

  mutating func skip(at offset: Int, got: UInt32, want: UInt32) {
    add(.payloadChecksum(got: got, want: want), at: offset)
  }

  mutating func pass(at offset: Int, length: UInt64, limit: Int) {
    add(.recordSkipped(length: length, limit: limit), at: offset)
  }

  mutating func take(_ payload: RawSpan, at offset: Int) {
    contents.recordCount &+= 1
    if takeScalar(payload, at: offset) { return }
    guard usesScanner, scanner.scan(payload) else {
      takeUnusual(payload, at: offset)
      return
    }
    begin(scanner.wallTime)
    if scanner.what == 5 {
      guard scanner.values.count <= Self.mostValues else {
        add(.undecodable(reason: "more than \(Self.mostValues) values in one event"), at: offset)
        return
      }
      for index in scanner.values.indices { take(index, of: payload, at: offset) }
    } else {
      takeOther(payload, at: offset)
    }
  }

  /// Takes an event that is one number of a tag that had one before, its fields in the order in which all writers
  /// write them; false, with nothing taken, where it is anything else.
  ///
  /// Nearly all events are such, and a walk of its own reads them several times as fast as the general one.
  @inline(__always)
  private mutating func takeScalar(_ payload: RawSpan, at offset: Int) -> Bool {
    guard usesScanner, let scalar = UsualScalar(payload) else { return false }
    let index = table.index(of: payload.extracting(scalar.tag))
    let series = table.keys[index].series
    guard series >= 0 else { return false }
    table.count(index)
    if keepsPoints {
      contents.series[series].append(
        step: scalar.step, wallTime: scalar.wallTime, value: Double(scalar.value),
        Series.Progress(offset: offset, total: expectedByteCount))
    } else {
      give(scalar.step, scalar.wallTime, Double(scalar.value), series, at: offset)
    }
    return true
  }

  /// Notes the first time; the events that restart a session may have none, which is 0.
  private mutating func begin(_ wallTime: Double) {
    if contents.firstWallTime == nil, wallTime.isFinite, wallTime != 0 { contents.firstWallTime = wallTime }
  }

  /// Takes an event that is no summary.
  private mutating func takeOther(_ payload: RawSpan, at offset: Int) {
    if scanner.sourceMetadata.isPresent {
      if let writer = decodedWriter(payload.extracting(scanner.sourceMetadata)) {
        if contents.writer == nil { contents.writer = writer }
      } else {
        add(.undecodable(reason: "the source metadata is no message"), at: offset)
      }
    }
    guard scanner.body.isPresent else { return }
    let body = payload.extracting(scanner.body)
    switch scanner.what {
    case 3:
      if contents.fileVersion == nil {
        contents.fileVersion = unsafe body.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
      }
    case 4, 9: note(tag: "__run_graph__", "graphs", scanner.step, scanner.wallTime, at: offset)
    case 7:
      guard let status = decodedSessionStatus(body) else {
        add(.undecodable(reason: "the session log is no message"), at: offset)
        return
      }
      if status == .start { start(scanner.step, at: offset) }
    case 8:
      guard case .runMetadata(let tag, _)? = Event(decoding: payload)?.content else {
        add(.undecodable(reason: "the profile is no message"), at: offset)
        return
      }
      note(tag: tag, "run_metadata", scanner.step, scanner.wallTime, at: offset)
    default: break
    }
  }

  private mutating func start(_ step: Int64, at offset: Int) {
    contents.sessionStarts.append(
      SessionStart(
        step: step, offset: offset, pointsBefore: contents.series.map(\.count),
        valuesBefore: contents.values.map(\.places.count)))
  }

  /// Notes what an event holds instead of a summary.
  private mutating func note(
    tag: String, _ plugin: String, _ step: Int64, _ wallTime: Double, at offset: Int
  ) {
    let index = unsafe table.index(of: TagTable.cut(tag.utf8Span.span.bytes))
    table.count(index)
    let kind = table[index].kind(implying: plugin, .none)
    note(index, kind, ValuePlace(step: step, wallTime: wallTime, offset: offset))
  }

  /// Notes the place of a value of `kind` that is no number.
  private mutating func note(_ index: Int, _ kind: Int, _ place: ValuePlace) {
    table[index].kinds[kind].count += 1
    var values = table[index].kinds[kind].values
    if values < 0 {
      values = contents.values.count
      table[index].kinds[kind].values = values
      contents.values.append(ValueSeries(tag: table[index].name, plugin: ""))
    }
    contents.values[values].places.append(place)
  }

  // MARK: Values

  private mutating func take(_ ordinal: Int, of payload: RawSpan, at offset: Int) {
    let value = scanner.values[ordinal]
    let place = ValuePlace(
      step: scanner.step, wallTime: scanner.wallTime, offset: offset, ordinal: Int32(clamping: ordinal))
    let whole = payload.extracting(value.tag)
    let tag = TagTable.cut(whole)
    let index = table.index(of: tag)
    if table.keys[index].valueCount == 0 { check(tag, index, of: whole.byteCount, at: offset) }
    table.count(index)
    var kind = -1
    if value.metadata.isPresent {
      let metadata = payload.extracting(value.metadata)
      kind = table[index].kind(declaredBy: metadata)
      if kind < 0 {
        guard let decoded = SummaryMetadata(decoding: metadata) else {
          add(.undecodable(reason: "the metadata of a value is no message"), at: offset)
          return
        }
        kind = declare(decoded, index, value.content, encoded: metadata)
      }
    }
    switch value.content {
    case .simple: append(Double(value.simple), index, kind, place)
    case .tensor:
      let body = payload.extracting(value.body)
      if kind < 0 { kind = table[index].kind(declaredFor: .tensor) }
      if kind >= 0, !table[index].kinds[kind].mayHoldScalars, table[index].kinds[kind].plugin != "text" {
        let isHistogram = table[index].kinds[kind].plugin == "histograms"
        let histogram = isHistogram ? TensorValue(decoding: body).flatMap { Histogram($0) } : nil
        note(index, kind, place.holding(histogram?.elements))
        return
      }
      switch ScalarScanner.scan(body) {
      case .scalar(let number): append(number, index, kind, place, isBare: !value.metadata.isPresent)
      case .strings where kind >= 0 && table[index].kinds[kind].plugin != "text": note(index, kind, place)
      case .strings, .unusual:
        guard let tensor = TensorValue(decoding: body) else {
          add(.undecodable(reason: "a tensor is no message"), at: offset)
          return
        }
        take(tensor, index, kind, place, isBare: !value.metadata.isPresent)
      }
    case .none: noteParameters(index, kind, place)
    case .oldHistogram: note(index, kind, place, implying: "histograms", value.content)
    case .histogram:
      let elements = HistogramScanner.elements(payload.extracting(value.body))
      note(index, kind, place.holding(elements), implying: "histograms", value.content)
    case .image: note(index, kind, place, implying: "images", value.content)
    case .audio: note(index, kind, place, implying: "audio", value.content)
    }
  }

  /// Takes an event that the scanner does not know, as libprotobuf-c reads it.
  private mutating func takeUnusual(_ payload: RawSpan, at offset: Int) {
    guard let event = Event(decoding: payload) else {
      add(.undecodable(reason: "the payload is no event"), at: offset)
      return
    }
    begin(event.wallTime)
    if contents.writer == nil { contents.writer = event.writer }
    switch event.content {
    case .fileVersion(let version): if contents.fileVersion == nil { contents.fileVersion = version }
    case .graph, .metaGraph: note(tag: "__run_graph__", "graphs", event.step, event.wallTime, at: offset)
    case .runMetadata(let tag, _): note(tag: tag, "run_metadata", event.step, event.wallTime, at: offset)
    case .sessionLog(.start, _): start(event.step, at: offset)
    case .summary(let values):
      for (ordinal, value) in values.enumerated() {
        take(
          value,
          ValuePlace(
            step: event.step, wallTime: event.wallTime, offset: offset, ordinal: Int32(clamping: ordinal)))
      }
    default: break
    }
  }

  private mutating func take(_ value: SummaryValue, _ place: ValuePlace) {
    let tag = unsafe TagTable.cut(value.tag.span.bytes)
    let index = table.index(of: tag)
    if table.keys[index].valueCount == 0 { check(tag, index, of: value.tag.count, at: place.offset) }
    table.count(index)
    let content = EventScanner.Content(value.data)
    var kind = value.metadata.map { declare($0, index, content) } ?? -1
    switch value.data {
    case .none: noteParameters(index, kind, place)
    case .simple(let number): append(Double(number), index, kind, place)
    case .oldHistogram: note(index, kind, place, implying: "histograms", content)
    case .histogram(let message):
      note(index, kind, place.holding(message.elements), implying: "histograms", content)
    case .image: note(index, kind, place, implying: "images", content)
    case .audio: note(index, kind, place, implying: "audio", content)
    case .tensor(let tensor):
      if kind < 0 { kind = table[index].kind(declaredFor: .tensor) }
      if kind >= 0, !table[index].kinds[kind].mayHoldScalars, table[index].kinds[kind].plugin != "text" {
        let isHistogram = table[index].kinds[kind].plugin == "histograms"
        note(index, kind, isHistogram ? place.holding(Histogram(tensor)?.elements) : place)
        return
      }
      take(tensor, index, kind, place, isBare: value.metadata == nil)
    }
  }

  private mutating func take(
    _ tensor: TensorValue, _ index: Int, _ kind: Int, _ place: ValuePlace, isBare: Bool
  ) {
    if let number = tensor.scalar {
      append(number, index, kind, place, isBare: isBare)
    } else if tensor.dtype == TensorElementType.string.rawValue {
      let kind = kind < 0 ? table[index].kind(implying: "text", .tensor) : kind
      note(index, kind, place)
      guard table[index].kinds[kind].plugin == "text" else { return }
      textByteCount += tensor.strings.reduce(0) { $0 + $1.count + 32 }
      guard textByteCount <= Self.mostTextBytes else {
        contents.droppedTextCount += 1
        return
      }
      isUnderWay = isUnderWay || contents.series.contains { $0.count > 1 }
      contents.texts.append(
        TextValue(
          tag: table[index].name, step: place.step, wallTime: place.wallTime,
          strings: tensor.strings.map { String(decoding: $0, as: UTF8.self) }, followsPoints: isUnderWay))
    } else {
      note(index, kind, place, implying: "tensors", .tensor)
    }
  }

  /// Notes a value of `kind`, or of the kind that its data imply where its metadata name none.
  private mutating func note(
    _ index: Int, _ kind: Int, _ place: ValuePlace, implying plugin: String, _ content: EventScanner.Content
  ) {
    note(index, kind < 0 ? table[index].kind(implying: plugin, content) : kind, place)
  }

  /// Notes a value that is metadata alone, as those of hyperparameters are.
  private mutating func noteParameters(_ index: Int, _ kind: Int, _ place: ValuePlace) {
    let kind = kind < 0 ? table[index].kind(declaredFor: .none) : kind
    if kind >= 0, table[index].kinds[kind].plugin == "hparams" { note(index, kind, place) }
  }

  private mutating func append(
    _ value: Double, _ index: Int, _ kind: Int, _ place: ValuePlace, isBare: Bool = false
  ) {
    var series = table.keys[index].series
    if series < 0 {
      series = contents.series.count
      contents.series.append(Series(tag: table[index].name))
      table.setSeries(series, index)
      table[index].numbers = kind < 0 ? table[index].kind(implying: "scalars", .simple) : kind
      table[index].isBare = isBare
    }
    if keepsPoints {
      contents.series[series].append(
        step: place.step, wallTime: place.wallTime, value: value,
        Series.Progress(offset: place.offset, total: expectedByteCount))
    } else {
      give(place.step, place.wallTime, value, series, at: place.offset)
    }
  }

  @inline(never)
  private func give(_ step: Int64, _ wallTime: Double, _ value: Double, _ series: Int, at offset: Int) {
    visit?(
      EventPoint(
        series: series, tag: contents.series[series].tag, step: step, wallTime: wallTime, value: value,
        offset: offset))
  }

  // MARK: Tags

  /// The kind that `metadata` declare; -1 where they name none.
  private mutating func declare(
    _ metadata: SummaryMetadata, _ index: Int, _ content: EventScanner.Content, encoded: RawSpan? = nil
  ) -> Int {
    if metadata.pluginName.isEmpty && metadata.dataClass == 0 { return -1 }
    let (kind, isNew) = table[index].kind(declaring: metadata, content)
    guard isNew else { return kind }
    metadataByteCount += metadata.pluginContent.count + metadata.summaryDescription.utf8.count
    if metadataByteCount <= Self.mostTextBytes {
      table[index].kinds[kind].metadata = metadata
      if let encoded {
        table[index].kinds[kind].encoded = unsafe encoded.withUnsafeBytes { unsafe Array($0) }
      }
    }
    if metadata.pluginName == "hparams", table[index].name == Hyperparameter.tag,
      contents.hyperparameters.isEmpty,
      case .start(let start)? = HyperparameterRecord(metadata.pluginContent)
    {
      contents.hyperparameters = start.hyperparameters
    }
    return kind
  }

  private mutating func check(_ tag: RawSpan, _ index: Int, of byteCount: Int, at offset: Int) {
    if tag.byteCount < byteCount {
      add(
        .undecodable(reason: "a tag of \(byteCount) bytes was cut to \(tag.byteCount); its values are kept"),
        at: offset)
    }
    guard !TagTable.isText(tag) else { return }
    add(
      .undecodable(reason: "the tag \"\(table[index].name)\" is not UTF-8; its values are kept"), at: offset)
  }
}
