internal import Bytes
internal import FileSystem

/// What the `.metadata` of a checkpoint of `torch.distributed.checkpoint` says: which tensors there are, in which
/// chunks, and where each chunk stands.
struct DistributedMetadata: Sendable {
  struct Tensor: Sendable {
    var name: String
    var elementType: ElementType
    var shape: [Int]
    var chunks: [Chunk]
  }

  struct Chunk: Sendable {
    var origin: [Int]
    var extents: [Int]
  }

  /// A part of a file.
  struct Place: Sendable {
    var file: String
    var range: Range<Int>
    /// The transformations it was stored through.
    var transforms: [String]
  }

  private struct Key: Hashable {
    var name: String
    var origin: [Int]?
  }

  let path: String
  /// The tensors, in the order of the pickle.
  private(set) var tensors: [Tensor] = []
  /// The names of everything else that was saved.
  private(set) var objects: [String] = []
  let globals: [PickleGlobal]
  private var places: [Key: Place] = [:]

  /// The names of the files that the places are in, each once, sorted.
  var fileNames: [String] { Set(places.values.map(\.file)).sorted() }

  /// All places with the names of what stands there, in the order of files and offsets.
  var sortedPlaces: [(name: String, place: Place)] {
    places.map { ($0.key.name, $0.value) }.sorted {
      ($0.place.file, $0.place.range.lowerBound) < ($1.place.file, $1.place.range.lowerBound)
    }
  }

  func place(of tensor: String, origin: [Int]) -> Place? { places[Key(name: tensor, origin: origin)] }

  /// Where an object stands.
  func place(of object: String) -> Place? { places[Key(name: object, origin: nil)] }

  /// Reads the file at `path`.
  init(path: String) throws(CheckpointError) {
    let file: MappedFile
    do { file = try MappedFile(path: path) } catch { throw CheckpointError(error) }
    var reader = ByteReader(file.bytes)
    let graph = try PyTorchArchive.read(&reader, 0, file)
    try self.init(PickleValue(root: graph), path: path)
  }

  /// Takes the metadata that `value` is.
  init(_ value: PickleValue, path: String) throws(CheckpointError) {
    self.path = path
    globals = value.graph.globals
    func fault(_ what: String) -> CheckpointError {
      CheckpointError(.sharded(.structure(what)), path: path)
    }
    guard value.calleeName == "torch.distributed.checkpoint.metadata.Metadata",
      let saved = value.attribute("state_dict_metadata")?.entries
    else { throw fault("not the metadata of a distributed checkpoint") }
    guard let stored = value.attribute("storage_data")?.entries else {
      throw fault("the metadata does not say where its tensors stand")
    }
    for entry in saved {
      guard let name = entry.key.string else { throw fault("a name that is no text") }
      guard entry.value.attribute("chunks") != nil || entry.value.attribute("size") != nil else {
        objects.append(name)
        continue
      }
      tensors.append(try Self.tensor(name, entry.value, path: path))
    }
    for entry in stored {
      guard let name = entry.key.attribute("fqn")?.string,
        let file = entry.value.attribute("relative_path")?.string,
        let offset = entry.value.attribute("offset")?.int, let length = entry.value.attribute("length")?.int
      else { throw fault("a place without name, file, offset or length") }
      guard offset >= 0, length >= 0, let end = offset.checkedAdd(length) else {
        throw CheckpointError(.sharded(.range(name, file: file)), path: path)
      }
      guard !file.contains("/"), ZipCentralHeader.isSafe(Array(file.utf8)) else {
        throw fault("\"\(name)\" stands in \"\(file)\", outside of the folder")
      }
      let transforms = entry.value.attribute("transform_descriptors")?.elements ?? []
      places[Key(name: name, origin: entry.key.attribute("offset")?.extents)] = Place(
        file: file, range: offset..<end, transforms: transforms.map { $0.keyText })
    }
  }

  private static func tensor(
    _ name: String, _ value: PickleValue, path: String
  ) throws(CheckpointError) -> Tensor {
    func fault(_ what: String) -> CheckpointError {
      CheckpointError(.sharded(.structure("tensor \"\(name)\": \(what)")), path: path)
    }
    guard let properties = value.attribute("properties"),
      let dtype = properties.state?.elements?.first?.globalName ?? properties.attribute("dtype")?.globalName
    else { throw fault("no element type") }
    guard let type = TorchElementTypes.elementType(ofDtype: dtype) else {
      throw CheckpointError(.pytorch(.elementType(name, type: dtype)), path: path)
    }
    guard let shape = value.attribute("size")?.extents, let list = value.attribute("chunks")?.elements else {
      throw fault("no shape or no chunks")
    }
    guard shape.count <= PyTorchArchive.axisLimit else { throw fault("\(shape.count) axes") }
    var chunks: [Chunk] = []
    for chunk in list {
      guard let origin = chunk.attribute("offsets")?.extents, let extents = chunk.attribute("sizes")?.extents
      else { throw fault("a chunk without place or extents") }
      chunks.append(Chunk(origin: origin, extents: extents))
    }
    do { try BoxCoverage.check(chunks.map { ($0.origin, $0.extents) }, shape: shape) } catch {
      throw CheckpointError(.sharded(.coverage(name, what: error.description)), path: path)
    }
    return Tensor(name: name, elementType: type, shape: shape, chunks: chunks)
  }
}
