/// The tensors that one save left behind, whatever the format: a file, a set of shards, or a folder of rank files.
///
/// Opening reads headers alone. Values come through `withBytes(ofTensorAt:_:)`, one tensor at a time.
public struct Checkpoint: Sendable {
  /// The path that was opened.
  public internal(set) var path: String
  /// The format that was recognised.
  public let format: Format
  /// The files that hold the tensors, with their sizes in bytes.
  public let files: [File]
  /// Free-standing texts of the header, in file order (`__metadata__` of safetensors).
  public let metadata: [MetadataEntry]
  /// What the tensors are, in the order of the format; names do not repeat.
  public let tensors: [TensorDescription]
  /// What is remarkable, and no reason to refuse the checkpoint: in words, with the file's name.
  public internal(set) var remarks: [String]
  /// The functions and classes that the pickles of the checkpoint name, each once; none of them was called.
  public let globals: [PickleGlobal]
  /// The names of parameters that the save says were not trained.
  public let frozenNames: Set<String>
  /// The indices of tensors that stand where an earlier one does: second names of one parameter, as torch's files and
  /// DeepSpeed's have of tied weights.
  public let tiedTensors: Set<Int>
  let source: any TensorSource
  private let names: NameIndex

  /// The formats that are recognised; the raw values are names for JSON.
  public enum Format: String, Sendable {
    case safetensors
    case shardedSafetensors = "safetensors_shards"
    case pytorch
    case shardedPyTorch = "pytorch_shards"
    case zero = "deepspeed_zero"
    case distributedCheckpoint = "torch_dcp"
    case megatron
  }

  /// A file of the checkpoint.
  public struct File: Hashable, Sendable {
    /// The path.
    public let path: String
    /// The size in bytes.
    public let byteCount: Int
    /// The bytes before the first tensor, where the format has such a part.
    public let headerByteCount: Int?

    /// A file from its parts.
    public init(path: String, byteCount: Int, headerByteCount: Int? = nil) {
      self.path = path
      self.byteCount = byteCount
      self.headerByteCount = headerByteCount
    }
  }

  /// A key and a text of a header.
  public struct MetadataEntry: Hashable, Sendable {
    /// The key.
    public let key: String
    /// The text.
    public let value: String

    /// An entry from its parts.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// A checkpoint over `source`; each format's opening function calls this.
  public init(
    path: String, format: Format, files: [File], metadata: [MetadataEntry] = [], remarks: [String] = [],
    globals: [PickleGlobal] = [], frozenNames: Set<String> = [], source: any TensorSource
  ) {
    self.path = path
    self.format = format
    self.files = files
    self.metadata = metadata
    self.remarks = remarks
    self.globals = globals
    self.frozenNames = frozenNames
    self.source = source
    let tensors = source.tensors
    self.tensors = tensors
    tiedTensors = Self.tied(format, source)
    names = NameIndex(count: tensors.count) { tensors[$0].name }
  }

  /// The tensors that have place, type and shape of an earlier one, in the formats that can name one twice.
  private static func tied(_ format: Format, _ source: any TensorSource) -> Set<Int> {
    guard [.pytorch, .shardedPyTorch, .zero].contains(format) else { return [] }
    var tied: Set<Int> = []
    var first: [TensorLocation: Int] = [:]
    for (index, tensor) in source.tensors.enumerated()
    where tensor.elementCount > 0 && !source.isComputed(tensorAt: index) {
      let location = source.location(ofTensorAt: index)
      guard let other = first[location].map({ source.tensors[$0] }) else {
        first[location] = index
        continue
      }
      if other.shape == tensor.shape, other.elementType == tensor.elementType { tied.insert(index) }
    }
    return tied
  }

  /// The index of the tensor called `name` in `tensors`.
  public func index(of name: String) -> Int? { names.place(of: name) { tensors[$0].name } }

  /// The bytes of all tensors together; what has two names counts once.
  public var tensorByteCount: Int {
    tensors.reduce(0) { $0 &+ $1.byteCount } &- tiedTensors.reduce(0) { $0 &+ tensors[$1].byteCount }
  }

  /// The elements of all tensors together, likewise.
  public var elementCount: Int {
    tensors.reduce(0) { $0 &+ $1.elementCount } &- tiedTensors.reduce(0) { $0 &+ tensors[$1].elementCount }
  }

  /// Where the tensor at `index` stands.
  public func location(ofTensorAt index: Int) -> TensorLocation { source.location(ofTensorAt: index) }

  /// Hands the bytes of the tensor at `index` to `body`: row-major, contiguous, little-endian, at any alignment.
  ///
  /// - Throws: what `body` throws, or a `CheckpointError` when the bytes are out of reach.
  public func withBytes<Result>(
    ofTensorAt index: Int, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    try source.withBytes(ofTensorAt: index, body)
  }

  /// Hands the bytes of some elements of the tensor at `index` to `body`, likewise.
  public func withBytes<Result>(
    ofTensorAt index: Int, elements: Range<Int>, _ body: (RawSpan) throws(CheckpointError) -> Result
  ) throws(CheckpointError) -> Result {
    try source.withBytes(ofTensorAt: index, elements: elements, body)
  }

  /// Whether the bytes of the tensor at `index` are computed as they are asked for.
  public func isComputed(tensorAt index: Int) -> Bool { source.isComputed(tensorAt: index) }

  /// Throws where another program wrote to a file of the checkpoint since it was opened. Values that were read before it
  /// returns are those of one save.
  public func checkUnchanged() throws(CheckpointError) { try source.checkUnchanged() }

  /// Tells that the bytes of the tensor at `index` are not needed for now.
  public func release(tensorAt index: Int) { source.release(tensorAt: index) }

  /// Tells that some elements of the tensor at `index` are not needed for now.
  public func release(tensorAt index: Int, elements: Range<Int>) {
    let width = tensors[index].elementType.bitWidth
    source.release(
      tensorAt: index, bytes: elements.lowerBound * width / 8..<elements.upperBound * width / 8)
  }
}
