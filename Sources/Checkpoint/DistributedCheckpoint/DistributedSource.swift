internal import Bytes
internal import FileSystem

/// The tensors of a distributed checkpoint, whose chunks stand in the files of many ranks.
///
/// Each chunk is an archive of its own (`torch.save` of one tensor), which is opened when its values are asked for.
struct DistributedSource: TensorSource {
  struct Chunk: Sendable {
    var file: Int
    var range: Range<Int>
    var origin: [Int]
    var extents: [Int]
    /// The transformations that it was stored through.
    var transforms: [String]
  }

  let tensors: [TensorDescription]
  let files: [MappedFile]
  /// What of the tensors cannot be read.
  private(set) var remarks: [String] = []
  private let chunks: [[Chunk]]

  /// Finds the chunks that `metadata` lists, and proves that each lies in its file.
  ///
  /// - Parameter select: which tensors to take, by name.
  init(
    _ metadata: DistributedMetadata, folder: String, where select: (String) -> Bool = { _ in true }
  ) throws(CheckpointError) {
    var files: [MappedFile] = []
    var numbers: [String: Int] = [:]
    var tensors: [TensorDescription] = []
    var chunks: [[Chunk]] = []
    var byteCount = 0
    var unreadCount = 0
    var transforms: Set<String> = []
    for tensor in metadata.tensors where select(tensor.name) {
      var found: [Chunk] = []
      for chunk in tensor.chunks where !chunk.extents.contains(0) {
        guard let place = metadata.place(of: tensor.name, origin: chunk.origin) else {
          throw CheckpointError(
            .sharded(.coverage(tensor.name, what: "no file holds its part at \(chunk.origin)")),
            path: metadata.path)
        }
        let number: Int
        if let known = numbers[place.file] {
          number = known
        } else {
          files.append(try Self.open(place.file, in: folder))
          number = files.count - 1
          numbers[place.file] = number
        }
        guard place.range.upperBound <= files[number].count else {
          throw CheckpointError(.sharded(.range(tensor.name, file: place.file)), path: files[number].path)
        }
        found.append(
          Chunk(
            file: number, range: place.range, origin: chunk.origin, extents: chunk.extents,
            transforms: place.transforms))
      }
      let description = try describe(tensor.name, tensor.elementType, tensor.shape, path: metadata.path)
      let isReadable = found.allSatisfy(\.transforms.isEmpty)
      if isReadable {
        byteCount = byteCount.checkedAdd(description.byteCount) ?? .max
      } else {
        unreadCount += 1
        for transform in found.flatMap(\.transforms) { transforms.insert(transform) }
      }
      tensors.append(description)
      chunks.append(found)
    }
    // Chunks may not be folded out of the same bytes again and again.
    let held = files.reduce(0) { $0 + $1.count }
    guard byteCount <= held else {
      throw CheckpointError(
        .sharded(
          .structure(
            "the tensors have \(Thousands.text(byteCount)) bytes, the files that hold them \(Thousands.text(held))"
          )),
        path: metadata.path)
    }
    self.tensors = tensors
    self.files = files
    self.chunks = chunks
    if unreadCount > 0 {
      remarks.append(
        "the values of \(Thousands.text(unreadCount)) tensors are not read: they were stored through "
          + "\(transforms.sorted().prefix(4).joined(separator: ", ")); saved without that extension they are")
    }
  }

  private static func open(_ name: String, in folder: String) throws(CheckpointError) -> MappedFile {
    do { return try MappedFile(path: Path.join(folder, name)) } catch {
      guard error.isMissing else { throw CheckpointError(error) }
      throw CheckpointError(.sharded(.missingFile(name)), path: folder)
    }
  }

  func checkUnchanged() throws(CheckpointError) { try files.checkUnchanged() }

  func location(ofTensorAt index: Int) -> TensorLocation {
    guard let first = chunks[index].first else {
      return TensorLocation(file: files.first?.path ?? "", offset: 0, pieceCount: 0)
    }
    return TensorLocation(
      file: files[first.file].path, offset: first.range.lowerBound, pieceCount: chunks[index].count)
  }

  func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    let tensor = tensors[index]
    var pieces: [TensorPiece] = []
    for chunk in chunks[index] { pieces.append(try piece(chunk, of: tensor)) }
    return try TensorAssembler(files: files).withBytes(
      of: tensor, TensorLayout(pieces: pieces, shape: tensor.shape), body)
  }

  func release(tensorAt index: Int) {
    for chunk in chunks[index] { files[chunk.file].release(chunk.range) }
  }

  /// The chunk's tensor, which must be what the metadata says.
  private func piece(_ chunk: Chunk, of tensor: TensorDescription) throws(CheckpointError) -> TensorPiece {
    let file = files[chunk.file]
    guard chunk.transforms.isEmpty else {
      throw CheckpointError(
        .sharded(.transformed(tensor.name, by: chunk.transforms.joined(separator: ", "))), path: file.path,
        offset: chunk.range.lowerBound)
    }
    let archive = NumberedArchive(
      archive: try PyTorchArchive(file: file, range: chunk.range), number: chunk.file)
    guard let held = try archive.tensor(archive.root, name: tensor.name) else {
      throw CheckpointError(
        .sharded(.structure("the part of \"\(tensor.name)\" is no tensor")), path: file.path,
        offset: chunk.range.lowerBound)
    }
    guard held.shape == chunk.extents, held.elementType == tensor.elementType else {
      throw CheckpointError(
        .sharded(
          .disagreement(
            tensor.name,
            what: "its part is \(held.elementType.rawValue) \(held.shape), the metadata says "
              + "\(tensor.elementType.rawValue) \(chunk.extents)")),
        path: file.path, offset: chunk.range.lowerBound)
    }
    return held.piece(file: chunk.file, origin: chunk.origin)
  }
}
