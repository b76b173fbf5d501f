internal import RunFolder

/// A run examined by every rule.
struct Examination {
  /// What was found, the gravest first, those of one gravity by kind and step.
  private(set) var findings: [Finding] = []
  /// What was searched for, and what could not be, in the order of the rules.
  private(set) var searches: [Search] = []

  /// Examines by `rules`, causes before effects: what a warning or a failure explains is not searched for any more.
  init(_ evidence: Evidence, rules: [any Rule] = RuleBook.rules) {
    for rule in rules {
      let kind = rule.kinds[0]
      if let cause = RuleBook.cause(of: kind, among: findings) {
        searches.append(Search(kind, isEssential: rule.isEssential, obstacle: .explained(by: cause)))
        continue
      }
      switch rule.examine(evidence) {
      case .notApplicable: continue
      case .abstained(let obstacle):
        searches.append(Search(kind, isEssential: rule.isEssential, obstacle: obstacle))
      case .found(let found):
        searches.append(Search(kind, isEssential: rule.isEssential))
        findings += found.filter { !RuleBook.isExplained($0, by: findings, in: evidence) }
      }
    }
    let kinds = Finding.Kind.allCases
    func order(_ finding: Finding) -> (Int, Int, Int64) {
      (-finding.severity.rawValue, kinds.firstIndex(of: finding.kind) ?? 0, finding.step ?? .min)
    }
    findings.sort { order($0) < order($1) }
  }
}
