internal import FileSystem

/// The files that a checkpoint's tensors stand in, each mapped once and known by a number.
struct CheckpointFiles {
  private(set) var files: [MappedFile] = []
  private(set) var headerByteCounts: [Int?] = []

  /// Adds a mapped file and gives its number.
  mutating func add(_ file: MappedFile, headerByteCount: Int? = nil) -> Int {
    files.append(file)
    headerByteCounts.append(headerByteCount)
    return files.count - 1
  }

  /// Opens the archive at `path` and gives it with the number of its file.
  mutating func open(_ path: String) throws(CheckpointError) -> NumberedArchive {
    let archive = try PyTorchArchive(path: path)
    return NumberedArchive(
      archive: archive, number: add(archive.file, headerByteCount: archive.headerByteCount))
  }

  var descriptions: [Checkpoint.File] {
    zip(files, headerByteCounts).map {
      Checkpoint.File(path: $0.path, byteCount: $0.count, headerByteCount: $1)
    }
  }
}

/// An archive and the number of its file among those of its checkpoint.
struct NumberedArchive: Sendable {
  let archive: PyTorchArchive
  let number: Int

  var root: PickleValue { archive.root }
  var path: String { archive.file.path }

  /// The tensor that `value` describes, with errors that name the file.
  func tensor(_ value: PickleValue, name: String) throws(CheckpointError) -> PyTorchTensor? {
    do { return try archive.tensor(value, name: name) } catch {
      throw CheckpointError(.pytorch(error), path: path)
    }
  }

  /// The tensors below `value` by name.
  func tensors(
    below value: PickleValue, path: String = ""
  ) throws(CheckpointError) -> [NamedPyTorchTensor] {
    do { return try archive.tensors(below: value, path: path) } catch {
      throw CheckpointError(.pytorch(error), path: self.path)
    }
  }
}

/// The description of a tensor, with an error that names the file.
func describe(
  _ name: String, _ type: ElementType, _ shape: [Int], path: String
) throws(CheckpointError) -> TensorDescription {
  do { return try TensorDescription(name: name, elementType: type, shape: shape) } catch {
    throw CheckpointError(.tensorSize(name, error), path: path)
  }
}

extension PyTorchTensor {
  /// The layout of a tensor that stands in one place of the file `number`.
  func layout(file number: Int) -> TensorLayout {
    guard let strides else { return .contiguous(file: number, byteOffset: byteOffset) }
    return .pieces([
      TensorPiece(
        file: number, byteOffset: byteOffset, strides: strides, origin: shape.map { _ in 0 }, extents: shape)
    ])
  }

  /// The tensor as a piece of a larger one.
  func piece(file number: Int, origin: [Int]) -> TensorPiece {
    TensorPiece(file: number, byteOffset: byteOffset, strides: strides, origin: origin, extents: shape)
  }
}
