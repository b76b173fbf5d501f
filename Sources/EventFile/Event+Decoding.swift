internal import CEventProto
internal import CProtobufC

extension Event {
  /// The longest message that is given to libprotobuf-c, whose tree can be fifty times as large as its message.
  static let longestDecoded = 1 << 26

  /// The event whose message is `payload`, decoded by libprotobuf-c, or nil where it is none.
  public init?(decoding payload: RawSpan) {
    guard payload.byteCount <= Self.longestDecoded else { return nil }
    let message = unsafe payload.withUnsafeBytes {
      unsafe ftreport__event__unpack(nil, $0.count, Wire.start(of: $0))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__event__free_unpacked(message, nil) }
    unsafe self.init(message.pointee)
  }

  private init(_ message: Ftreport__Event) {
    wallTime = unsafe message.wall_time
    step = unsafe message.step
    writer = unsafe message.source_metadata.map { unsafe Wire.text($0.pointee.writer) }
    switch unsafe message.what_case {
    case FTREPORT__EVENT__WHAT_FILE_VERSION: content = unsafe .fileVersion(Wire.text(message.file_version))
    case FTREPORT__EVENT__WHAT_GRAPH_DEF: content = unsafe .graph(Wire.bytes(message.graph_def))
    case FTREPORT__EVENT__WHAT_META_GRAPH_DEF:
      content = unsafe .metaGraph(Wire.bytes(message.meta_graph_def))
    case FTREPORT__EVENT__WHAT_SUMMARY:
      let summary = unsafe message.summary.pointee
      content = unsafe .summary(
        UnsafeBufferPointer(start: summary.value, count: summary.n_value).compactMap { unsafe $0 }
          .map { unsafe SummaryValue($0.pointee) })
    case FTREPORT__EVENT__WHAT_LOG_MESSAGE:
      let log = unsafe message.log_message.pointee
      content = unsafe .logMessage(level: log.level, Wire.text(log.message))
    case FTREPORT__EVENT__WHAT_SESSION_LOG:
      let log = unsafe message.session_log.pointee
      content = unsafe .sessionLog(SessionStatus(log.status), message: Wire.text(log.msg))
    case FTREPORT__EVENT__WHAT_TAGGED_RUN_METADATA:
      let run = unsafe message.tagged_run_metadata.pointee
      content = unsafe .runMetadata(tag: Wire.text(run.tag), Wire.bytes(run.run_metadata))
    default: content = .none
    }
  }
}

extension SummaryValue {
  fileprivate init(_ message: Ftreport__Summary__Value) {
    tag = unsafe Wire.bytes(message.tag)
    metadata = unsafe message.metadata.map { unsafe SummaryMetadata($0.pointee) }
    switch unsafe message.value_case {
    case FTREPORT__SUMMARY__VALUE__VALUE_SIMPLE_VALUE: data = unsafe .simple(message.simple_value)
    case FTREPORT__SUMMARY__VALUE__VALUE_OBSOLETE_OLD_STYLE_HISTOGRAM:
      data = unsafe .oldHistogram(byteCount: message.obsolete_old_style_histogram.len)
    case FTREPORT__SUMMARY__VALUE__VALUE_IMAGE:
      data = unsafe .image(ImageValue(message.image.pointee))
    case FTREPORT__SUMMARY__VALUE__VALUE_HISTO:
      data = unsafe .histogram(HistogramValue(message.histo.pointee))
    case FTREPORT__SUMMARY__VALUE__VALUE_AUDIO:
      data = unsafe .audio(AudioValue(message.audio.pointee))
    case FTREPORT__SUMMARY__VALUE__VALUE_TENSOR: data = unsafe .tensor(TensorValue(message.tensor.pointee))
    default: data = .none
    }
  }
}

