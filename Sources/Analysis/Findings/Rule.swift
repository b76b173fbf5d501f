/// One thing that runs are searched for: a value that holds its constants, and knows no other rule.
protocol Rule: Sendable {
  /// What it searches for, the name of the search first; findings are of these kinds only.
  var kinds: [Finding.Kind] { get }
  /// Whether a run that it could not search is not judged in what matters most.
  var isEssential: Bool { get }
  /// Searches.
  func examine(_ evidence: Evidence) -> Outcome
}

extension Rule {
  var isEssential: Bool { false }
}

/// What came of a search.
enum Outcome {
  /// It took place; these are its findings.
  case found([Finding])
  /// It could not take place.
  case abstained(Search.Obstacle)
  /// A run of this kind cannot have this trouble.
  case notApplicable

  /// A search that took place and found nothing.
  static var nothing: Outcome { .found([]) }
}
