internal import Analysis
internal import EventFile
internal import RunFolder

/// What a comparison says, in words that every format shares.
struct ComparisonWords {
  let comparison: RunComparison
  /// The runs' names, the baseline's first, as short as tells them apart.
  let names: [String]

  init(_ comparison: RunComparison) {
    self.comparison = comparison
    let runs = [comparison.base] + comparison.pairs.map(\.new)
    let byName = ShortNames.suffixes(runs.map(\.name))
    // Runs of one name are told apart by their paths, and one run beside itself by its number.
    let isUnique = Set(byName).count == byName.count
    let byPath = isUnique ? byName : ShortNames.suffixes(runs.map(\.path))
    var seen: [String: Int] = [:]
    names = byPath.map { name in
      let shown = ForeignText.shortened(name, to: 40)
      seen[shown, default: 0] += 1
      let count = seen[shown] ?? 1
      return count > 1 ? "\(shown) (\(count))" : shown
    }
  }

  /// The title of the page and of the picture.
  var title: String {
    let runs = names.dropFirst()
    return
      "\(runs.count > 3 ? NumberText.count(runs.count, "run") : runs.joined(separator: ", ")) against \(names[0])"
  }

  /// The verdict for one pair in one sentence.
  func verdict(_ pair: PairComparison) -> String {
    if pair.isWithoutScalars(comparison.base) { return "no scalars: what else both hold is compared" }
    guard pair.alignment != nil else { return "nothing in common to compare" }
    if let flaw = pair.baseFlaw { return "the baseline is no good run: its training loss \(words(flaw))" }
    if let flaw = pair.newFlaw { return "worse: its training loss \(words(flaw))" }
    if let step = pair.loss?.firstNonFiniteStep {
      return "worse: its training loss is not finite from step \(NumberText.count(step))"
    }
    if pair.hasUnlikeObjectives, let base = pair.baseObjective, let new = pair.newObjective {
      return
        "not comparable: the baseline is \(ObjectiveWords(base).sentence), the run \(ObjectiveWords(new).sentence)"
    }
    guard let row = pair.deciding else { return "no loss in common" }
    let what = row.statistic == .last ? row.tag : Self.name(row)
    guard let effect = row.effect else { return "\(row.verdict.name): \(what) cannot be compared" }
    let change =
      effect.relativeDistance.map { NumberText.signedPercent($0) }
      ?? "Δ \(NumberText.signed(effect.distance))"
    let numbers =
      "\(what) \(NumberText.significant(effect.new)) against \(NumberText.significant(effect.base)) (\(change))"
    if case .notComparable(let why) = row.verdict {
      return "not comparable: \(why.difference.map { reason($0, row, in: pair) } ?? reason(row))"
    }
    let others = ComparabilityWords.list(pair.comparability.differences)
    return "\(row.verdict.name): \(numbers)"
      + (others.isEmpty ? "" : ", with \(ValueWords.list(others, or: ""))")
  }

  /// Why the figures of `row` cannot be held against each other, with the settings that differ.
  private func reason(_ kind: Comparability.Kind, _ row: MetricComparison, in pair: PairComparison) -> String
  {
    let differences = pair.comparability.differences
    let why = ComparabilityWords.reason(kind, isEvaluation: isEvaluation(row))
    let others = ComparabilityWords.list(differences) { $0 != kind }
    return "\(why) (\(ComparabilityWords.values(differences.filter { $0.kind == kind })))"
      + (others.isEmpty ? "" : ", and \(ValueWords.list(others, or: ""))")
  }

  private func isEvaluation(_ row: MetricComparison) -> Bool {
    MetricRole.evalLoss.rank(of: row.tag) != nil || row.statistic == .best
  }

  /// What a figure is called: `best eval/loss`.
  static func name(_ row: MetricComparison) -> String {
    row.statistic == .final ? "mean \(row.tag) at the end" : "\(row.statistic.rawValue) \(row.tag)"
  }

