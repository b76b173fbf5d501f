public import RunFolder

/// What the comparison of values beside scalars says where there is nothing to compare.
public enum ValueComparisonWords {
  /// A line on why there is nothing, and one for each run on what it holds.
  public static func nothing(inCommonOf runs: [TrainingRun]) -> [String] { ValueWords.nothingInCommon(runs) }
}
