/// Values of one tag that are of one kind: those of one plugin.
///
/// TensorBoard's writers let scalars, histograms and pictures have the same name, and its `EventAccumulator` keeps them
/// apart; so does this.
struct TagKind {
  /// The plugin that the metadata of the first value name, or else what its kind of data implies.
  var plugin: String
  /// The kind of data that its first value holds.
  var content: EventScanner.Content
  /// Whether a value's metadata named the plugin.
  var isDeclared = false
  /// Whether the metadata call the data scalars.
  var isScalarClass = false
  /// The metadata of the first value that has some.
  var metadata: SummaryMetadata?
  /// The same as they stand in the file, by which most later values are known; empty where there was no room.
  var encoded: [UInt8] = []
  /// The index of the places among those of values that are no numbers, or -1.
  var values = -1
  /// The number of its values that are no numbers.
  var count = 0

  /// Whether a tensor of this kind may be a scalar.
  var mayHoldScalars: Bool { !isDeclared || isScalarClass || plugin == "scalars" || plugin.isEmpty }

  /// Whether `bytes` are the metadata that it was declared by.
  func isDeclared(by bytes: RawSpan) -> Bool {
    guard encoded.count == bytes.byteCount, !encoded.isEmpty else { return false }
    let own = encoded.span.bytes
    for offset in 0..<bytes.byteCount {
      guard
        unsafe own.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
          == bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      else { return false }
    }
    return true
  }
}

extension TagTable.Entry {
  /// The kind that metadata of `bytes` declared, or -1.
  func kind(declaredBy bytes: RawSpan) -> Int {
    kinds.firstIndex { $0.isDeclared(by: bytes) } ?? -1
  }

  /// The kind that metadata of an earlier value with such data declared, or -1.
  func kind(declaredFor content: EventScanner.Content) -> Int {
    kinds.firstIndex { $0.isDeclared && $0.content == content } ?? -1
  }

  /// The kind of a value with such data that has no metadata, where the data imply `plugin`; added where it is new.
  mutating func kind(implying plugin: String, _ content: EventScanner.Content) -> Int {
    if let index = kinds.firstIndex(where: {
      $0.plugin == plugin || ($0.isDeclared && $0.content == content && content != .tensor)
    }) {
      return index
    }
    kinds.append(TagKind(plugin: plugin, content: content))
    return kinds.count - 1
  }

  /// The kind that `metadata` of a value with such data declare, added where it is new, and whether it is.
  mutating func kind(
    declaring metadata: SummaryMetadata, _ content: EventScanner.Content
  ) -> (index: Int, isNew: Bool) {
    let isScalarClass = metadata.dataClass == 1
    if let index = kinds.firstIndex(where: { $0.plugin == metadata.pluginName }) {
      guard !kinds[index].isDeclared else { return (index, false) }
      kinds[index].isDeclared = true
      kinds[index].isScalarClass = isScalarClass
      return (index, true)
    }
    kinds.append(
      TagKind(
        plugin: metadata.pluginName, content: content, isDeclared: true, isScalarClass: isScalarClass))
    return (kinds.count - 1, true)
  }

  /// A summary a kind; one without a kind where no value could be read.
  func summaries(of count: Int) -> [TagSummary] {
    guard let first = kinds.first else { return [TagSummary(tag: name, plugin: "", count: count)] }
    // Numbers are not counted by kind: they are what is left.
    let rest = count - kinds.reduce(0) { $0 + $1.count }
    guard kinds.count > 1 else {
      return [TagSummary(tag: name, plugin: first.plugin, count: count, isDeclared: first.isDeclared)]
    }
    let owner = max(0, numbers)
    return kinds.indices.compactMap { index in
      let own = kinds[index].count + (index == owner ? rest : 0)
      guard own > 0 else { return nil }
      return TagSummary(
        tag: name, plugin: kinds[index].plugin, count: own, isDeclared: kinds[index].isDeclared)
    }
  }
}
