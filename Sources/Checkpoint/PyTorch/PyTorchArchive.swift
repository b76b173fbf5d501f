internal import Bytes
internal import FileSystem

/// A file that `torch.save` wrote, or a part of a file that is one: the pickle as inert values, and where the
/// storages stand that it refers to.
///
/// Opening reads the directory and the pickle alone.
package struct PyTorchArchive: Sendable {
  /// How the file is laid out.
  enum Container: Sendable {
    /// A zip archive, since torch 1.6.
    case zip
    /// Pickles and storages one after another, before torch 1.6.
    case stream
    /// A tar archive, before torch 0.1.10.
    case tar
    /// A pickle alone, without storages.
    case pickle
  }

  /// The bytes of a storage in the file.
  enum Storage: Sendable {
    case bytes(Range<Int>)
    case compressed
  }

  let file: MappedFile
  let container: Container
  /// What was saved.
  package let root: PickleValue
  /// Every global that any pickle of the file names.
  package let globals: [PickleGlobal]
  /// The offset of the first storage, or the file's size where there is none.
  let headerByteCount: Int
  private let storages: StorageTable

  enum StorageTable: Sendable {
    /// Entries of a zip directory, `base` bytes into the file, under a prefix.
    case zip(ZipDirectory, base: Int, prefix: String)
    case table([String: Range<Int>])
    /// Storages by key, and tensors by key, of a tar archive.
    case tar([String: Range<Int>], [String: TarTensor])
  }

  init(
    file: MappedFile, container: Container, root: PickleValue, globals: [PickleGlobal], headerByteCount: Int,
    storages: StorageTable
  ) {
    self.file = file
    self.container = container
    self.root = root
    self.globals = globals
    self.headerByteCount = headerByteCount
    self.storages = storages
  }

  /// Opens the file at `path`.
  ///
  /// - Throws: `CheckpointError` with a fault of the layer that is broken.
  package init(path: String) throws(CheckpointError) {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw CheckpointError(error) }
    try self.init(file: file, range: 0..<file.count)
  }

  /// Opens the part `range` of `file`.
  init(file: MappedFile, range: Range<Int>) throws(CheckpointError) {
    switch Self.container(of: file.bytes.extracting(range)) {
    case .zip?: self = try Self.openZip(file, range)
    case .stream?: self = try Self.openStream(file, range)
    case .tar?: self = try Self.openTar(file, range)
    case .pickle?: self = try Self.openPickle(file, range)
    case nil:
      // Pickles of the oldest protocols begin with no mark of their own.
      var reader = ByteReader(file.bytes.extracting(range))
      guard PickleReader.recognises(&reader) else {
        throw CheckpointError(
          .unrecognised("not a file that torch.save wrote (no zip, tar or pickle)"), path: file.path,
          offset: range.lowerBound)
      }
      self = try Self.openPickle(file, range)
    }
  }

  /// What the first bytes look like.
  static func container(of bytes: RawSpan) -> Container? {
    var reader = ByteReader(bytes)
    guard let first = reader.littleEndian(UInt32.self) else { return nil }
    if first == ZipCentralHeader.localSignature || first == ZipEnd.signature { return .zip }
    if reader.seek(to: 257), reader.take(5)?.repairedText() == "ustar" { return .tar }
    guard first & 0xff == 0x80, (1...5).contains(first >> 8 & 0xff) else { return nil }
    // The magic number of the stream comes as a LONG1 of ten bytes.
    return first >> 16 == 0x0a8a ? .stream : .pickle
  }

  /// The storage that the pickle calls `key`.
  func storage(_ key: String) -> Storage? {
    switch storages {
    case .zip(let directory, let base, let prefix):
      guard let entry = directory[prefix + "data/" + key] else { return nil }
      guard entry.method == .stored else { return .compressed }
      return .bytes(entry.range.lowerBound + base..<entry.range.upperBound + base)
    case .table(let ranges), .tar(let ranges, _): return ranges[key].map(Storage.bytes)
    }
  }

  /// The tensor that the pickle of a tar archive calls `key`.
  func tarTensor(_ key: String) -> TarTensor? {
    if case .tar(_, let tensors) = storages { tensors[key] } else { nil }
  }

  /// The entries of the zip archive, where it is one.
  var zipEntries: [ZipEntry]? {
    if case .zip(let directory, _, _) = storages { directory.entries } else { nil }
  }
}