  /// The verdict of the metric that decides.
  func overallVerdict(_ pair: PairComparison) -> MetricComparison.Verdict {
    guard pair.alignment != nil else { return .notComparable(.noOverlap) }
    if pair.hasUnlikeObjectives { return .notComparable(.objectives) }
    if pair.baseFlaw != nil { return .notComparable(.untrusted) }
    if pair.newFlaw != nil || pair.loss?.firstNonFiniteStep != nil { return .worse }
    return pair.deciding?.verdict ?? .notComparable(.noOverlap)
  }

  private func words(_ flaw: Finding) -> String {
    let from = flaw.step.map { " from step \(NumberText.count($0))" } ?? ""
    switch flaw.kind {
    case .filteredNaN: return "is 0 in place of NaN\(from)"
    case .zeroLoss: return "is exactly 0\(from)"
    default: return "does not move\(from)"
    }
  }

  /// The verdict on one run, or how many of several got which.
  var headline: String {
    if comparison.pairs.count == 1 { return verdict(comparison.pairs[0]) }
    var counts: [(name: String, count: Int)] = []
    for name in comparison.pairs.map({ overallVerdict($0).name }) {
      if let index = counts.firstIndex(where: { $0.name == name }) {
        counts[index].count += 1
      } else {
        counts.append((name, 1))
      }
    }
    let parts = counts.map { "\(NumberText.count($0.count)) \($0.name)" }
    return "\(NumberText.count(comparison.pairs.count, "run")): \(parts.joined(separator: ", "))"
  }

  /// The numbers of the picture.
  var description: String { Verdict.capitalised(headline) }

  /// What the runs were aligned by: `by step over 10–1,000`.
  func alignment(_ pair: PairComparison) -> String {
    guard let alignment = pair.alignment else {
      return "the runs have no part in common, or do not both tell the axis that is asked for"
    }
    func text(_ value: Double) -> String {
      switch alignment.axis {
      case .time: QuantityText.duration(value)
      case .epoch: NumberText.significant(value, trimmed: true)
      default: NumberText.fixed(value, places: 0)
      }
    }
    var words =
      "by \(alignment.axis.rawValue) over \(text(alignment.overlap.lowerBound)) to \(text(alignment.overlap.upperBound))"
    if alignment.baseCoverage < 0.995 {
      words += ", \(NumberText.percent(alignment.baseCoverage)) of the baseline"
    }
    if alignment.newCoverage < 0.995 { words += ", \(NumberText.percent(alignment.newCoverage)) of the run" }
    return words
  }

  /// Whether the runs are paired, and why.
  func pairing(_ pair: PairComparison) -> String {
    let pairing = pair.pairing
    if pairing.isIdentical { return "every common value of the training loss is the same" }
    guard let correlation = pairing.correlation else { return "not paired: too few common steps" }
    let number = NumberText.fixed(correlation, places: 3)
    return pairing.isPaired
      ? "paired step by step: the noise of the training losses correlates (\(number)), so both saw the same data in "
        + "the same order"
      : "not paired: the noise of the training losses does not correlate enough (\(number))"
  }

  /// What was taken out of differences before they were judged; nil where nothing was.
  func selection(_ pair: PairComparison) -> String? {
    let rows = pair.metrics.filter { row in
      row.effect.map { abs($0.selection) > 0.0005 * abs($0.base) } ?? false
    }
    guard !rows.isEmpty else { return nil }
    let parts = rows.prefix(4).map { row in
      "\(NumberText.signed(row.effect?.selection ?? 0, digits: 2)) of \(Self.name(row))"
    }
    return
      "the best of noisy evaluations is good by chance too; what is expected of that is taken out before a "
      + "difference is judged: \(parts.joined(separator: ", "))"
  }

