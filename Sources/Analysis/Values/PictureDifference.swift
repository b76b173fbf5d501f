internal import Media

/// How two pictures differ, as far as their pixels can be read.
public enum PictureDifference: Equatable, Sendable {
  /// They are the same, byte for byte or pixel by pixel.
  case same
  /// The root of the mean squared difference of their channels, of 255 at most, and from it the peak signal-to-noise ratio
  /// in decibels.
  case differs(rootMeanSquare: Double, ratio: Double)
  /// They differ, and nobody can say how far: of unlike sizes, or not both PNG pictures that can be decoded.
  case unmeasured

  /// The difference of two files.
  public init(from old: [UInt8], to new: [UInt8]) {
    if old == new {
      self = .same
      return
    }
    guard let old = Bitmap(png: old), let new = Bitmap(png: new),
      let squares = old.meanSquaredDifference(from: new)
    else {
      self = .unmeasured
      return
    }
    self =
      squares == 0
      ? .same
      : .differs(rootMeanSquare: squares.squareRoot(), ratio: 10 * Elementary.log10(255 * 255 / squares))
  }
}

extension MediaSheet {
  /// How the first picture of the last step that is shown differs from that of the first step; nil with one step alone, and
  /// for what is no picture.
  public var change: (first: Item, last: Item, difference: PictureDifference)? {
    let pictures = items.filter { $0.index == 0 && $0.header.wave == nil && !$0.bytes.isEmpty }
    guard let first = pictures.first, let last = pictures.last, first.step != last.step else { return nil }
    return (first, last, PictureDifference(from: first.bytes, to: last.bytes))
  }
}
