import Analysis
import EventFile
import RunFolder

/// Measures how often the verdicts of `ftreport gate` are wrong, and writes docs/statistics.md to standard output:
///
///     swift run -c release --package-path Benchmarks simulate-gates [--repetitions N] RUN… >docs/statistics.md
///
/// The same runs and repetitions give the same bytes.
@main struct SimulateGates {
  static let lengths = [8, 16, 30, 50, 100, 200, 500, 1000, 2000]
  static let memories = [0.0, 0.2, 0.5, 0.8, 0.9, 0.95]
  nonisolated(unsafe) static var repetitions = 1000

  static func main() {
    var arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "--repetitions", let count = arguments.dropFirst().first.flatMap(Int.init) {
      repetitions = count
      arguments = arguments.dropFirst(2)
    }
    print(Text.introduction(repetitions: repetitions))
    grid()
    power()
    situations()
    twins(arguments)
    curves()
    print(Text.conclusion)
  }

  /// A gate with a margin of 1 % on curves of every length and memory.
  static func grid() {
    print(Text.grid)
    var tables = [[String]](repeating: [], count: 3)
    for count in lengths {
      var cells = [[String]](repeating: [], count: 3)
      for memory in memories {
        var noise = Noise(seed: UInt64(count) &* 1000 &+ UInt64(memory * 100))
        var (alarm, wrong, failed) = (Rate(), Rate(), Rate())
        for _ in 0..<repetitions {
          let base = noise.sequence(count, memory: memory).map { 2 * (1 + 0.02 * $0) }
          let new = noise.sequence(count, memory: memory).map { 2 * (1 + 0.02 * $0) }
          let same = Trial(base, new, window: 0.1)?.verdict
          let worse = Trial(base, new.map { $0 * 1.02 }, window: 0.1)?.verdict
          alarm.add(same == .beyond)
          wrong.add(worse == .within)
          failed.add(worse == .beyond)
        }
        for (table, rate) in [alarm, wrong, failed].enumerated() { cells[table].append(rate.text) }
      }
      for table in 0..<3 { tables[table].append("| \(count) | \(cells[table].joined(separator: " | ")) |") }
    }
    for (title, rows) in zip(Text.gridTitles, tables) {
      print("\(title)\n\n| points of the curve | ρ = 0 | 0.2 | 0.5 | 0.8 | 0.9 | 0.95 |")
      print("|---:|---:|---:|---:|---:|---:|---:|\n" + rows.joined(separator: "\n") + "\n")
    }
  }

  /// What a gate with a margin of 1 % says to a run that is 2 % worse, beside the best test that there can be.
  static func power() {
    print(Text.power)
    print(
      "| points of the window | noise (CV) | ρ | fails | could fail at best | smallest detectable effect |\n"
        + "|---:|---:|---:|---:|---:|---:|")
    for (count, variation) in [(20, 0.01), (50, 0.01), (50, 0.03), (200, 0.03), (200, 0.05)] {
      for memory in [0, 0.2, 0.5, 0.8] {
        var noise = Noise(seed: UInt64(count) &* 7919 &+ UInt64(memory * 100) &+ UInt64(variation * 1e6))
        var (failed, best) = (Rate(), Rate())
        var detectable = 0.0
        let oracle = Oracle(deviation: 2 * variation, memory: memory, count: count)
        for _ in 0..<repetitions {
          let base = noise.sequence(10 * count, memory: memory).map { 2 * (1 + variation * $0) }
          let new = noise.sequence(10 * count, memory: memory).map { 2 * 1.02 * (1 + variation * $0) }
          best.add(oracle.fails(base.suffix(count), new.suffix(count), margin: 0.01, scale: 1.02))
          guard let trial = Trial(base, new, window: 0.1) else { continue }
          failed.add(trial.verdict == .beyond)
          detectable += trial.detectable
        }
        let percent = Int((detectable / Double(max(1, failed.total)) * 1000).rounded())
        print(
          "| \(count) | \(Int((variation * 100).rounded())) % | \(memory == 0 ? "0" : "\(memory)") | \(failed.text) | "
            + "\(best.text) | \(percent / 10).\(percent % 10) % |")
      }
    }
  }

  /// The same on twins of real curves.
  static func twins(_ paths: some Sequence<String>) {
    print(Text.twins)
    print(
      "| curve | points | noise (CV) | last value +1 % | Welch | Mann–Whitney | gate | +2 %: gate fails | "
        + "+2 %: gate passes |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for path in paths {
      guard let run = try? OpenedFolder(opening: path).runs.first, let twins = Twins(run) else { continue }
      var noise = Noise(seed: 11)
      var rates = [Rate](repeating: Rate(), count: 6)
      for _ in 0..<repetitions {
        let base = twins.draw(&noise)
        let new = twins.draw(&noise)
        rates[0].add(Peers.lastValue(base, new))
        rates[1].add(Peers.welch(base, new))
        rates[2].add(Peers.mannWhitney(base, new))
        rates[3].add(Trial(base, new, window: 0.1)?.verdict == .beyond)
        let worse = Trial(base, new.map { $0 * 1.02 }, window: 0.1)?.verdict
        rates[4].add(worse == .beyond)
        rates[5].add(worse == .within)
      }
      let tenths = Int((twins.variation * 1000).rounded())
      print(
        "| \(run.name) | \(twins.count) | \(tenths / 10).\(tenths % 10) % | "
          + rates.map(\.text).joined(separator: " | ") + " |")
    }
  }

  /// What gates with a margin of 1 % say in the situations of real fine-tunings.
  static func situations() {
    print(Text.situations)
    print(
      "| situation | as good: fails | as good: passes | +2 %: fails | +2 %: passes | refused | last value +1 % | "
        + "Welch | Mann–Whitney |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for (number, situation) in Situation.all.enumerated() {
      var noise = Noise(seed: 4001 &+ UInt64(number))
      var rates = [Rate](repeating: Rate(), count: 5)
      var peers = [Rate](repeating: Rate(), count: 3)
      for _ in 0..<repetitions {
        let drawn = situation.draw(0, &noise)
        let same = situation.status(drawn)
        let worse = situation.status(situation.draw(0.02, &noise))
        rates[0].add(same == .fail)
        rates[1].add(same == .pass)
        rates[2].add(worse == .fail)
        rates[3].add(worse == .pass)
        rates[4].add(same == nil || same == .missing)
        guard let base = drawn.baselines.first?.metrics.first?.series.values,
          let new = drawn.run.metrics.first?.series.values
        else { continue }
        peers[0].add(Peers.lastValue(base, new))
        guard situation.isOfSteps else { continue }
        peers[1].add(Peers.welch(base, new))
        peers[2].add(Peers.mannWhitney(base, new))
      }
      print(
        "| \(situation.name) | "
          + (rates + peers).map { $0.total > 0 ? $0.text : "" }.joined(separator: " | ") + " |")
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
      print("| any of ten gates, multiplicity \(multiplicity.rawValue) | \(alarm.text) | | | | | | | |")
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
