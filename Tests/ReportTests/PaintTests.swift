import Libc
import Testing

@testable import Report

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

  @Test(arguments: ColourDifference.Eyes.allCases)
  func `no two of eight lines look alike, whatever the eyes`(eyes: ColourDifference.Eyes) {
    for first in 0..<Paint.seriesCount {
      for second in 0..<first {
        let (one, other) = (Paint.series(first), Paint.series(second))
        #expect(
          ColourDifference.between(one.lightColour, other.lightColour, eyes) >= 10, "\(first), \(second)")
        #expect(ColourDifference.between(one.darkColour, other.darkColour, eyes) >= 10, "\(first), \(second)")
      }
    }
  }

  @Test func `differences of colours are those of the paper's test data`() {
    let pairs: [([Double], [Double], Double)] = [
      ([50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425), ([50, -1, 2], [50, 0, 0], 2.3669),
      ([50, 2.5, 0], [73, 25, -18], 27.1492),
      ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
      ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
    ]
    for (one, other, difference) in pairs {
      #expect(abs(ColourDifference.ciede2000(one, other) - difference) < 1e-4)
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
