internal import FileSystem

/// Whether one file of a checkpoint is sound and safe: its structure, its checksums, and what its pickles name.
public struct CheckpointVerification: Equatable, Sendable {
  /// The path of the file.
  public let path: String
  /// The size of the file; for the metadata of a distributed checkpoint, of all files with tensors.
  public internal(set) var byteCount = 0
  /// How many tensors the file describes.
  public internal(set) var tensorCount = 0
  /// How many parts were compared with a checksum; safetensors have none.
  public internal(set) var checksumCount = 0
  /// What is wrong.
  public internal(set) var faults: [Fault] = []

  /// Something that is wrong with a file.
  public struct Fault: Equatable, Sendable {
    /// The offset of the byte at fault, where there is one.
    public let offset: Int?
    /// What it is, in words.
    public let text: String
  }

  /// Examines the file at `path`; where it is the `.metadata` of a distributed checkpoint, also its neighbours.
  ///
  /// Whether the tensors of an archive lie in their storages is proven, every part is compared with its CRC-32
  /// where the archive has one, and globals outside of the known ones are faults.
  ///
  /// - Complexity: O(bytes).
  /// - Throws: `SystemError` if the file itself cannot be read.
  public init(path: String) throws(CheckpointError) {
    self.path = path
    do throws(CheckpointError) {
      let file: MappedFile
      do { file = try MappedFile(path: path) } catch { throw CheckpointError(error) }
      if checkForeign(file) { return }
      let checkpoint = try Checkpoint(opening: path)
      tensorCount = checkpoint.tensors.count
      byteCount = checkpoint.files.reduce(0) { $0 + $1.byteCount }
      for global in checkpoint.globals where !global.isKnown { add(global) }
      switch checkpoint.format {
      case .pytorch: try checkArchive(path)
      case .distributedCheckpoint, .megatron: try checkChunks(checkpoint)
      default: break
      }
      try checkpoint.checkUnchanged()
    } catch {
      if case .system = error.fault { throw error }
      checkBroken(path)
      faults.append(Fault(offset: error.offset, text: error.fault.description))
    }
  }

  /// What was found of a set of files, by the path that it is opened by.
  init(set path: String, tensorCount: Int = 0, faults: [Fault] = []) {
    self.path = path
    self.tensorCount = tensorCount
    self.faults = faults
  }

  private mutating func checkArchive(_ path: String) throws(CheckpointError) {
    let archive = try PyTorchArchive(path: path)
    checkSums(archive, range: 0..<archive.file.count, of: nil)
  }

  /// Opens every chunk, which proves that it is what the metadata says.
  private mutating func checkChunks(_ checkpoint: Checkpoint) throws(CheckpointError) {
    for index in checkpoint.tensors.indices {
      do throws(CheckpointError) {
        try checkpoint.withBytes(ofTensorAt: index) { _ in }
      } catch {
        // The others can be examined all the same.
        guard case .sharded(.transformed) = error.fault else { throw error }
        faults.append(Fault(offset: error.offset, text: error.fault.description))
      }
      checkpoint.release(tensorAt: index)
    }
    let metadata = try DistributedMetadata(path: path)
    var files: [String: MappedFile] = [:]
    for (name, place) in metadata.sortedPlaces where place.transforms.isEmpty {
      let file: MappedFile
      if let known = files[place.file] {
        file = known
      } else {
        do { file = try MappedFile(path: Path.join(Path.parent(of: path), place.file)) } catch {
          throw CheckpointError(error)
        }
        files[place.file] = file
      }
      guard place.range.upperBound <= file.count else {
        throw CheckpointError(.sharded(.range(name, file: place.file)), path: file.path)
      }
      guard let archive = try? PyTorchArchive(file: file, range: place.range) else { continue }
      checkSums(archive, range: place.range, of: name)
      for global in archive.globals where !global.isKnown {
        faults.append(
          Fault(offset: nil, text: "\(place.file): the pickle of \"\(name)\" names \(global.name)"))
      }
    }
  }

  /// Compares the entries of a zip archive with their checksums.
  private mutating func checkSums(_ archive: PyTorchArchive, range: Range<Int>, of name: String?) {
    // torch can be told to write no checksums (`set_crc32_options`): all are 0 then.
    guard let entries = archive.zipEntries, entries.contains(where: { $0.crc32 != 0 }) else { return }
    let file = archive.file
    for entry in entries where entry.method == .stored {
      checksumCount += 1
      let place = range.lowerBound + entry.range.lowerBound..<range.lowerBound + entry.range.upperBound
      if !entry.matchesCRC32(in: file.bytes.extracting(range)) {
        let of = name.map { " of \"\($0)\" in \(Path.name(of: file.path))" } ?? ""
        faults.append(
          Fault(
            offset: place.lowerBound, text: "\(entry.name)\(of) does not have the CRC-32 it was written with")
        )
      }
      file.release(place)
    }
  }
}
