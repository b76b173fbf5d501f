import Analysis
import EventFile
import RunFolder

/// Measures how often the verdicts of `ftreport gate` are wrong, and writes docs/statistics.md to standard output:
///
///     swift run -c release --package-path Benchmarks simulate-gates RUN… >docs/statistics.md
///
/// The same runs give the same bytes.
@main struct SimulateGates {
  static let lengths = [20, 50, 150, 500, 2000]
  static let memories = [0.0, 0.2, 0.5, 0.8]
  static let variations = [0.01, 0.02, 0.04]
  static let repetitions = 3000

  static func main() {
    print(Text.introduction)
    falseAlarms()
    power()
    twins(CommandLine.arguments.dropFirst())
    situations()
    curves()
    print(Text.conclusion)
  }

  /// The share of pairs without a difference in which the test sees a rise, and in which a gate fails.
  static func falseAlarms() {
    print(Text.falseAlarms)
    print("| points of the window | ρ = 0 | 0.2 | 0.5 | 0.8 |\n|---:|---:|---:|---:|---:|")
    for count in lengths {
      var cells: [String] = []
      for memory in memories {
        var noise = Noise(seed: UInt64(count) &* 1000 &+ UInt64(memory * 100))
        var rises = Rate()
        for _ in 0..<repetitions {
          let base = noise.sequence(count, memory: memory).map { 2 + 0.02 * $0 }
          let new = noise.sequence(count, memory: memory).map { 2 + 0.02 * $0 }
          guard let trial = Trial(base, new, window: 1) else { continue }
          rises.add(trial.isRise)
        }
        cells.append(rises.text)
      }
      print("| \(count) | \(cells.joined(separator: " | ")) |")
    }
  }

  /// What a gate with a margin of 1 % says to a run that is 2 % worse, and to one that is not.
  static func power() {
    print(Text.power)
    print(
      "| points | noise (CV) | ρ | fails | could fail at best | passes wrongly | fails without a difference | "
        + "smallest detectable effect |\n|---:|---:|---:|---:|---:|---:|---:|---:|")
    for variation in variations {
      for count in lengths where count >= 50 {
        for memory in memories {
          var noise = Noise(seed: UInt64(count) &* 7919 &+ UInt64(memory * 100) &+ UInt64(variation * 1e6))
          var (failed, passed, alarm, best) = (Rate(), Rate(), Rate(), Rate())
          var detectable = 0.0
          let oracle = Oracle(deviation: 2 * variation, memory: memory, count: count)
          for _ in 0..<(repetitions * 2 / 3) {
            let base = noise.sequence(count, memory: memory).map { 2 * (1 + variation * $0) }
            let new = noise.sequence(count, memory: memory).map { 2 * (1 + variation * $0) }
            best.add(oracle.fails(base, new.map { $0 * 1.02 }, margin: 0.01, scale: 1.02))
            if let trial = Trial(base, new.map { $0 * 1.02 }, window: 1) {
              failed.add(trial.verdict == .beyond)
              passed.add(trial.verdict == .within)
              detectable += trial.detectable
            }
            if let trial = Trial(base, new, window: 1) { alarm.add(trial.verdict == .beyond) }
          }
          let effect = detectable / Double(max(1, failed.total)) * 1000
          let percent = Int((effect).rounded())
          print(
            "| \(count) | \(Int((variation * 100).rounded())) % | \(memory == 0 ? "0" : "\(memory)") | \(failed.text) | "
              + "\(best.text) | \(passed.text) | \(alarm.text) | \(percent / 10).\(percent % 10) % |")
        }
      }
    }
  }

