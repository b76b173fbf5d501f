internal import Analysis

extension SweepAnalysis {
  /// Names of the runs by their settings and seeds, where those tell all of them apart; nil where they do not.
  var runNames: [String]? {
    guard groups.hasRepeats else { return nil }
    let varying = groups.settings + seeds
    var names: [Int: String] = [:]
    for group in groups.groups {
      for member in group.members {
        names[member] = varying.map { SweepWords.part($0, $0.values[member]) }.joined(separator: " ")
      }
    }
    let all = names.sorted { $0.key < $1.key }.map(\.value)
    return Set(all).count == all.count && all.allSatisfy { $0.count <= 60 && !$0.isEmpty } ? all : nil
  }

  private var seeds: [VaryingSetting] { Array(groups.seeds.prefix(1)) }
}
