/// What runs of several settings and seeds tell together.
public struct SweepAnalysis: Equatable, Sendable {
  /// The runs by their settings.
  public var groups: RunGroups
  /// What the settings explain; nil where there are too few runs to say.
  public var importance: SettingImportance?
  /// The curves of each group, one an element of `groups.groups`: the training loss, the evaluation loss, and what
  /// decides, as far as the group has them.
  public var curves: [[ReducedCurve]]

  /// The analysis of runs that were examined before; nil where nothing groups them: no two of them are known to be of one
  /// setting, they are too few for their settings to be told apart, and no grouping was asked for.
  ///
  /// - Throws: `RunGroups.UnknownSetting` where the rule names a setting in which the runs do not differ.
  public init?(
    of analyses: [RunAnalysis], options: RunGroups.Options = .init()
  ) throws(RunGroups.UnknownSetting) {
    guard let groups = try RunGroups(of: analyses, options: options) else { return nil }
    let importance = groups.obstacle == nil ? SettingImportance(of: groups) : nil
    if options.rule == .automatic, !groups.hasRepeats, importance == nil { return nil }
    self.groups = groups
    self.importance = importance
    curves = groups.groups.map { group in
      var tags: [String] = []
      for member in group.members {
        let analysis = analyses[member]
        for tag in [analysis.loss?.tag, analysis.evaluation?.tag, groups.metric?.tag] {
          if let tag, !tags.contains(tag) { tags.append(tag) }
        }
      }
      return tags.compactMap { group.curve($0, of: analyses) }
    }
  }
}