  /// What is known about the evaluation sets.
  func evaluationSets(_ pair: PairComparison) -> String? {
    let sets = pair.evaluationSets
    switch sets.relation {
    case .unknown:
      guard pair.metrics.contains(where: { $0.tag.hasPrefix("eval") }) else { return nil }
      let size = sets.baseSamples == sets.newSamples ? sets.baseSamples : nil
      return "evaluation sets: nothing tells whether they are the same"
        + (size.map { ", though both are of \(NumberText.count($0, "sample"))" } ?? "")
    case .sameSize:
      return sets.baseSamples.map { "evaluation sets: both of \(NumberText.count($0, "sample"))" }
        ?? "evaluation sets: of the same size"
    case .different:
      if !sets.settings.isEmpty {
        return
          "evaluation sets differ (\(sets.settings.joined(separator: ", "))), so evaluations are not compared"
      }
      let left = sets.baseSamples.map { NumberText.count($0) } ?? "?"
      let right = sets.newSamples.map { NumberText.count($0) } ?? "?"
      return "evaluation sets differ (\(left) samples against \(right)), so evaluations are not compared"
    }
  }

  /// Why a row has no verdict.
  func reason(_ row: MetricComparison) -> String {
    guard case .notComparable(let reason) = row.verdict else { return row.verdict.name }
    switch reason {
    case .evaluationSets: return "other evaluation sets"
    case .untrusted: return "the baseline's loss is none"
    case .nonFinite: return "not finite"
    case .noOverlap: return "no common part"
    case .objectives: return "judged by unlike metrics"
    case .fewPoints: return "less than three points in common"
    case .shortOverlap: return "less than a tenth in common"
    case .baseModel, .tokenizer, .trainingData, .tokens, .lossFormula:
      return reason.difference.map(ComparabilityWords.name) ?? ""
    }
  }

  /// The metrics of a pair: both figures, their difference with its interval, and the verdict.
  func table(_ metrics: [MetricComparison]) -> Table {
    var table = Table(
      ["metric", names[0], "new", "Δ", "Δ %", "verdict"],
      sides: [.left, .right, .right, .right, .right, .left])
    for metric in metrics { table.add(cells(metric)) }
    return table
  }

  private func cells(_ row: MetricComparison) -> [Table.Cell] {
    let name = row.newTag == row.tag ? row.tag : "\(row.tag) / \(row.newTag)"
    let figure = Table.Cell(
      "\(name), \(row.statistic == .final ? "mean at the end" : row.statistic.rawValue)")
    let verdict = Table.Cell(InlineText(verdict(row)).toned(.init(row.verdict)))
    guard let effect = row.effect else {
      let counts = [row.baseNonFinite, row.newNonFinite].map { count -> Table.Cell in
        count > 0 ? "\(NumberText.count(count)) not finite" : "—"
      }
      return [figure, counts[0], counts[1], "", "", verdict]
    }
    return [
      figure, Table.Cell(NumberText.significant(effect.base) + step(row.baseStep, row), value: effect.base),
      Table.Cell(NumberText.significant(effect.new) + step(row.newStep, row), value: effect.new),
      Table.Cell(difference(effect), value: effect.distance), Self.change(effect), verdict,
    ]
  }

  /// A difference as a share of the baseline's figure; empty where there is none.
  static func change(_ effect: Effect?) -> Table.Cell {
    effect?.relativeDistance.map { Table.Cell(NumberText.signedPercent($0), value: $0) } ?? ""
  }

  /// A difference with its interval.
  func difference(_ effect: Effect) -> String {
    if effect.distance == 0, effect.standardError == 0 { return "0" }
    guard effect.method != .exact, let interval = effect.interval, effect.standardError > 0 else {
      return NumberText.signed(effect.distance, digits: 3)
    }
    let text = NumberText.interval(effect.distance, halfWidth: interval.halfWidth)
    return (effect.distance > 0 ? "+" : "") + text
  }

  private func step(_ step: Int64?, _ row: MetricComparison) -> String {
    guard let step, row.statistic == .best else { return "" }
    return " (\(NumberText.count(step)))"
  }

  /// The verdict of a row, with the smallest detectable effect where it is open.
  func verdict(_ row: MetricComparison) -> String {
    switch row.verdict {
    case .notComparable: return "not comparable: \(reason(row))"
    case .inconclusive:
      guard let effect = row.effect, effect.base != 0,
        effect.smallestDetectable > abs(effect.difference)
      else { return "inconclusive" }
      return
        "inconclusive, shows \(NumberText.percent(effect.smallestDetectable / abs(effect.base))) and more"
    default: return row.verdict.name
    }
  }

