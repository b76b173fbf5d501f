internal import EventFile
internal import RunFolder

/// How runs are grouped.
public enum GroupingRule: Equatable, Sendable {
  /// By all settings in which they differ but their seeds.
  case automatic
  /// By the settings of these names alone.
  case by([String])
  /// Not at all.
  case none
}

/// Runs grouped by their settings, each group over its seeds.
public struct RunGroups: Equatable, Sendable {
  /// The settings that tell the groups apart.
  public var settings: [VaryingSetting]
  /// The seeds within the groups, and with a rule of one's own whatever else the runs differ in.
  public var seeds: [VaryingSetting]
  /// The metric that decides; nil where the runs have none in common, and nothing is ranked.
  public var metric: Metric?
  /// What the runs do not have in common, so that their figures are of other things and nothing is ranked; nil where
  /// nothing tells of any.
  public var obstacle: Comparability.Difference?
  /// The groups, the best first; those without a figure last. In the order of their first runs where nothing is ranked.
  public var groups: [RunGroup]
  /// The index in `groups` of the one that the others are held against.
  public var baseline: Int?
  /// How groups were held against each other.
  public var options: Options
  /// The standard deviation between seeds over all groups; nil where no group has two.
  public var pooledDeviation: Double?
  /// Its degrees of freedom: the runs less the groups, of those with a figure.
  public var pooledFreedom: Double

  /// The metric that decides over groups.
  public struct Metric: Equatable, Sendable {
    /// Its tag.
    public var tag: String
    /// Which way is better.
    public var direction: MetricDirection
    /// Whether the figure of a run is its best evaluation, else the level of its end.
    public var isBest: Bool
  }

  /// How groups are held against each other.
  public struct Options: Equatable, Sendable {
    /// The settings that make a group.
    public var rule: GroupingRule
    /// The share of the base's figure that counts as no difference.
    public var margin: Double
    /// The confidence of each one-sided bound, over all groups together (Bonferroni).
    public var confidence: Double
    /// Whether the group of the first run is the base; else the best.
    public var isHeldAgainstFirst: Bool

    /// Options with the defaults of the command.
    public init(
      rule: GroupingRule = .automatic, margin: Double = 0.01, confidence: Double = 0.95,
      isHeldAgainstFirst: Bool = false
    ) {
      self.rule = rule
      self.margin = margin
      self.confidence = confidence
      self.isHeldAgainstFirst = isHeldAgainstFirst
    }
  }

  /// A setting that was asked for and in which the runs do not differ.
  public struct UnknownSetting: Error, Equatable, CustomStringConvertible {
    /// What was asked for.
    public var name: String
    /// The settings in which they do.
    public var known: [String]

    /// What is wrong, in words.
    public var description: String {
      known.isEmpty
        ? "\(name): the runs differ in no setting that their files or names tell"
        : "\(name): the runs do not differ in it; they do in \(known.joined(separator: ", "))"
    }
  }

  /// The names of the seeds.
  public var seedNames: [String] { seeds.map(\.name) }

  /// Whether the runs of a group are known to differ in seeds, and in nothing else.
  public var repeatsAreSeeds: Bool { !seeds.isEmpty && seeds.allSatisfy { VaryingSettings.isSeed($0.name) } }

  /// Whether some group has several runs.
  public var hasRepeats: Bool { groups.contains { $0.members.count > 1 } }

  /// Whether some of `runs` are repeats of one setting, which can be told before any of them is examined.
  public static func hasRepeats(among runs: [TrainingRun]) -> Bool {
    let varying = VaryingSettings(of: runs)
    return varying.canTellRepeats && grouped(varying.settings, count: runs.count).contains { $0.count > 1 }
  }

  /// The number of runs.
  public var runCount: Int { groups.reduce(0) { $0 + $1.members.count } }

  /// The groups of runs that were examined before; nil where they are not to be grouped, where there are less than two
  /// runs, or where nothing tells repeats from other trainings.
  ///
  /// - Throws: `UnknownSetting` where the rule names a setting in which the runs do not differ.
  public init?(of analyses: [RunAnalysis], options: Options = Options()) throws(UnknownSetting) {
    guard analyses.count > 1, options.rule != .none else { return nil }
    let varying = VaryingSettings(of: analyses.map(\.run))
    self.options = options
    if case .by(let names) = options.rule {
      var settings: [VaryingSetting] = []
      for name in names {
        guard let setting = varying.setting(name) else {
          throw UnknownSetting(name: name, known: varying.names)
        }
        if !settings.contains(where: { $0.name == setting.name }) { settings.append(setting) }
      }
      self.settings = settings
      let taken = Set(settings.map(\.name))
      seeds = (varying.seeds + varying.settings).filter { !taken.contains($0.name) }
    } else {
      guard varying.canTellRepeats else { return nil }
      settings = varying.settings
      seeds = varying.seeds
    }
    let metric = Metric(sharedBy: analyses)
    self.metric = metric
    obstacle = RunRanking.obstacle(among: analyses.filter { !$0.isLost })
    let settings = settings
    let state = MemberState.states(of: analyses, settings: varying.seeds + settings)
    let groups = Self.grouped(settings, count: analyses.count).map { members in
      RunGroup(members: members, of: analyses, state, by: metric, settings: settings)
    }
    self.groups = groups
    let parts = groups.compactMap { $0.statistics }.compactMap { part in
      part.deviation.map { (squares: $0 * $0 * Double(part.count - 1), freedom: Double(part.count - 1)) }
    }
    let freedom = parts.reduce(0) { $0 + $1.freedom }
    pooledFreedom = freedom
    pooledDeviation = freedom > 0 ? (parts.reduce(0) { $0 + $1.squares } / freedom).squareRoot() : nil
    guard obstacle == nil else { return }
    rank()
    judge()
  }

