internal import Bytes
public import FileSystem
public import JSON

/// Why a checkpoint cannot be read: the file, the byte, and the broken invariant of the layer that found it.
///
/// Every case is fatal for the file; other files of the same checkpoint may still be read.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file at fault.
  public let path: String
  /// The offset of the byte at fault, where there is one.
  public let offset: Int?
  /// What was broken.
  public let fault: Fault

  /// An error from its parts.
  public init(_ fault: Fault, path: String, offset: Int? = nil) {
    self.path = path
    self.offset = offset
    self.fault = fault
  }

  /// A failed call to the system.
  public init(_ error: SystemError) {
    self.init(.system(error), path: error.path)
  }

  /// What was broken, by layer.
  public enum Fault: Error, Equatable, Sendable {
    /// A call to the operating system failed.
    case system(SystemError)
    /// A configuration or index file is not JSON.
    case json(JSONError)
    /// A configuration or index file has another structure than its format says.
    case structure(String)
    /// Nothing at the path is a checkpoint of a known format; the text lists what was looked for.
    case unrecognised(String)
    /// The file is a Git LFS pointer: the contents were never downloaded. The size is that of the real file.
    case gitLFSPointer(size: Int?)
    /// The name and shape in the file cannot be a tensor.
    case tensorSize(String, TensorSizeError)
    /// Two files of one checkpoint hold a tensor of one name; the text is the path of the other file.
    case tensorInTwoFiles(String, other: String)
    /// An index names a file that is not there, which should hold so many tensors.
    case missingShard(String, tensorCount: Int)
    /// The directory of a zip archive that torch wrote.
    case zip(ZipFault)
    /// A pickle that torch wrote.
    case pickle(PickleFault)
    /// What the pickle of a PyTorch archive says of its tensors.
    case pytorch(PyTorchFault)
    /// How the parts of a checkpoint belong together: ranks, shards, chunks.
    case sharded(ShardFault)
    /// The header of a safetensors file.
    case safetensors(SafetensorsFault)
  }

  /// `file: byte 8: what`, or `file: what` without an offset.
  public var description: String {
    if case .system(let error) = fault { return error.description }
    if case .json(let error) = fault { return "\(path): \(error)" }
    return offset.map { "\(path): byte \($0): \(fault)" } ?? "\(path): \(fault)"
  }
}

extension CheckpointError.Fault: CustomStringConvertible {
  /// The fault in words, without its place.
  public var description: String {
    switch self {
    case .system(let error): error.reason
    case .json(let error): error.description
    case .structure(let what): what
    case .unrecognised(let what): what
    case .gitLFSPointer(let size):
      "a Git LFS pointer, not the file itself"
        + (size.map { ": the real file has \(Thousands.text($0)) bytes" } ?? "") + "; run `git lfs pull`"
    case .tensorSize(let name, let error): "tensor \"\(name)\": \(error)"
    case .tensorInTwoFiles(let name, let other): "tensor \"\(name)\" stands in this file and in \(other)"
    case .missingShard(let name, let count):
      "the shard \(name) is missing, and with it \(count) \(count == 1 ? "tensor" : "tensors")"
    case .zip(let fault): fault.description
    case .pickle(let fault): fault.description
    case .pytorch(let fault): fault.description
    case .sharded(let fault): fault.description
    case .safetensors(let fault): fault.description
    }
  }
}

extension GitLFSPointer {
  /// Throws where `bytes` are the text that stands in place of a file.
  static func refuse(_ bytes: RawSpan, path: String) throws(CheckpointError) {
    if let pointer = Self(bytes) { throw CheckpointError(.gitLFSPointer(size: pointer.size), path: path) }
  }
}