// Opening.
extension PyTorchArchive {
  private static func openZip(_ file: MappedFile, _ range: Range<Int>) throws(CheckpointError) -> Self {
    let base = range.lowerBound
    let bytes = file.bytes.extracting(range)
    let directory: ZipDirectory
    do { directory = try ZipDirectory(bytes) } catch {
      throw CheckpointError(.zip(error.fault), path: file.path, offset: base + error.offset)
    }
    let pickles = directory.entries.filter(isMainPickle)
    guard pickles.count == 1 else {
      throw CheckpointError(.pytorch(.pickleCount(pickles.count)), path: file.path)
    }
    let prefix = String(pickles[0].name.dropLast("data.pkl".count))
    if let order = directory[prefix + "byteorder"], order.method == .stored, order.range.count <= 16 {
      let text = bytes.extracting(order.range).repairedText()
      guard text == "little" else { throw CheckpointError(.pytorch(.byteOrder(text)), path: file.path) }
    }
    let graph: PickleGraph
    if pickles[0].method == .stored {
      graph = try read(pickle: bytes.extracting(pickles[0].range), base + pickles[0].range.lowerBound, file)
    } else {
      let unpacked: [UInt8]
      do { unpacked = try pickles[0].inflate(from: bytes) } catch {
        throw CheckpointError(.zip(error), path: file.path, offset: base + pickles[0].range.lowerBound)
      }
      graph = try unsafe read(pickle: unpacked.span.bytes, base + pickles[0].range.lowerBound, file)
    }
    let firstStorage = directory.entries.lazy.filter { $0.name.hasPrefix(prefix + "data/") }
      .map(\.range.lowerBound).min()
    return PyTorchArchive(
      file: file, container: .zip, root: PickleValue(root: graph), globals: graph.globals,
      headerByteCount: firstStorage ?? range.count,
      storages: .zip(directory, base: base, prefix: prefix))
  }

  /// Whether an entry of a zip archive is the pickle that `torch.load` reads.
  static func isMainPickle(_ entry: ZipEntry) -> Bool {
    let parts = entry.name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.last == "data.pkl" && parts.count <= 2
  }

  static func openPickle(_ file: MappedFile, _ range: Range<Int>) throws(CheckpointError) -> Self {
    let graph = try read(pickle: file.bytes.extracting(range), range.lowerBound, file)
    return PyTorchArchive(
      file: file, container: .pickle, root: PickleValue(root: graph), globals: graph.globals,
      headerByteCount: range.count, storages: .table([:]))
  }

  private static func read(
    pickle bytes: RawSpan, _ offset: Int, _ file: MappedFile
  ) throws(CheckpointError) -> PickleGraph {
    var reader = ByteReader(bytes)
    let graph = try read(&reader, offset, file)
    guard reader.isAtEnd else {
      throw CheckpointError(
        .pickle(.trailingBytes(reader.remaining)), path: file.path, offset: offset + reader.position)
    }
    return graph
  }

  /// Reads one pickle at the reader's position; the reader's bytes start at `offset` of the file.
  static func read(
    _ reader: inout ByteReader, _ offset: Int, _ file: MappedFile
  ) throws(CheckpointError) -> PickleGraph {
    do { return try PickleReader.read(&reader) } catch {
      throw CheckpointError(.pickle(error.fault), path: file.path, offset: offset + error.offset)
    }
  }
}
