public import EventFile
internal import Media

/// How the values beside scalars of two runs differ, each tag at the last step that both have.
public struct ValueComparison: Equatable, Sendable {
  /// The tags that both runs have, in the order of the first run.
  public var rows: [Row] = []

  /// A tag of both runs.
  public struct Row: Equatable, Sendable {
    /// The tag.
    public var tag: String
    /// The last step that both have.
    public var step: Int64
    /// What differs there.
    public var difference: Difference

    /// A row from its parts.
    public init(tag: String, step: Int64, difference: Difference) {
      self.tag = tag
      self.step = step
      self.difference = difference
    }
  }

  /// What differs between two values.
  public enum Difference: Equatable, Sendable {
    /// The distance of two histograms (Wasserstein's first), and it as a share of the range of nearly all elements
    /// (5 to 95 %) of the first; nil where that is 0.
    case histograms(distance: Double, share: Double?)
    /// How texts differ.
    case texts(TextDifference)
    /// How many pictures there are, how many of them are the same byte for byte or pixel by pixel, and of the others the
    /// least peak signal-to-noise ratio in decibels; nil where none of them can be told of.
    case pictures(count: Int, sameCount: Int, leastRatio: Double?)
    /// The average precisions of both.
    case averagePrecisions(base: Double, new: Double)
  }

  /// A comparison without any tag.
  public init() {}
}

extension ValueComparison.Difference {
  /// The difference of two values of one tag; nil where they cannot be compared.
  public init?(from base: EventValue, to new: EventValue) {
    switch (base, new) {
    case (.histogram(let base), .histogram(let new)):
      guard let distance = base.wassersteinDistance(to: new) else { return nil }
      let range = base.quantiles([0.05, 0.95]).map { $0[1] - $0[0] } ?? 0
      self = .histograms(distance: distance, share: range > 0 ? distance / range : nil)
    case (.text(let base), .text(let new)):
      let separator = "\n"
      self = .texts(
        TextDifference(
          from: base.strings.joined(separator: separator), to: new.strings.joined(separator: separator)))
    case (.images(let base), .images(let new)):
      self = Self.pictures(base.map(\.bytes), new.map(\.bytes))
    case (.precisionRecall(let base), .precisionRecall(let new)):
      guard let base = base.averagePrecision, let new = new.averagePrecision else { return nil }
      self = .averagePrecisions(base: base, new: new)
    default: return nil
    }
  }

  private static func pictures(_ base: [[UInt8]], _ new: [[UInt8]]) -> Self {
    var same = 0
    var least: Double?
    for (one, other) in zip(base, new) {
      if one == other {
        same += 1
        continue
      }
      guard let one = Bitmap(png: one), let other = Bitmap(png: other),
        let squares = one.meanSquaredDifference(from: other)
      else { continue }
      if squares == 0 {
        same += 1
      } else {
        let ratio = 10 * Elementary.log10(255 * 255 / squares)
        least = min(least ?? .infinity, ratio)
      }
    }
    return .pictures(count: max(base.count, new.count), sameCount: same, leastRatio: least)
  }
}