  /// The indices of the runs of each group, in the order of their first runs.
  private static func grouped(_ settings: [VaryingSetting], count: Int) -> [[Int]] {
    var places: [[String?]: Int] = [:]
    var groups: [[Int]] = []
    for index in 0..<count {
      let key = settings.map { $0.values[index] }
      if let place = places[key] {
        groups[place].append(index)
      } else {
        places[key] = groups.count
        groups.append([index])
      }
    }
    return groups
  }

  private mutating func rank() {
    let sign = metric?.direction == .higher ? -1.0 : 1
    groups = groups.enumerated().sorted { left, right in
      let keys = [left, right].map { ($0.element.statistics.map { sign * $0.mean } ?? .infinity, $0.offset) }
      return keys[0] < keys[1]
    }.map(\.element)
    baseline =
      options.isHeldAgainstFirst
      ? groups.firstIndex { $0.members.contains(0) } : groups.first?.statistics == nil ? nil : 0
  }

  private mutating func judge() {
    guard let baseline, let metric, let base = groups[baseline].statistics else { return }
    let others = groups.indices.filter { $0 != baseline && groups[$0].statistics != nil }
    let confidence = 1 - (1 - options.confidence) / Double(max(others.count, 1))
    let pooled = pooledDeviation.map { (deviation: $0, freedom: pooledFreedom) }
    for index in others {
      guard let statistics = groups[index].statistics else { continue }
      let effect = Effect(base: base, new: statistics, pooled: pooled, confidence: confidence)
      groups[index].effect = effect
      groups[index].verdict =
        effect.map { GroupVerdict($0, direction: metric.direction, margin: options.margin) } ?? .spreadUnknown
    }
  }
}

extension RunGroup {
  fileprivate init(
    members: [Int], of analyses: [RunAnalysis], _ states: [MemberState], by metric: RunGroups.Metric?,
    settings: [VaryingSetting]
  ) {
    self.members = members
    values = settings.map { $0.values[members[0]] }
    figures = members.map { index in
      states[index] == .counts ? metric?.figure(of: analyses[index]) : nil
    }
    statistics = SeedStatistics(of: figures.compactMap(\.self))
    lostCount = members.count { states[$0] == .lost }
    unfinishedCount = members.count { states[$0] == .unfinished }
    copyCount = members.count { states[$0] == .copy }
  }
}

/// Whether a run counts among the others of its setting.
private enum MemberState {
  case counts, lost, unfinished, copy

  /// The state of each run: a copy has the points, the settings and the seed of another. Where no run reached its planned end, none is
  /// left out for that.
  static func states(of analyses: [RunAnalysis], settings: [VaryingSetting]) -> [MemberState] {
    let isEveryOneOpen = !analyses.contains { !$0.isLost && !isUnfinished($0) }
    // Runs of one length and end are looked at point by point.
    var seen: [[Double]: [Int]] = [:]
    return analyses.indices.map { index in
      let run = analyses[index].run
      let key = run.metrics.flatMap { metric -> [Double] in
        [Double(metric.series.count), metric.series.last?.value ?? 0]
      }
      let isCopy = seen[key, default: []].contains { other in
        settings.allSatisfy { $0.values[other] == $0.values[index] } && analyses[other].run.hasPoints(of: run)
      }
      seen[key, default: []].append(index)
      if analyses[index].isLost { return .lost }
      if isCopy { return .copy }
      return isUnfinished(analyses[index]) && !isEveryOneOpen ? .unfinished : .counts
    }
  }

  private static func isUnfinished(_ analysis: RunAnalysis) -> Bool {
    analysis.findings.contains { $0.kind == .stoppedEarly }
  }
}

extension RunGroups.Metric {
  /// What decides over all runs: the objective of those that did not fail, where all share one; else the evaluation
  /// loss where all have one, else the training loss.
  init?(sharedBy analyses: [RunAnalysis]) {
    let sound = analyses.filter { !$0.isLost }
    let objectives = sound.compactMap(\.objective)
    if let first = objectives.first, objectives.count == sound.count,
      objectives.allSatisfy({
        $0.objective.tag == first.objective.tag && $0.objective.direction == first.objective.direction
      })
    {
      self.init(
        tag: first.objective.tag, direction: first.objective.direction, isBest: first.isOfEvaluations)
      return
    }
    // Rewards of one run and losses of another are no figures of one kind.
    guard !sound.isEmpty, objectives.allSatisfy(\.objective.isOfLoss) else { return nil }
    for role in [MetricRole.evalLoss, .trainLoss] {
      let tags = sound.map { $0.run.metric(for: role)?.tag }
      guard let tag = tags[0], tags.allSatisfy({ $0 == tag }) else { continue }
      self.init(tag: tag, direction: .lower, isBest: role == .evalLoss)
      return
    }
    return nil
  }

  /// The figure of a run: its best evaluation, or the level of its end; nil where it has none.
  func figure(of analysis: RunAnalysis) -> Double? {
    if let course = analysis.objective, course.objective.tag == tag { return course.figure }
    let reason: Objective.Reason = isBest ? .evaluationLoss : .trainingLoss
    let objective = Objective(tag: tag, direction: direction, reason: reason)
    return ObjectiveCourse(of: objective, in: analysis.run, options: analysis.options)?.figure
  }
}
