/// How much of the differences between runs each setting explains.
///
/// The measure is Kelley's ε² (An unbiased correlation ratio measure, PNAS 21, 1935): the share of the variance of the
/// figures that lies between the values of a setting, less what chance puts there,
///
///     ε² = (SS_between − (k − 1)·MS_error) / SS_total,
///
/// and 0 where that is negative. The error is that of runs with the same values of all settings; without such repeats that
/// of runs with the same value of the one. Of a pair it is what the cells of both settings explain beyond the sum of two effects
/// fitted by least squares. On a full grid these are the shares of functional ANOVA (Hutter, Hoos and Leyton-Brown, ICML
/// 2014) without their bias; where settings were not crossed, shares of the one may belong to the other.
public struct SettingImportance: Equatable, Sendable {
  /// The settings, those that explain most first.
  public var settings: [Share]
  /// Pairs of settings, likewise; those that cannot be told from chance, for want of repeats, are left out.
  public var pairs: [Pair]
  /// What all settings together leave to seeds and to what nothing tells; nil without repeats.
  public var remainder: Double?
  /// The number of runs that count.
  public var count: Int

  /// A setting.
  public struct Share: Equatable, Sendable {
    /// The index in the settings.
    public var setting: Int
    /// ε²; nil where every run has a value of its own.
    public var share: Double?
    /// Spearman's rank correlation of the values with the figures, ties at their mean ranks; nil of settings that are
    /// no numbers.
    public var rankCorrelation: Double?
    /// The levels: values, or ranges of values where a number has many, with the mean figure and the number of runs.
    public var levels: [Level]
  }

  /// A value of a setting, or a range of values.
  public struct Level: Equatable, Sendable {
    /// The lowest value; nil where nothing tells it.
    public var first: String?
    /// The highest value, likewise.
    public var last: String?
    /// The mean of the figures.
    public var mean: Double
    /// The number of runs.
    public var count: Int
  }

  /// Two settings.
  public struct Pair: Equatable, Sendable {
    /// The indices in the settings.
    public var settings: [Int]
    /// What their cells explain beyond both.
    public var share: Double
  }

  /// The most settings that are looked at.
  public static let limit = 12

  /// The importance of the settings of `groups`; nil with fewer than six figures, or where they do not differ.
  public init?(of groups: RunGroups) {
    var figures: [Double] = []
    var runs: [Int] = []
    for group in groups.groups {
      for (member, figure) in zip(group.members, group.figures) {
        guard let figure, figure.isFinite else { continue }
        figures.append(figure)
        runs.append(member)
      }
    }
    let settings = groups.settings.prefix(Self.limit)
    guard figures.count >= 6, !settings.isEmpty else { return nil }
    let total = Variance(figures)
    guard total.total > 0 else { return nil }
    count = figures.count
    let levels = settings.map { Levels($0, runs: runs) }
    let cells = Self.codes(of: runs.map { run in settings.map { $0.values[run] } })
    let error = total.error(within: cells)
    self.settings = settings.indices.map { index in
      Share(
        setting: index, share: total.share(between: levels[index].codes, error: error),
        rankCorrelation: settings[index].numbers.flatMap { numbers in
          Self.rankCorrelation(runs.map { numbers[$0] ?? .nan }, figures)
        }, levels: levels[index].levels(figures))
    }.sorted { ($1.share ?? -1, $0.setting) < ($0.share ?? -1, $1.setting) }
    var pairs: [Pair] = []
    for left in settings.indices {
      for right in settings.indices.dropFirst(left + 1) {
        guard let share = total.interaction(levels[left].codes, levels[right].codes, error: error) else {
          continue
        }
        pairs.append(Pair(settings: [left, right], share: share))
      }
    }
    self.pairs = pairs.sorted {
      ($1.share, $0.settings[0], $0.settings[1]) < ($0.share, $1.settings[0], $1.settings[1])
    }
    remainder = total.share(between: cells, error: error).map { 1 - $0 }
  }

  /// The pair of settings that decides where neither does by itself: a twentieth or more of the variance, and more than
  /// any setting explains; nil where there is none.
  public var decidingPair: Pair? {
    pairs.first.flatMap { $0.share >= 0.05 && $0.share > settings.compactMap(\.share).max() ?? 0 ? $0 : nil }
  }

  /// Numbers for keys, in the order of their first appearance.
  static func codes<Key: Hashable>(of keys: [Key]) -> [Int] {
    var numbers: [Key: Int] = [:]
    return keys.map { key in
      if let number = numbers[key] { return number }
      numbers[key] = numbers.count
      return numbers.count - 1
    }
  }

  /// Spearman's ρ over the pairs that are both finite; nil of fewer than three, and of a constant.
  static func rankCorrelation(_ left: [Double], _ right: [Double]) -> Double? {
    let kept = left.indices.filter { left[$0].isFinite && right[$0].isFinite }
    guard kept.count >= 3 else { return nil }
    let (x, y) = (ranks(kept.map { left[$0] }), ranks(kept.map { right[$0] }))
    let middle = Double(kept.count + 1) / 2
    var (product, squareX, squareY) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      product += (x - middle) * (y - middle)
      squareX += (x - middle) * (x - middle)
      squareY += (y - middle) * (y - middle)
    }
    let scale = (squareX * squareY).squareRoot()
    return scale > 0 ? product / scale : nil
  }

  /// Ranks from 1; equal values share the mean of theirs.
  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = Array(repeating: 0.0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return ranks
  }
}
