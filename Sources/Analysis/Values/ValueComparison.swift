public import EventFile

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
    case pictures(count: Int, sameCount: Int, leastRatio: Double?, pairs: [PicturePair])
    /// The average precisions of both, and how far they may differ by the choice of their examples alone, where the
    /// curves tell the counts of these.
    case averagePrecisions(base: Double, new: Double, bootstrap: PrecisionRecallBootstrap?)
  }

  /// Two pictures that differ.
  public struct PicturePair: Equatable, Sendable {
    /// Which of the step's pictures they are, from 0.
    public var index: Int
    /// The file of the base.
    public var base: [UInt8]
    /// The file of the new run.
    public var new: [UInt8]
    /// How they differ.
    public var difference: PictureDifference
  }

  /// The most pairs of pictures of a step that are kept to be shown.
  static let mostPairs = 4

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
      guard let before = base.averagePrecision, let after = new.averagePrecision else { return nil }
      self = .averagePrecisions(
        base: before, new: after, bootstrap: PrecisionRecallBootstrap(from: base, to: new))
    default: return nil
    }
  }

  /// The same without the pictures themselves.
  public var withoutPictures: Self {
    guard case .pictures(let count, let same, let ratio, _) = self else { return self }
    return .pictures(count: count, sameCount: same, leastRatio: ratio, pairs: [])
  }

  private static func pictures(_ base: [[UInt8]], _ new: [[UInt8]]) -> Self {
    var same = 0
    var least: Double?
    var pairs: [ValueComparison.PicturePair] = []
    for (index, (one, other)) in zip(base, new).enumerated() {
      let difference = PictureDifference(from: one, to: other)
      if case .differs(_, let ratio) = difference { least = min(least ?? .infinity, ratio) }
      if difference == .same {
        same += 1
      } else if pairs.count < ValueComparison.mostPairs {
        pairs.append(.init(index: index, base: one, new: other, difference: difference))
      }
    }
    return .pictures(
      count: max(base.count, new.count), sameCount: same, leastRatio: least, pairs: pairs)
  }
}
