/// What a picture or a sound is by its first bytes, whatever its writer calls it.
public enum MediaType: String, CaseIterable, Sendable {
  case png, jpeg, gif, webp, bmp, wav, flac, ogg, mp3

  /// The type of the file that begins with `bytes`; nil for what is none of these.
  public init?(_ bytes: [UInt8]) {
    func begins(_ prefix: [UInt8], at offset: Int = 0) -> Bool {
      bytes.count >= offset + prefix.count && bytes[offset..<offset + prefix.count].elementsEqual(prefix)
    }
    if begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if begins([0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if begins(Array("GIF87a".utf8)) || begins(Array("GIF89a".utf8)) {
      self = .gif
    } else if begins(Array("RIFF".utf8)), begins(Array("WEBP".utf8), at: 8) {
      self = .webp
    } else if begins(Array("RIFF".utf8)), begins(Array("WAVE".utf8), at: 8) {
      self = .wav
    } else if begins(Array("fLaC".utf8)) {
      self = .flac
    } else if begins(Array("OggS".utf8)) {
      self = .ogg
    } else if begins(Array("ID3".utf8)) || begins([0xff, 0xfb]) || begins([0xff, 0xf3]) {
      self = .mp3
    } else if begins(Array("BM".utf8)), bytes.count >= 26 {
      self = .bmp
    } else {
      return nil
    }
  }

  /// Whether it is a picture, and not a sound.
  public var isPicture: Bool {
    switch self {
    case .png, .jpeg, .gif, .webp, .bmp: true
    case .wav, .flac, .ogg, .mp3: false
    }
  }

  /// The MIME type.
  public var mimeType: String {
    switch self {
    case .png: "image/png"
    case .jpeg: "image/jpeg"
    case .gif: "image/gif"
    case .webp: "image/webp"
    case .bmp: "image/bmp"
    case .wav: "audio/wav"
    case .flac: "audio/flac"
    case .ogg: "audio/ogg"
    case .mp3: "audio/mpeg"
    }
  }

  /// The ending of the names of such files.
  public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }
}
