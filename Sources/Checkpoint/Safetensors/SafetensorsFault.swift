internal import Bytes
public import JSON

/// A broken invariant of a safetensors file, one case each, in the order in which the reference checks them.
///
/// All are fatal for the file. The reference's name for each stands in its comment (safetensors 0.7, Rust); ours
/// tells more and is stricter in one point: a tensor name that stands twice is refused.
public enum SafetensorsFault: Equatable, Sendable, CustomStringConvertible {
  /// `HeaderTooSmall`: the file has fewer than the 8 bytes of the header's length.
  case headerTooSmall(byteCount: Int)
  /// `HeaderTooLarge`: the header is longer than 100,000,000 bytes.
  case headerTooLarge(UInt64)
  /// `InvalidHeaderLength`: the header ends after the file.
  case headerBeyondFile(end: Int, byteCount: Int)
  /// `InvalidHeader`: the header is not UTF-8.
  case headerNotUTF8
  /// `InvalidHeaderDeserialization`: the header is not JSON.
  case headerNotJSON(JSONError.Reason)
  /// `InvalidHeaderDeserialization`: the header is JSON of another structure.
  case structure(Structure)
  /// A name that stands twice; the reference lets the last one win.
  case duplicateTensor(String)
  /// `InvalidOffset`: the tensor does not begin where the one before ends, or ends before it begins.
  case invalidOffset(String, begin: UInt64, end: UInt64, expectedBegin: UInt64)
  /// `ValidationOverflow`: shape and type make a size that does not fit.
  case sizeOverflow(String)
  /// `MisalignedSlice`: the elements end within a byte.
  case partialByte(String, bits: Int)
  /// `TensorInvalidInfo`: the offsets span another number of bytes than shape and type need.
  case sizeMismatch(String, span: UInt64, needed: UInt64)
  /// `MetadataIncompleteBuffer`: the tensors end elsewhere than the file.
  case dataLengthMismatch(end: Int, byteCount: Int)

  /// What a header lacks or has too much.
  public enum Structure: Equatable, Sendable {
    /// The header, or a part of it, is of another JSON type than it must be.
    case expected(String, at: String)
    /// A tensor without the field.
    case missingField(String, tensor: String)
    /// A field of a tensor, or `__metadata__`, that stands twice.
    case duplicateField(String, tensor: String)
    /// A `dtype` that safetensors does not have.
    case unknownElementType(String, tensor: String)
    /// A number that is not a whole one from 0 to 2⁶⁴ − 1.
    case notACount(tensor: String)
  }

  /// The fault in words.
  public var description: String {
    switch self {
    case .headerTooSmall(let count):
      "the file has \(count) bytes, fewer than the 8 that hold the header's length"
    case .headerTooLarge(let length):
      "the header's length reads \(length) bytes, more than the 100,000,000 allowed: not a safetensors file"
    case .headerBeyondFile(let end, let count):
      "the header ends at byte \(Thousands.text(end)), the file has \(Thousands.text(count)) bytes: cut off within its header"
    case .headerNotUTF8: "the header is not UTF-8"
    case .headerNotJSON(let reason): "the header is not JSON: \(JSONError(reason, at: 0).reasonText)"
    case .structure(let structure): structure.description
    case .duplicateTensor(let name): "tensor \"\(name)\" stands twice in the header"
    case .invalidOffset(let name, let begin, let end, let expected):
      end < begin
        ? "tensor \"\(name)\" ends at \(end), before its begin at \(begin)"
        : "tensor \"\(name)\" begins at \(begin), the one before it ends at \(expected)"
    case .sizeOverflow(let name): "tensor \"\(name)\": the size of its shape overflows"
    case .partialByte(let name, let bits):
      "tensor \"\(name)\" takes \(bits) bits, which is not a whole number of bytes"
    case .sizeMismatch(let name, let span, let needed):
      "tensor \"\(name)\" spans \(span) bytes, its shape and dtype need \(needed)"
    case .dataLengthMismatch(let end, let count):
      end > count
        ? "the header says \(Thousands.text(end)) bytes, the file has \(Thousands.text(count)): cut off"
        : "the header says \(Thousands.text(end)) bytes, the file has \(Thousands.text(count)): something was appended"
    }
  }
}

extension SafetensorsFault.Structure: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .expected(let what, let place): "expected \(what) \(place)"
    case .missingField(let field, let tensor): "tensor \"\(tensor)\" has no \(field)"
    case .duplicateField(let field, let tensor):
      tensor.isEmpty ? "\(field) stands twice" : "tensor \"\(tensor)\" has \(field) twice"
    case .unknownElementType(let type, let tensor): "tensor \"\(tensor)\" has the unknown dtype \"\(type)\""
    case .notACount(let tensor): "tensor \"\(tensor)\": expected a whole number from 0 to 2⁶⁴ − 1"
    }
  }
}
