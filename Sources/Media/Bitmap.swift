internal import CZlib

/// The pixels of a picture, four bytes each: red, green, blue, opacity.
public struct Bitmap: Equatable, Sendable {
  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int
  /// The pixels, row by row from the top.
  public let pixels: [UInt8]

  /// The most pixels that are decoded.
  public static let mostPixels = 1 << 24

  /// The pixels of a PNG (third edition): of depth 8 or less, without interlacing; nil for another, for a broken one, and
  /// for one of more than `mostPixels`.
  public init?(png bytes: [UInt8]) {
    let header = MediaHeader(bytes)
    guard header.type == .png, header.faults.isEmpty, let width = header.width, let height = header.height,
      width * height <= Self.mostPixels, bytes.count > 29,
      let form = Form(depth: bytes[24], colour: bytes[25]),
      bytes[28] == 0
    else { return nil }
    let reader = HeaderReader(bytes)
    var packed: [UInt8] = []
    var palette: [UInt8] = []
    var opacities: [UInt8] = []
    var position = 8
    while let length = reader.big32(position), let name = reader.ascii(position + 4, 4) {
      guard length <= bytes.count - position - 12 else { return nil }
      let body = bytes[position + 8..<position + 8 + length]
      switch name {
      case "IDAT": packed += body
      case "PLTE": palette = Array(body)
      case "tRNS": opacities = Array(body)
      default: break
      }
      position += length + 12
    }
    let stride = (width * form.channels * form.depth + 7) / 8
    guard let rows = Self.inflate(packed, to: (stride + 1) * height),
      let plain = Self.unfilter(rows, stride: stride, step: max(1, form.channels * form.depth / 8))
    else { return nil }
    var pixels = [UInt8]()
    pixels.reserveCapacity(width * height * 4)
    for row in 0..<height {
      for column in 0..<width {
        func sample(_ channel: Int) -> UInt8 {
          let bit = (column * form.channels + channel) * form.depth
          let byte = plain[row * stride + bit / 8]
          return form.depth == 8 ? byte : byte >> UInt8(8 - form.depth - bit % 8) & UInt8(1 << form.depth - 1)
        }
        switch form.kind {
        case .gray, .grayAlpha:
          let value = form.depth == 8 ? sample(0) : sample(0) * (255 / UInt8(1 << form.depth - 1))
          let opacity: UInt8 =
            form.kind == .grayAlpha
            ? sample(1) : opacities.count == 2 && opacities[1] == sample(0) ? 0 : 255
          pixels += [value, value, value, opacity]
        case .colour, .colourAlpha:
          let colour = [sample(0), sample(1), sample(2)]
          let opacity: UInt8 =
            form.kind == .colourAlpha
            ? sample(3) : opacities.count == 6 && [1, 3, 5].map { opacities[$0] } == colour ? 0 : 255
          pixels += colour + [opacity]
        case .palette:
          let index = Int(sample(0))
          guard palette.count >= index * 3 + 3 else { return nil }
          pixels += palette[index * 3..<index * 3 + 3]
          pixels.append(index < opacities.count ? opacities[index] : 255)
        }
      }
    }
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  private enum Kind { case gray, colour, palette, grayAlpha, colourAlpha }

  private struct Form {
    var kind: Kind
    var depth: Int
    var channels: Int

    init?(depth: UInt8, colour: UInt8) {
      switch (colour, depth) {
      case (0, 1), (0, 2), (0, 4), (0, 8): (kind, channels) = (.gray, 1)
      case (2, 8): (kind, channels) = (.colour, 3)
      case (3, 1), (3, 2), (3, 4), (3, 8): (kind, channels) = (.palette, 1)
      case (4, 8): (kind, channels) = (.grayAlpha, 2)
      case (6, 8): (kind, channels) = (.colourAlpha, 4)
      default: return nil
      }
      self.depth = Int(depth)
    }
  }

  /// The `count` bytes that `packed` holds; nil where it holds another number of them.
  private static func inflate(_ packed: [UInt8], to count: Int) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: count)
    var length = uLongf(count)
    let status = unsafe result.withUnsafeMutableBufferPointer { target in
      unsafe packed.withUnsafeBufferPointer { source in
        unsafe uncompress(target.baseAddress, &length, source.baseAddress, uLong(source.count))
      }
    }
    return status == Z_OK && Int(length) == count ? result : nil
  }

  /// The rows without what each was filtered by (section 9).
  private static func unfilter(_ rows: [UInt8], stride: Int, step: Int) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: rows.count / (stride + 1) * stride)
    for row in 0..<rows.count / (stride + 1) {
      let source = row * (stride + 1)
      let target = row * stride
      for column in 0..<stride {
        let left = column >= step ? result[target + column - step] : 0
        let above = row > 0 ? result[target - stride + column] : 0
        let corner = row > 0 && column >= step ? result[target - stride + column - step] : 0
        let predicted: UInt8
        switch rows[source] {
        case 0: predicted = 0
        case 1: predicted = left
        case 2: predicted = above
        case 3: predicted = UInt8((Int(left) + Int(above)) / 2)
        case 4: predicted = paeth(left, above, corner)
        default: return nil
        }
        result[target + column] = rows[source + 1 + column] &+ predicted
      }
    }
    return result
  }

  private static func paeth(_ left: UInt8, _ above: UInt8, _ corner: UInt8) -> UInt8 {
    let estimate = Int(left) + Int(above) - Int(corner)
    let (a, b, c) = (abs(estimate - Int(left)), abs(estimate - Int(above)), abs(estimate - Int(corner)))
    return a <= b && a <= c ? left : b <= c ? above : corner
  }

  /// The mean of the squared differences of red, green and blue from those of `other`; nil for pictures of other sizes.
  public func meanSquaredDifference(from other: Bitmap) -> Double? {
    guard width == other.width, height == other.height else { return nil }
    var sum = 0.0
    for index in pixels.indices where index % 4 != 3 {
      let difference = Double(pixels[index]) - Double(other.pixels[index])
      sum += difference * difference
    }
    return sum / Double(width * height * 3)
  }
}
