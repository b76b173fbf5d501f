internal import Bytes

/// Why a file that `torch.save` is said to have written cannot be read.
///
/// Every case is fatal for the file.
public enum PyTorchFault: Error, Equatable, Sendable {
  /// The zip archive has no `data.pkl` in its folder, or several.
  case pickleCount(Int)
  /// The archive was written on a big-endian machine.
  case byteOrder(String)
  /// A part of the legacy formats is broken; the text says which.
  case legacy(String)
  /// A tensor is not made up as torch makes one up; the text says what is wrong.
  case brokenTensor(String, what: String)
  /// A tensor or storage has elements of a type that is not known.
  case elementType(String, type: String)
  /// A tensor stands in a storage that the file does not hold.
  case missingStorage(String, key: String)
  /// A storage is compressed, or holds fewer bytes than the pickle says.
  case storage(String, key: String, what: String)
  /// A tensor's elements reach beyond its storage.
  case outsideStorage(String, reached: Int, byteCount: Int)
  /// A tensor's strides fold far more elements out of its storage than that holds.
  case overlappingStrides(String, elementCount: Int, held: Int)
  /// The extents, strides and offset overflow.
  case overflow(String)
  /// More tensors, or longer names, than the limit.
  case tooMany(limit: Int)
}

extension PyTorchFault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .pickleCount(0): "the zip archive holds no data.pkl: not written by torch.save"
    case .pickleCount(let count): "the zip archive holds \(count) data.pkl"
    case .byteOrder(let order): "written with byte order \"\(order)\"; only little-endian files are read"
    case .legacy(let what): what
    case .brokenTensor(let name, let what): "tensor \"\(name)\": \(what)"
    case .elementType(let name, let type): "tensor \"\(name)\": elements of unknown type \(type)"
    case .missingStorage(let name, let key):
      "tensor \"\(name)\" stands in storage \"\(key)\", which the file does not hold"
    case .storage(let name, let key, let what): "tensor \"\(name)\": storage \"\(key)\" \(what)"
    case .outsideStorage(let name, let reached, let byteCount):
      "tensor \"\(name)\" reaches byte \(Thousands.text(reached)) of a storage of \(Thousands.text(byteCount)) bytes"
    case .overlappingStrides(let name, let count, let held):
      "tensor \"\(name)\" folds \(Thousands.text(count)) elements out of the \(Thousands.text(held)) that its storage holds"
    case .overflow(let name): "tensor \"\(name)\": extents, strides and offset overflow"
    case .tooMany(let limit): "more than \(Thousands.text(limit)) tensors, or names too long for so many"
    }
  }
}
