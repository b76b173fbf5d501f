internal import Checkpoint
internal import FileSystem
internal import RunFolder

/// Saves that are not whole: who resumes from the last of them loses the run, or starts from nothing.
struct IncompleteSaveRule: Rule {
  var kinds: [Finding.Kind] { [.incompleteSave] }
  /// The saves that are named.
  var named = 5

  func examine(_ evidence: Evidence) -> Outcome {
    let run = evidence.run
    guard !run.checkpoints.isEmpty || !run.incompleteSaves.isEmpty else { return .notApplicable }
    let saves = run.incompleteSaves
    guard let first = saves.first, let last = saves.last else { return .nothing }
    let broken = Set(saves.map(\.path))
    let whole = run.checkpoints.last { !broken.contains($0.path) }
    var names = saves.prefix(named).map { "\(Path.name(of: $0.path)) (\($0.reason))" }
    if saves.count > named { names.append("\(saves.count - named) more") }
    var finding = Finding(
      .incompleteSave, .warning, metric: "", step: first.step, lastStep: last.step,
      reference: whole.map { Double($0.step) }, count: saves.count, other: names.joined(separator: ", "))
    finding.multiplicity = saves.count
    return .found([finding])
  }
}