extension SummaryMetadata {
  /// The metadata whose message is `bytes`, or nil where it is none.
  init?(decoding bytes: RawSpan) {
    guard bytes.byteCount <= Event.longestDecoded else { return nil }
    let message = unsafe bytes.withUnsafeBytes {
      unsafe ftreport__summary_metadata__unpack(nil, $0.count, Wire.start(of: $0))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__summary_metadata__free_unpacked(message, nil) }
    unsafe self.init(message.pointee)
  }

  fileprivate init(_ message: Ftreport__SummaryMetadata) {
    pluginName = unsafe message.plugin_data.map { unsafe Wire.text($0.pointee.plugin_name) } ?? ""
    pluginContent = unsafe message.plugin_data.map { unsafe Wire.bytes($0.pointee.content) } ?? []
    displayName = unsafe Wire.text(message.display_name)
    summaryDescription = unsafe Wire.text(message.summary_description)
    dataClass = unsafe message.data_class
  }
}

extension TensorValue {
  /// The tensor whose message is `bytes`, decoded by libprotobuf-c, or nil where it is none.
  init?(decoding bytes: RawSpan) {
    guard bytes.byteCount <= Event.longestDecoded else { return nil }
    let message = unsafe bytes.withUnsafeBytes {
      unsafe ftreport__tensor_proto__unpack(nil, $0.count, Wire.start(of: $0))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__tensor_proto__free_unpacked(message, nil) }
    unsafe self.init(message.pointee)
  }

  fileprivate init(_ message: Ftreport__TensorProto) {
    dtype = unsafe message.dtype
    dimensions =
      unsafe message.tensor_shape.map { shape in
        unsafe UnsafeBufferPointer(start: shape.pointee.dim, count: shape.pointee.n_dim)
          .compactMap { unsafe $0?.pointee.size }
      } ?? []
    content = unsafe Wire.bytes(message.tensor_content)
    strings = unsafe Wire.list(message.string_val, message.n_string_val).map { unsafe Wire.bytes($0) }
    floats = []
    integers = []
    switch TensorElementType(rawValue: dtype) {
    case .float: floats = unsafe Wire.list(message.float_val, message.n_float_val).map(Double.init)
    case .double: floats = unsafe Wire.list(message.double_val, message.n_double_val)
    case .int32, .int16, .int8, .uint16, .uint8:
      integers = unsafe Wire.list(message.int_val, message.n_int_val).map(Int64.init)
    case .int64: integers = unsafe Wire.list(message.int64_val, message.n_int64_val)
    case .bool: integers = unsafe Wire.list(message.bool_val, message.n_bool_val).map { $0 == 0 ? 0 : 1 }
    case .half, .bfloat16: integers = unsafe Wire.list(message.half_val, message.n_half_val).map(Int64.init)
    case .uint32: integers = unsafe Wire.list(message.uint32_val, message.n_uint32_val).map(Int64.init)
    case .uint64:
      integers = unsafe Wire.list(message.uint64_val, message.n_uint64_val).map { Int64(bitPattern: $0) }
    case .string, .complex64, .complex128, nil: break
    }
  }
}

/// The status of the session log whose message is `bytes`, or nil where it is none.
func decodedSessionStatus(_ bytes: RawSpan) -> Event.SessionStatus? {
  let message = unsafe bytes.withUnsafeBytes {
    unsafe ftreport__session_log__unpack(nil, $0.count, Wire.start(of: $0))
  }
  guard let message = unsafe message else { return nil }
  defer { unsafe ftreport__session_log__free_unpacked(message, nil) }
  return unsafe Event.SessionStatus(message.pointee.status)
}

/// The writer that the source metadata in `bytes` name, or nil where it is no such message.
func decodedWriter(_ bytes: RawSpan) -> String? {
  let message = unsafe bytes.withUnsafeBytes {
    unsafe ftreport__source_metadata__unpack(nil, $0.count, Wire.start(of: $0))
  }
  guard let message = unsafe message else { return nil }
  defer { unsafe ftreport__source_metadata__free_unpacked(message, nil) }
  return unsafe Wire.text(message.pointee.writer)
}
