internal import Bytes

/// A colour of sRGB.
struct Colour: Hashable, ExpressibleByIntegerLiteral {
  /// Red, green and blue, a byte each: 0xRRGGBB.
  let value: UInt32

  /// The colour 0xRRGGBB.
  init(integerLiteral value: UInt32) { self.value = value & 0xFFFFFF }

  private init(_ channels: [Double]) {
    value = channels.reduce(0) { $0 << 8 | UInt32(clamping: min(max($1.rounded(), 0), 255)) }
  }

  private var channels: [Double] { [16, 8, 0].map { Double(value >> $0 & 0xFF) } }

  /// `#rrggbb`.
  var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends `#rrggbb`.
  func append(to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "#"))
    for shift in stride(from: 20, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value >> UInt32(shift) & 0xF)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }

  /// The colour at `share` (0 to 1) of the way along `stops`.
  static func ramp(_ stops: [Colour], _ share: Double) -> Colour {
    let place = min(max(share, 0), 1) * Double(stops.count - 1)
    let lower = min(Int(clamping: place), stops.count - 2)
    let weight = place - Double(lower)
    return Colour(
      zip(stops[lower].channels, stops[lower + 1].channels).map { $0 * (1 - weight) + $1 * weight })
  }

  /// The contrast ratio of WCAG 2.1 (1 to 21), with a cubic in place of sRGB's transfer curve.
  ///
  /// Good enough to choose between black and white; the test of the palette computes the exact ratio.
  func contrast(on background: Colour) -> Double {
    let (own, other) = (luminance, background.luminance)
    return (max(own, other) + 0.05) / (min(own, other) + 0.05)
  }

  private var luminance: Double {
    zip(channels, [0.2126, 0.7152, 0.0722]).reduce(0) { sum, channel in
      let share = channel.0 / 255
      return sum + share * (share * (share * 0.305306 + 0.682171) + 0.012523) * channel.1
    }
  }
}