  /// The same on twins of real curves, by the default window of 10 %.
  static func twins(_ paths: some Sequence<String>) {
    print(Text.twins)
    print(
      "| curve | points | noise (CV) | last value: fails without a difference | fails without a difference | "
        + "+2 %: fails | +2 %: passes wrongly |\n|---|---:|---:|---:|---:|---:|---:|")
    for path in paths {
      guard let run = try? OpenedFolder(opening: path).runs.first, let twins = Twins(run) else { continue }
      var noise = Noise(seed: 11)
      var (naive, alarm, failed, passed) = (Rate(), Rate(), Rate(), Rate())
      for _ in 0..<1000 {
        let base = twins.draw(&noise)
        let new = twins.draw(&noise)
        if let old = base.last, let last = new.last { naive.add(last > 1.01 * old) }
        if let trial = Trial(base, new, window: 0.1) { alarm.add(trial.verdict == .beyond) }
        if let trial = Trial(base, new.map { $0 * 1.02 }, window: 0.1) {
          failed.add(trial.verdict == .beyond)
          passed.add(trial.verdict == .within)
        }
      }
      let tenths = Int((twins.variation * 1000).rounded())
      print(
        "| \(run.name) | \(twins.count) | \(tenths / 10).\(tenths % 10) % | \(naive.text) | \(alarm.text) | "
          + "\(failed.text) | \(passed.text) |")
    }
  }

  /// What gates with a margin of 1 % say in the situations of real fine-tunings.
  static func situations() {
    print(Text.situations)
    print(
      "| situation | as good: fails | as good: passes | +2 %: fails | +2 %: passes wrongly | refused |\n"
        + "|---|---:|---:|---:|---:|---:|")
    for (number, situation) in Situation.all.enumerated() {
      var noise = Noise(seed: 4001 &+ UInt64(number))
      var (alarm, good, failed, wrong, refused) = (Rate(), Rate(), Rate(), Rate(), Rate())
      for _ in 0..<repetitions {
        let same = situation.status(worse: 0, &noise)
        let worse = situation.status(worse: 0.02, &noise)
        alarm.add(same == .fail)
        good.add(same == .pass)
        failed.add(worse == .fail)
        wrong.add(worse == .pass)
        refused.add(same == nil)
      }
      print(
        "| \(situation.name) | \(alarm.text) | \(good.text) | \(failed.text) | \(wrong.text) | \(refused.text) |"
      )
    }
    gates()
  }

  /// Ten gates on ten independent metrics of a run that is as good as its baseline: how often any of them fails.
  private static func gates() {
    for multiplicity in Multiplicity.allCases {
      var noise = Noise(seed: 77)
      var alarm = Rate()
      for _ in 0..<repetitions {
        let (base, new) = (Situation.manyMetrics(&noise), Situation.manyMetrics(&noise))
        let plan = GatePlan(
          path: "", gates: Situation.manyGates, multiplicity: multiplicity)
        let evaluation = GateEvaluation(run: new, baseline: .runs([base]), weights: .unavailable(""))
        alarm.add(evaluation.report(plan: plan).results.contains { $0.status == .fail })
      }
      print("| any of ten gates, multiplicity \(multiplicity.rawValue) | \(alarm.text) | | | | |")
    }
  }

  /// How often a golden file's curve names a step without reason, and how near it comes to the step from which on a run
  /// is 5 % worse.
  static func curves() {
    print(Text.curves)
    print(
      "| runs | ρ | names a step without a difference | names a step | within one place | within three places |\n"
        + "|---:|---:|---:|---:|---:|---:|")
    for runs in [1, 3] {
      for memory in [0.0, 0.2, 0.5] {
        var noise = Noise(seed: UInt64(runs) &* 101 &+ UInt64(memory * 100))
        var (alarm, named, near, nearer) = (Rate(), Rate(), Rate(), Rate())
        for _ in 0..<500 {
          let trial = CurveTrial(runs: runs, memory: memory, &noise)
          alarm.add(trial.named(from: nil) != nil)
          let start = 60 + noise.index(below: 200)
          let places = trial.named(from: start)
          named.add(places != nil)
          nearer.add(places.map { $0 <= 1 } ?? false)
          near.add(places.map { $0 <= 3 } ?? false)
        }
        print(
          "| \(runs) | \(memory == 0 ? "0" : "\(memory)") | \(alarm.text) | \(named.text) | \(nearer.text) | "
            + "\(near.text) |")
      }
    }
  }
}
