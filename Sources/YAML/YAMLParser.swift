internal import CYAML

/// Reads one YAML document by libyaml's events.
///
/// What files of settings do not need is refused, so that no text can grow or hide: anchors and aliases, tags,
/// second documents, merge keys, duplicate keys, keys that are not scalars.
@safe public struct YAMLParser: ~Copyable {
  /// The most bytes that a text may have.
  public static let byteLimit = 1 << 20
  /// The most lists and mappings within each other.
  public static let depthLimit = 24
  /// The most values.
  public static let nodeLimit = 50_000

  private var parser = unsafe yaml_parser_t()
  private var nodeCount = 0
  private var problems: [YAMLProblem] = []

  private init() {}

  /// The root of the document in `text`.
  ///
  /// - Throws: `YAMLError` with everything that is wrong with the text.
  public static func parse(_ text: [UInt8]) throws(YAMLError) -> YAMLNode {
    guard text.count <= byteLimit else {
      throw .init(.init(line: 1, column: 1), "the file has more than \(byteLimit) bytes")
    }
    // With the encoding set, libyaml takes a byte order mark, as editors of Windows write it, for text.
    let text = text.starts(with: [0xef, 0xbb, 0xbf]) ? Array(text.dropFirst(3)) : text
    var parser = YAMLParser()
    let result: Result<YAMLNode, YAMLError> = unsafe text.withUnsafeBufferPointer { buffer in
      do throws(YAMLError) {
        return unsafe .success(try parser.document(buffer))
      } catch {
        return .failure(tabProblem(text, error) ?? error)
      }
    }
    return try result.get()
  }

  /// The error in words of its own where the line that libyaml stumbled over is indented by a tab.
  private static func tabProblem(_ text: [UInt8], _ error: YAMLError) -> YAMLError? {
    guard let first = error.problems.first, error.problems.count == 1, first.message.hasPrefix("not YAML")
    else { return nil }
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.indices.contains(first.position.line - 1) else { return nil }
    let indentation = lines[first.position.line - 1].prefix {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t")
    }
    guard let place = indentation.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
    let column = place - indentation.startIndex + 1
    return .init(
      .init(line: first.position.line, column: column), "a tab; YAML is indented by spaces alone")
  }

  private mutating func document(
    _ buffer: UnsafeBufferPointer<UInt8>
  ) throws(YAMLError) -> YAMLNode {
    guard unsafe yaml_parser_initialize(&parser) == 1 else {
      throw .init(.init(line: 1, column: 1), "libyaml has no memory")
    }
    defer { unsafe yaml_parser_delete(&parser) }
    unsafe yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
    unsafe yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)

    var root: YAMLNode?
    loop: while true {
      let event = try next()
      switch event.kind {
      case .streamEnd: break loop
      case .other: continue
      case .documentStart where root != nil:
        throw .init(event.position, "a second document; there must be one")
      case .documentStart: root = try value(try next(), depth: 0)
      default: throw .init(event.position, "unexpected text")
      }
    }
    guard problems.isEmpty else { throw .init(problems) }
    guard let root else {
      throw .init(.init(line: 1, column: 1), "the file is empty")
    }
    return root
  }

  private mutating func value(_ event: Event, depth: Int) throws(YAMLError) -> YAMLNode {
    nodeCount += 1
    guard nodeCount <= Self.nodeLimit else {
      throw .init(event.position, "more than \(Self.nodeLimit) values")
    }
    guard depth <= Self.depthLimit else {
      throw .init(event.position, "more than \(Self.depthLimit) levels of lists and mappings")
    }
    if event.hasAnchor {
      problems.append(.init(event.position, "anchors (&) are not allowed; repeat the value"))
    }
    if event.hasTag { problems.append(.init(event.position, "tags (!) are not allowed")) }
    switch event.kind {
    case .scalar(let text, let isPlain):
      return YAMLNode(position: event.position, content: .scalar(text, isPlain: isPlain))
    case .alias:
      problems.append(.init(event.position, "aliases (*) are not allowed; a pattern with * wants quotes"))
      return YAMLNode(position: event.position, content: .scalar("", isPlain: false))
    case .sequenceStart:
      var elements: [YAMLNode] = []
      while true {
        let element = try next()
        if case .end = element.kind { break }
        elements.append(try value(element, depth: depth + 1))
      }
      return YAMLNode(position: event.position, content: .sequence(elements))
    case .mappingStart:
      return YAMLNode(position: event.position, content: .mapping(try entries(depth: depth)))
    default: throw .init(event.position, "unexpected text")
    }
  }

  private mutating func entries(depth: Int) throws(YAMLError) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let keyEvent = try next()
      if case .end = keyEvent.kind { return entries }
      let key = try value(keyEvent, depth: depth + 1)
      let value = try value(try next(), depth: depth + 1)
      guard case .scalar(let name, let isPlain) = key.content else {
        problems.append(.init(key.position, "a key must be a word, not \(key.kindName)"))
        continue
      }
      if name == "<<", isPlain { problems.append(.init(key.position, "merge keys (<<) are not allowed")) }
      if let line = lines[name] {
        problems.append(.init(key.position, "duplicate key \"\(name)\", first on line \(line)"))
        continue
      }
      lines[name] = key.position.line
      entries.append(.init(key: name, position: key.position, value: value))
    }
  }
}

extension YAMLParser {
  /// An event of libyaml as a value.
  struct Event {
    var kind: Kind
    var position: SourcePosition
    var hasAnchor = false
    var hasTag = false

    enum Kind {
      case scalar(String, isPlain: Bool)
      case alias, sequenceStart, mappingStart, end, documentStart, streamEnd, other
    }
  }

  private mutating func next() throws(YAMLError) -> Event {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(&parser, &event) == 1 else { throw failure() }
    defer { unsafe yaml_event_delete(&event) }
    var result = unsafe Event(kind: .other, position: SourcePosition(event.start_mark))
    switch unsafe event.type {
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      // libyaml has checked the encoding.
      let text = unsafe String(decoding: bytes, as: UTF8.self)
      result.kind = unsafe .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
      result.hasAnchor = unsafe scalar.anchor != nil
      result.hasTag = unsafe scalar.tag != nil
    case YAML_SEQUENCE_START_EVENT:
      result.kind = .sequenceStart
      result.hasAnchor = unsafe event.data.sequence_start.anchor != nil
      result.hasTag = unsafe event.data.sequence_start.tag != nil
    case YAML_MAPPING_START_EVENT:
      result.kind = .mappingStart
      result.hasAnchor = unsafe event.data.mapping_start.anchor != nil
      result.hasTag = unsafe event.data.mapping_start.tag != nil
    case YAML_ALIAS_EVENT: result.kind = .alias
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: result.kind = .end
    case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
    case YAML_STREAM_END_EVENT: result.kind = .streamEnd
    default: break
    }
    return result
  }

  private func failure() -> YAMLError {
    let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "cannot be read"
    if unsafe parser.error == YAML_READER_ERROR {
      // The reader knows a byte, not a line.
      return unsafe .init(
        .init(line: 1, column: 1), "byte \(parser.problem_offset): not UTF-8 text: \(problem)")
    }
    let context = unsafe parser.context.map { unsafe " \(String(cString: $0))" } ?? ""
    return unsafe .init(SourcePosition(parser.problem_mark), "not YAML: \(problem)\(context)")
  }
}

extension SourcePosition {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: mark.line + 1, column: mark.column + 1)
  }
}
