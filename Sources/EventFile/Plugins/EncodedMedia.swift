/// A picture as the writer encoded it; nothing in it was looked at.
public struct EncodedImage: Equatable, Sendable {
  /// The width in pixels that the writer tells beside it.
  public var width: Int?
  /// The height in pixels that the writer tells beside it.
  public var height: Int?
  /// The picture as a file.
  public var bytes: [UInt8]

  init(_ message: ImageValue) {
    width = Int(message.width)
    height = Int(message.height)
    bytes = message.encoded
  }

  /// The pictures of a tensor of strings: width, height, and one picture or more; nil for another.
  static func images(_ tensor: TensorValue) -> [EncodedImage]? {
    guard tensor.dtype == TensorElementType.string.rawValue, tensor.dimensions.count == 1,
      tensor.strings.count >= 2
    else { return nil }
    let size = tensor.strings.prefix(2).map { Int(String(decoding: $0, as: UTF8.self)) }
    return tensor.strings.dropFirst(2).map { EncodedImage(width: size[0], height: size[1], bytes: $0) }
  }

  private init(width: Int?, height: Int?, bytes: [UInt8]) {
    self.width = width
    self.height = height
    self.bytes = bytes
  }
}

/// A sound as the writer encoded it; nothing in it was looked at.
public struct EncodedSound: Equatable, Sendable {
  /// Samples per second, where the writer tells them beside it.
  public var sampleRate: Double?
  /// The MIME type that the writer tells beside it.
  public var contentType: String?
  /// What the writer says about it, in Markdown.
  public var label: String?
  /// The sound as a file.
  public var bytes: [UInt8]

  init(_ message: AudioValue) {
    sampleRate = Double(message.sampleRate)
    contentType = message.contentType
    bytes = message.encoded
  }

  /// The sounds of a tensor of strings, of the shape `[k]` or, with labels, `[k, 2]`; nil for another.
  static func sounds(_ tensor: TensorValue) -> [EncodedSound]? {
    guard tensor.dtype == TensorElementType.string.rawValue else { return nil }
    switch (tensor.dimensions.count, tensor.dimensions.last) {
    case (2, 2):
      return stride(from: 0, to: tensor.strings.count - 1, by: 2).map { index in
        EncodedSound(
          bytes: tensor.strings[index], label: String(decoding: tensor.strings[index + 1], as: UTF8.self))
      }
    case (1, _), (2, 1): return tensor.strings.map { EncodedSound(bytes: $0, label: nil) }
    default: return nil
    }
  }

  private init(bytes: [UInt8], label: String?) {
    self.label = label
    self.bytes = bytes
  }
}
