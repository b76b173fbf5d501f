public import Analysis

/// What a finding says, for those who want no page.
public enum FindingText {
  /// The title of `finding` as a sentence.
  public static func sentence(_ finding: Finding) -> String {
    Verdict.capitalised(FindingWords(finding).title) + "."
  }
}
