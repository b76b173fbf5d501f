/// What a picture or a sound is, by its headers: no pixel and no sample is decoded, and nothing in it is run.
public struct MediaHeader: Equatable, Sendable {
  /// The type; nil where it is none that is known here.
  public var type: MediaType?
  /// The number of bytes.
  public var byteCount: Int
  /// The width of a picture in pixels.
  public var width: Int?
  /// The height of a picture in pixels.
  public var height: Int?
  /// The form of a WAV file's samples.
  public var wave: WaveForm?
  /// What is wrong with it.
  public var faults: [MediaFault] = []

  /// The most pixels of a picture that is shown: a browser needs four bytes for each.
  public static let mostPixels = 1 << 26

  /// Whether a reader's browser may have it.
  public var isShowable: Bool { type != nil && !faults.contains(where: \.isBlocking) }

  /// The header of `bytes`.
  public init(_ bytes: [UInt8]) {
    byteCount = bytes.count
    type = MediaType(bytes)
    let reader = HeaderReader(bytes)
    switch type {
    case .png: readPNG(reader)
    case .jpeg: readJPEG(reader)
    case .gif: readGIF(reader)
    case .bmp: readBMP(reader)
    case .webp: readWebP(reader)
    case .wav:
      let found = WaveForm.read(reader)
      wave = found.form
      faults += found.faults
    case .flac, .ogg, .mp3: break
    case nil: faults.append(.unknownType(Self.name(bytes)))
    }
    if let width, let height {
      let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
      if overflow || pixels > Self.mostPixels { faults.append(.tooLarge(width: width, height: height)) }
      if width == 0 || height == 0 { faults.append(.malformed("has no pixel")) }
    } else if let type, type.isPicture, !faults.contains(where: \.isBlocking) {
      faults.append(.malformed("says no size"))
    }
  }

  /// What the bytes are instead, where it matters.
  private static func name(_ bytes: [UInt8]) -> String? {
    if bytes.isEmpty { return "nothing" }
    let head = bytes.prefix(512).drop { [0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].contains($0) }
    let text = String(decoding: head.prefix(64), as: UTF8.self).lowercased()
    if text.hasPrefix("<svg") || text.hasPrefix("<?xml") { return "an SVG document" }
    if text.hasPrefix("<!doctype") || text.hasPrefix("<html") || text.hasPrefix("<script") {
      return "a web page"
    }
    if text.hasPrefix("%pdf") { return "a PDF document" }
    if bytes.prefix(256).allSatisfy({ $0 >= 0x20 && $0 < 0x7f || [0x09, 0x0a, 0x0d].contains($0) }) {
      return "text"
    }
    return nil
  }

  // MARK: Pictures

  /// PNG, third edition: the chunk IHDR comes first, IEND last, each with a length and a checksum around it.
  private mutating func readPNG(_ reader: HeaderReader) {
    guard reader.ascii(12, 4) == "IHDR", let width = reader.big32(16), let height = reader.big32(20) else {
      faults.append(reader.count < 24 ? .truncated : .malformed("does not begin with its header"))
      return
    }
    self.width = width
    self.height = height
    var position = 8
    while let length = reader.big32(position), let name = reader.ascii(position + 4, 4) {
      let (next, overflow) = position.addingReportingOverflow(length + 12)
      guard !overflow, next <= reader.count else { break }
      if name == "IEND" { return }
      position = next
    }
    faults.append(.truncated)
  }

  /// JPEG (T.81, annex B): marker segments up to the frame header, which tells the size; the last two bytes end it.
  private mutating func readJPEG(_ reader: HeaderReader) {
    var position = 2
    while let mark = reader.byte(position), let kind = reader.byte(position + 1) {
      guard mark == 0xff else {
        faults.append(.malformed("has no marker where one has to be"))
        return
      }
      // Fill bytes, and markers that stand alone.
      if kind == 0xff {
        position += 1
        continue
      }
      if kind == 0x01 || (0xd0...0xd8).contains(kind) {
        position += 2
        continue
      }
      guard let length = reader.big16(position + 2) else { break }
      guard length >= 2 else {
        faults.append(.malformed("has a segment shorter than its length"))
        return
      }
      if (0xc0...0xcf).contains(kind), ![0xc4, 0xc8, 0xcc].contains(kind) {
        height = reader.big16(position + 5)
        width = reader.big16(position + 7)
        if width == nil || height == nil { break }
        let end = reader.lastIndex { $0 != 0 } ?? 0
        let isWhole = end >= 1 && reader.byte(end) == 0xd9 && reader.byte(end - 1) == 0xff
        if !isWhole { faults.append(.truncated) }
        return
      }
      position += 2 + length
    }
    faults.append(.truncated)
  }

  /// GIF89a: the size stands behind the signature; 0x3B ends it.
  private mutating func readGIF(_ reader: HeaderReader) {
    width = reader.little16(6)
    height = reader.little16(8)
    let end = reader.lastIndex { $0 != 0 }.flatMap(reader.byte)
    if width == nil || height == nil || end != 0x3b { faults.append(.truncated) }
  }

  private mutating func readBMP(_ reader: HeaderReader) {
    width = reader.little32(18).map { abs(Int(Int32(truncatingIfNeeded: $0))) }
    height = reader.little32(22).map { abs(Int(Int32(truncatingIfNeeded: $0))) }
    if let size = reader.little32(2), size > reader.count { faults.append(.truncated) }
  }

  /// The three kinds of WebP, by its container's specification.
  private mutating func readWebP(_ reader: HeaderReader) {
    switch reader.ascii(12, 4) {
    case "VP8X":
      width = reader.little24(24).map { $0 + 1 }
      height = reader.little24(27).map { $0 + 1 }
    case "VP8 ":
      width = reader.little16(26).map { $0 & 0x3fff }
      height = reader.little16(28).map { $0 & 0x3fff }
    case "VP8L":
      let bits = reader.little32(21)
      width = bits.map { ($0 & 0x3fff) + 1 }
      height = bits.map { ($0 >> 14 & 0x3fff) + 1 }
    default: faults.append(.malformed("has no picture in it"))
    }
    if let size = reader.little32(4), size + 8 > reader.count { faults.append(.truncated) }
  }
}
