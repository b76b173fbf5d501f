internal import Bytes
internal import FileSystem

/// The format before torch 1.6: pickles and storages one after another.
///
/// A magic number, a protocol number, facts on the machine, what was saved, the keys of the storages, each a
/// pickle; then for each key the number of elements in eight bytes and the elements.
extension PyTorchArchive {
  static let streamMagic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
  static let streamProtocol = 1001

  static func openStream(_ file: MappedFile, _ range: Range<Int>) throws(CheckpointError) -> Self {
    let base = range.lowerBound
    var reader = ByteReader(file.bytes.extracting(range))
    let magic = PickleValue(root: try read(&reader, base, file))
    guard case .bigInteger(let digits) = magic.node, digits == streamMagic else {
      // Some other pickle that starts with a long integer.
      return try openPickle(file, range)
    }
    func legacy(_ what: String, _ offset: Int) -> CheckpointError {
      CheckpointError(.pytorch(.legacy(what)), path: file.path, offset: base + offset)
    }
    let version = PickleValue(root: try read(&reader, base, file)).int
    guard version == streamProtocol else {
      throw legacy("torch's stream protocol is \(streamProtocol), not \(version ?? 0)", reader.position)
    }
    let system = try read(&reader, base, file)
    if let little = PickleValue(root: system)["little_endian"]?.bool, !little {
      throw CheckpointError(.pytorch(.byteOrder("big")), path: file.path)
    }
    let object = try read(&reader, base, file)
    let keysOffset = reader.position
    let keys = try read(&reader, base, file)
    guard let keyValues = PickleValue(root: keys).elements else {
      throw legacy("the keys of the storages are no list", keysOffset)
    }
    let header = reader.position
    let sizes = streamElementSizes(object)
    var ranges: [String: Range<Int>] = [:]
    for key in keyValues {
      guard let name = key.storageKey, let size = sizes[name] else {
        throw legacy("a storage that nothing refers to", reader.position)
      }
      let offset = reader.position
      guard let claimed = reader.littleEndian(Int64.self), let count = Int(exactly: claimed),
        let byteCount = count.checkedMultiply(size), reader.skip(byteCount)
      else { throw legacy("storage \"\(name)\" reaches beyond the file", offset) }
      guard ranges[name] == nil else { throw legacy("storage \"\(name)\" stands twice", offset) }
      ranges[name] = base + reader.position - byteCount..<base + reader.position
    }
    return PyTorchArchive(
      file: file, container: .stream, root: PickleValue(root: object),
      globals: merge([system, object, keys].map(\.globals)), headerByteCount: header, storages: .table(ranges)
    )
  }

  /// The size of an element of each storage that the pickle refers to, by key.
  private static func streamElementSizes(_ graph: PickleGraph) -> [String: Int] {
    var sizes: [String: Int] = [:]
    for node in graph.nodes {
      guard case .persistent(let index) = node,
        let parts = PickleValue(graph, index).elements, parts.count >= 5, let key = parts[2].storageKey,
        let type = parts[1].globalName.flatMap(TorchElementTypes.elementType(ofStorage:))
      else { continue }
      sizes[key] = type.bitWidth / 8
    }
    return sizes
  }

  /// The globals of several pickles, each name once.
  static func merge(_ lists: [[PickleGlobal]]) -> [PickleGlobal] {
    var merged: [PickleGlobal] = []
    var places: [String: Int] = [:]
    for global in lists.joined() {
      if let place = places[global.name] {
        let first = merged[place]
        merged[place] = PickleGlobal(
          name: first.name, offset: first.offset, uses: first.uses + global.uses,
          isKnown: first.isKnown && global.isKnown)
      } else {
        places[global.name] = merged.count
        merged.append(global)
      }
    }
    return merged
  }
}

extension PickleValue {
  /// The key of a storage or tensor, which is a text or, in the oldest files, an integer.
  var storageKey: String? { string ?? int.map(String.init) }
}
