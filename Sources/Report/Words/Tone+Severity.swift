internal import Analysis

extension InlineText.Tone {
  /// The tone of a severity; what nothing was found in is good.
  init(_ severity: Finding.Severity?) {
    self =
      switch severity {
      case .failure?: .bad
      case .warning?: .warning
      case .note?, nil: .good
      }
  }

  /// The tone of a comparison's verdict; nil for one that is neither.
  init?(_ verdict: MetricComparison.Verdict?) {
    switch verdict {
    case .better: self = .good
    case .worse: self = .bad
    case .inconclusive, .notComparable: self = .warning
    case .same, .differs, nil: return nil
    }
  }
}

extension InlineText {
  /// The same words in `tone`, where there is one.
  func toned(_ tone: Tone?) -> InlineText { tone.map { .toned($0, self) } ?? self }
}
