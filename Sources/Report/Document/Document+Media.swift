public import Media

extension Document.Media {
  /// The path of a file relative to the page: its checksum, and nothing that its writer calls it.
  static func path(of bytes: [UInt8], _ type: MediaType) -> String {
    "media/\(SHA256.digits(of: bytes).prefix(20)).\(type.fileExtension)"
  }

  /// The file that it stands in.
  var file: ReportFile { ReportFile(path: path, bytes: bytes) }
}

extension Document {
  /// A picture or a sound of a training's own, which stands in a file of its own.
  public struct Media: Equatable, Sendable {
    /// The path of the file relative to the page: its checksum, and nothing that its writer calls it.
    public var path: String
    /// What it is.
    public var type: MediaType
    /// What is told below it.
    public var caption: InlineText
    /// The file.
    public var bytes: [UInt8]
    /// A picture of a sound's samples; empty where there is none.
    public var wave: String

    /// Media from their parts.
    public init(path: String, type: MediaType, caption: InlineText, bytes: [UInt8], wave: String = "") {
      self.path = path
      self.type = type
      self.caption = caption
      self.bytes = bytes
      self.wave = wave
    }
  }
}
