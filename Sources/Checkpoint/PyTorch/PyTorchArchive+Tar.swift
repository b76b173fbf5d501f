internal import Bytes
internal import FileSystem

/// A tensor as the `tensors` file of a tar archive describes it.
struct TarTensor: Sendable {
  var storage: String
  var type: String
  var shape: [Int]
  var strides: [Int]
  /// In elements.
  var offset: Int
}

/// The format before torch 0.1.10: a tar archive of `storages`, `tensors` and `pickle`.
///
/// `storages`: their number, then for each the triple of key, location and class as a pickle, the number of
/// elements in eight bytes and the elements; then a pickled list of views. `tensors`: their number, then for each
/// the triple of key, storage and class as a pickle, the number of axes in eight bytes, extents, strides, offset.
extension PyTorchArchive {
  static func openTar(_ file: MappedFile, _ range: Range<Int>) throws(CheckpointError) -> Self {
    let members = try tarMembers(file, range)
    func member(_ name: String) throws(CheckpointError) -> Range<Int> {
      guard let member = members[name] else {
        throw legacy("the tar archive has no \"\(name)\"", file, range)
      }
      return member
    }
    let storages = try tarStorages(file, try member("storages"))
    let tensors = try tarTensors(file, try member("tensors"))
    let pickle = try member("pickle")
    var reader = ByteReader(file.bytes.extracting(pickle))
    let graph = try read(&reader, pickle.lowerBound, file)
    return PyTorchArchive(
      file: file, container: .tar, root: PickleValue(root: graph),
      globals: merge([storages.globals, tensors.globals, graph.globals]),
      headerByteCount: range.count - storages.ranges.values.reduce(0) { $0 + $1.count },
      storages: .tar(storages.ranges, tensors.tensors))
  }

  private static func legacy(_ what: String, _ file: MappedFile, _ range: Range<Int>) -> CheckpointError {
    CheckpointError(.pytorch(.legacy(what)), path: file.path, offset: range.lowerBound)
  }

  /// The files of the archive by name.
  private static func tarMembers(
    _ file: MappedFile, _ range: Range<Int>
  ) throws(CheckpointError) -> [String: Range<Int>] {
    let blockSize = 512
    var members: [String: Range<Int>] = [:]
    var reader = ByteReader(file.bytes.extracting(range))
    while let block = reader.take(blockSize) {
      let header = block.copied()
      if header.allSatisfy({ $0 == 0 }) { break }
      let place = range.lowerBound + reader.position - blockSize..<range.upperBound
      let name = header[..<100].prefix { $0 != 0 }
      let text = String(decoding: name, as: UTF8.self)
      let digits = header[124..<136].prefix { $0 != 0 && $0 != 0x20 }
      guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 8), size >= 0 else {
        throw legacy("tar member \"\(text)\" has no size", file, place)
      }
      guard ZipCentralHeader.isSafe(Array(name)) else {
        throw legacy("tar member \"\(text)\" has a name that leads out of its folder", file, place)
      }
      let start = reader.position
      guard reader.skip(size) else {
        throw legacy("tar member \"\(text)\" reaches beyond the file", file, place)
      }
      _ = reader.skip(min(reader.remaining, (blockSize - size % blockSize) % blockSize))
      // Plain files are of type 0 or NUL; folders and links hold nothing that is read.
      guard header[156] == UInt8(ascii: "0") || header[156] == 0 else { continue }
      guard
        members.updateValue(range.lowerBound + start..<range.lowerBound + start + size, forKey: text) == nil
      else { throw legacy("tar member \"\(text)\" stands twice", file, place) }
    }
    return members
  }

  private static func tarStorages(
    _ file: MappedFile, _ range: Range<Int>
  ) throws(CheckpointError) -> (ranges: [String: Range<Int>], globals: [PickleGlobal]) {
    var reader = ByteReader(file.bytes.extracting(range))
    var ranges: [String: Range<Int>] = [:]
    var sizes: [String: Int] = [:]
    var globals: [PickleGlobal] = []
    let count = PickleValue(root: try read(&reader, range.lowerBound, file)).int ?? -1
    guard count >= 0 else { throw legacy("\"storages\" does not say how many there are", file, range) }
    for _ in 0..<count {
      let graph = try read(&reader, range.lowerBound, file)
      globals = merge([globals, graph.globals])
      guard let parts = PickleValue(root: graph).elements, parts.count == 3, let key = parts[0].storageKey,
        let type = parts[2].globalName.flatMap(TorchElementTypes.elementType(ofStorage:)),
        let elements = reader.littleEndian(Int64.self).flatMap({ Int(exactly: $0) }),
        let byteCount = elements.checkedMultiply(type.bitWidth / 8), reader.skip(byteCount)
      else { throw legacy("a storage of the tar archive is broken or cut", file, range) }
      let end = range.lowerBound + reader.position
      ranges[key] = end - byteCount..<end
      sizes[key] = type.bitWidth / 8
    }
    let views = try read(&reader, range.lowerBound, file)
    for view in PickleValue(root: views).elements ?? [] {
      guard let parts = view.elements, parts.count == 4, let key = parts[0].storageKey,
        let root = parts[1].storageKey, let whole = ranges[root], let size = sizes[root],
        let offset = parts[2].int?.checkedMultiply(size), let length = parts[3].int?.checkedMultiply(size),
        offset >= 0, length >= 0, offset <= whole.count, length <= whole.count - offset
      else { throw legacy("a view on a storage of the tar archive is broken", file, range) }
      ranges[key] = whole.lowerBound + offset..<whole.lowerBound + offset + length
      sizes[key] = size
    }
    return (ranges, globals)
  }

  private static func tarTensors(
    _ file: MappedFile, _ range: Range<Int>
  ) throws(CheckpointError) -> (tensors: [String: TarTensor], globals: [PickleGlobal]) {
    var reader = ByteReader(file.bytes.extracting(range))
    var tensors: [String: TarTensor] = [:]
    var globals: [PickleGlobal] = []
    let count = PickleValue(root: try read(&reader, range.lowerBound, file)).int ?? -1
    guard count >= 0 else { throw legacy("\"tensors\" does not say how many there are", file, range) }
    for _ in 0..<count {
      let graph = try read(&reader, range.lowerBound, file)
      globals = merge([globals, graph.globals])
      guard let parts = PickleValue(root: graph).elements, parts.count == 3, let key = parts[0].storageKey,
        let storage = parts[1].storageKey, let type = parts[2].globalName,
        let axes = reader.littleEndian(Int32.self), (0...64).contains(axes), reader.skip(4)
      else { throw legacy("a tensor of the tar archive is broken", file, range) }
      var numbers: [Int] = []
      for _ in 0..<2 * Int(axes) + 1 {
        guard let number = reader.littleEndian(Int64.self).flatMap({ Int(exactly: $0) }) else {
          throw legacy("a tensor of the tar archive is cut", file, range)
        }
        numbers.append(number)
      }
      tensors[key] = TarTensor(
        storage: storage, type: type, shape: Array(numbers[..<Int(axes)]),
        strides: Array(numbers[Int(axes)..<2 * Int(axes)]), offset: numbers[2 * Int(axes)])
    }
    return (tensors, globals)
  }
}
