/// The samples of a WAV file: how they are laid out, and where (Multimedia Programming Interface 1.0, RIFF).
public struct WaveForm: Equatable, Sendable {
  /// Samples per second.
  public var sampleRate: Int
  /// The number of channels.
  public var channelCount: Int
  /// The bits of a sample.
  public var bitsPerSample: Int
  /// Whether samples are floating-point numbers.
  public var isFloat: Bool
  /// Where the samples are in the file, as far as they are there.
  public var samples: Range<Int>

  /// The bytes of one moment, all channels together.
  var frameSize: Int { channelCount * ((bitsPerSample + 7) / 8) }
  /// The number of samples in each channel.
  public var frameCount: Int { frameSize > 0 ? samples.count / frameSize : 0 }
  /// How long it sounds, in seconds.
  public var duration: Double { sampleRate > 0 ? Double(frameCount) / Double(sampleRate) : 0 }

  /// The form of a WAV file; nil, and why, where it tells none.
  static func read(_ reader: HeaderReader) -> (form: WaveForm?, faults: [MediaFault]) {
    var form: WaveForm?
    var faults: [MediaFault] = []
    if let size = reader.little32(4) {
      // Writers of streams leave the greatest number, or nothing.
      if size != reader.count - 8, size != 0, size != 0xffff_ffff {
        faults.append(
          size > reader.count - 8
            ? .truncated : .malformed("has \(reader.count - 8 - size) bytes behind its end"))
      }
    }
    var position = 12
    while let name = reader.ascii(position, 4), let size = reader.little32(position + 4) {
      let start = position + 8
      let rest = reader.count - start
      if name == "fmt " {
        guard size >= 16, let code = reader.little16(start), let channels = reader.little16(start + 2),
          let rate = reader.little32(start + 4), let bits = reader.little16(start + 14)
        else {
          return (nil, faults + [.malformed("has no whole header of its samples")])
        }
        // An extensible header keeps the code in its subformat.
        let kind = code == 0xfffe ? reader.little16(start + 24) ?? code : code
        guard [1, 3].contains(kind), channels > 0, rate > 0, [8, 16, 24, 32, 64].contains(bits) else {
          return (
            nil, faults + [.malformed("has samples of a form that is not read (code \(kind), \(bits) bits)")]
          )
        }
        form = WaveForm(
          sampleRate: rate, channelCount: channels, bitsPerSample: bits, isFloat: kind == 3, samples: 0..<0)
      } else if name == "data" {
        guard form != nil else { return (nil, faults + [.malformed("has samples before their header")]) }
        form?.samples = start..<start + min(size, rest)
        if size > rest, size != 0xffff_ffff, !faults.contains(.truncated) { faults.append(.truncated) }
        return (form, faults)
      }
      guard size <= rest else { break }
      position = start + size + size % 2
    }
    return (nil, faults + [.malformed("has no samples")])
  }

  /// The least and the greatest sample in each of `count` stretches of the file, of all channels, from -1 to 1.
  ///
  /// - Parameter bytes: the file that the form is of.
  public func envelope(of bytes: [UInt8], count: Int) -> [(least: Double, greatest: Double)] {
    guard frameCount > 0, count > 0, samples.upperBound <= bytes.count else { return [] }
    let stretches = min(count, frameCount)
    return (0..<stretches).map { stretch in
      let first = frameCount * stretch / stretches
      let last = max(first + 1, frameCount * (stretch + 1) / stretches)
      var least = Double.infinity
      var greatest = -Double.infinity
      for index in first * channelCount..<last * channelCount {
        let value = sample(index, of: bytes)
        guard value.isFinite else { continue }
        least = min(least, value)
        greatest = max(greatest, value)
      }
      return least <= greatest ? (least, greatest) : (0, 0)
    }
  }

  private func sample(_ index: Int, of bytes: [UInt8]) -> Double {
    let size = bitsPerSample / 8
    let start = samples.lowerBound + index * size
    let bits = bytes[start..<start + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if isFloat {
      return size == 8
        ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    }
    // Samples of 8 bits have no sign, all others do.
    if size == 1 { return (Double(bits) - 128) / 128 }
    let shift = UInt64(64 - bitsPerSample)
    return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
      / Double(UInt64(1) << UInt64(bitsPerSample - 1))
  }
}