  /// What is worth telling about the curves: best evaluation, time to target, area, where they part.
  func facts(_ pair: PairComparison) -> [String] {
    var facts: [String] = []
    // The loss of a policy says nothing of how good it is.
    let isOfRewards = pair.baseTraining == .reinforcement || pair.newTraining == .reinforcement
    let isAlike = { (curve: CurveComparison) in pair.obstacle(for: curve.base.tag) == nil }
    let evaluation = pair.evaluation.flatMap { isAlike($0) ? $0 : nil }
    let alikeLoss = pair.loss.flatMap { isAlike($0) ? $0 : nil }
    if !isOfRewards, let evaluation, let base = evaluation.baseBest, let new = evaluation.newBest {
      facts.append(
        "best evaluation: \(NumberText.significant(new.value)) at step \(NumberText.count(new.step)), baseline "
          + "\(NumberText.significant(base.value)) at \(NumberText.count(base.step))")
    }
    let timed = isOfRewards ? nil : evaluation ?? alikeLoss
    if let timed, let target = timed.target {
      facts.append(
        "time to \(timed.base.tag) ≤ \(NumberText.significant(target)): \(reached(timed.newReached)), baseline "
          + reached(timed.baseReached))
    }
    if !isOfRewards, let loss = alikeLoss, let base = loss.baseArea, let new = loss.newArea {
      facts.append(
        "area under the training loss, per step: \(NumberText.significant(new)), baseline \(NumberText.significant(base))"
      )
    }
    if let loss = pair.loss {
      if let step = loss.firstNonFiniteStep {
        facts.append("first training loss that is not finite: step \(NumberText.count(step))")
      }
      let isWhole = [loss.base, loss.new].allSatisfy { $0.values.last?.isFinite ?? false }
      if alikeLoss == nil {
        // Where they part says nothing of curves that are of other things.
      } else if let step = loss.firstDivergingStep, isWhole {
        facts.append("training losses apart from step \(NumberText.count(step)) to the end")
      } else if let words = convergence(loss, of: pair, isWhole: isWhole) {
        facts.append("training losses " + words)
      } else if pair.alignment?.sharesSteps == true, pair.pairing.isIdentical {
        facts.append("training losses are the same at every common step")
      }
    }
    return facts
  }

  /// How curves that do not part to the end go together; nil where nothing can be said of it.
  ///
  /// That two curves differ from their first step on is no news: of two seeds each value does.
  private func convergence(_ loss: CurveComparison, of pair: PairComparison, isWhole: Bool) -> String? {
    guard let step = loss.firstDifferentStep else { return nil }
    let start = [loss.base, loss.new].compactMap(\.steps.first).max() ?? step
    let same = step > start ? "are the same before step \(NumberText.count(step))" : nil
    // The verdict stands on more points than the last place of the curve.
    let isOpen = pair.metrics.first { $0.tag == loss.base.tag }.map {
      $0.verdict == .same || $0.verdict == .inconclusive
    }
    let isTogether = isWhole && isOpen == true && loss.difference?.places.last?.isApart == false
    let end = isTogether ? "end within the band of their noise" : nil
    let parts = [same, end].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", and ")
  }

  private func reached(_ reached: CurveComparison.Reached?) -> String {
    guard let reached else { return "not reached" }
    let time = reached.seconds > 0 ? " (\(QuantityText.duration(reached.seconds)))" : ""
    return "step \(NumberText.count(reached.step))\(time)"
  }

  /// The differences of the settings that are shown: all that matter, and the number of the others.
  func settings(_ pair: PairComparison) -> (
    shown: [ConfigurationDifference], incidental: [ConfigurationDifference]
  ) {
    (
      pair.configuration.filter { $0.weight != .incidental },
      pair.configuration.filter { $0.weight == .incidental }
    )
  }
}
