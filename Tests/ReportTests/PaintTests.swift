import Testing

@testable import Report

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct PaintTests {
  /// The contrast ratio of WCAG 2.1.
  private func contrast(_ one: Colour, _ other: Colour) -> Double {
    func luminance(_ colour: Colour) -> Double {
      let linear = [16, 8, 0].map { shift -> Double in
        let channel = Double(colour.value >> UInt32(shift) & 0xFF) / 255
        return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }
    let (a, b) = (luminance(one), luminance(other))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  @Test func `lines keep 3 to 1 on both pages, and their light colours on a dark page too`() {
    for index in 0..<Paint.seriesCount {
      let paint = Paint.series(index)
      #expect(contrast(paint.lightColour, 0xFFFFFF) >= 3, "\(paint)")
      #expect(contrast(paint.darkColour, 0x0D1117) >= 3, "\(paint)")
      #expect(contrast(paint.lightColour, 0x0D1117) >= 3, "\(paint)")
    }
  }

  @Test(arguments: [Paint.ink, .muted, .alert, .warning, .good])
  func `words keep 4.5 to 1`(paint: Paint) {
    #expect(contrast(paint.lightColour, Paint.background.lightColour) >= 4.5)
    #expect(contrast(paint.darkColour, Paint.background.darkColour) >= 4.5)
  }

  @Test func `numbers on cells can be read`() {
    for level in 0..<Paint.levels {
      for cell in [Paint.sequential(level), .diverging(level)] {
        #expect(contrast(cell.text.lightColour, cell.lightColour) >= 4.5, "\(cell)")
        #expect(contrast(cell.text.darkColour, cell.darkColour) >= 4.5, "\(cell)")
      }
    }
  }

  @Test func `shares become levels, whatever they are`() {
    #expect(Paint.sequential(share: 0) == .sequential(0))
    #expect(Paint.sequential(share: 1) == .sequential(Paint.levels - 1))
    #expect(Paint.sequential(share: .nan) == .sequential(0))
    #expect(Paint.diverging(share: 0) == .diverging(Paint.levels / 2))
    #expect(Paint.diverging(share: 99) == .diverging(Paint.levels - 1))
  }
}
