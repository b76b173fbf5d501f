import Analysis
import EventFile
import RunFolder

/// A way in which fine-tunings are held against each other, as gates meet it.
struct Situation {
  /// What is held against what, for the table.
  var name: String
  /// The gate.
  var gate: Gate
  /// Draws the baselines, and a run of their kind that is worse by a share of the level.
  var draw: (_ worse: Double, _ noise: inout Noise) -> (baselines: [TrainingRun], run: TrainingRun)
  /// Whether the baselines become a golden file first.
  var isGolden = false

  /// Whether the curves are of steps, which tests over a window can be made on.
  var isOfSteps = true

  /// What the gate says to a run; nil where there is nothing to hold it against.
  func status(_ drawn: (baselines: [TrainingRun], run: TrainingRun)) -> GateStatus? {
    let baseline: GateBaseline
    if isGolden {
      guard let golden = try? GoldenBaseline(calibrating: drawn.baselines, window: 0.1, confidence: 0.95)
      else {
        return nil
      }
      baseline = .golden(golden)
    } else {
      baseline = .runs(drawn.baselines)
    }
    return GateEvaluation(run: drawn.run, baseline: baseline, weights: .unavailable("")).result(gate).status
  }

  /// Every situation of the table.
  static var all: [Situation] {
    slowNoise + fewPoints + figures + epochs + evaluations + selections + seeds
  }

  // MARK: Training losses

  private static func gate(
    _ tag: String = "train/loss", _ statistic: GateStatistic = .final, margin: Gate.Margin = .relative(0.01),
    seedSpread: Double? = nil
  ) -> Gate {
    Gate(
      id: "g", subject: .metric(Glob(tag)), statistic: statistic, bounds: [.increase(margin)],
      settings: Gate.Settings(seedSpread: seedSpread))
  }

  private static func training(
    _ name: String, count: Int, statistic: GateStatistic = .final,
    _ sequence: @escaping (Int, inout Noise) -> [Double], level: @escaping (Double) -> Double = { _ in 1 }
  ) -> Situation {
    Situation(name: name, gate: gate("train/loss", statistic)) { worse, noise in
      func run(_ factor: Double) -> TrainingRun {
        let own = sequence(count, &noise)
        return Self.run(
          "train/loss", own.enumerated().map { factor * 2 * (level(Double($0) / Double(count)) + $1) })
      }
      return ([run(1)], run(1 + worse))
    }
  }

  private static var slowNoise: [Situation] {
    [
      training("white noise of 3 %, 500 points", count: 500) { count, noise in
        noise.sequence(count, memory: 0).map { 0.03 * $0 }
      },
      training("white noise with AR(.97) at a fifth of its variance, 3 %, 500 points", count: 500) {
        count, noise in
        let fast = noise.sequence(count, memory: 0)
        let slow = noise.sequence(count, memory: 0.97)
        return zip(fast, slow).map { 0.03 * (0.8.squareRoot() * $0 + 0.2.squareRoot() * $1) }
      },
      training("1/f noise of 2 %, 500 points", count: 500) { count, noise in
        noise.pink(count).map { 0.02 * $0 }
      },
    ]
      + [0.5, 0.8, 0.95].map { memory in
        training("AR(\(memory)) of 2 %, 500 points", count: 500) { count, noise in
          noise.sequence(count, memory: memory).map { 0.02 * $0 }
        }
      }
  }

  private static var fewPoints: [Situation] {
    [8, 16, 30].map { count in
      training("AR(.5) of 1 %, \(count) points", count: count) { count, noise in
        noise.sequence(count, memory: 0.5).map { 0.01 * $0 }
      }
    }
  }

  private static var figures: [Situation] {
    [GateStatistic.min, .max, .first, .last, .mean, .area].map { statistic in
      training(
        "training loss, \(statistic.rawValue), falling, noise of 3 %, 300 points", count: 300,
        statistic: statistic
      ) {
        count, noise in
        noise.sequence(count, memory: 0).map { 0.03 * $0 }
      } level: {
        1 + 1 / (1 + 20 * $0)
      }
    }
  }

  private static var epochs: [Situation] {
    func steps(_ name: String, known: Bool, phase: Double = 0) -> Situation {
      Situation(name: name, gate: gate("train/loss")) { worse, noise in
        func run(_ factor: Double, _ start: Double) -> TrainingRun {
          let own = noise.sequence(300, memory: 0)
          var run = Self.run(
            "train/loss",
            own.enumerated().map {
              factor * 2 * ((Double($0) < 300 * start ? 1 : 0.9) + 0.02 * $1)
            })
          if known {
            run.metrics += Self.run("train/epoch", own.indices.map { Double($0 + 1) / (300 * start) }).metrics
          }
          return run
        }
        return ([run(1, 0.95)], run(1 + worse, 0.95 - phase))
      }
    }
    return [
      steps("a step of 10 % at an epoch within the window, logged, noise of 2 %, 300 points", known: true),
      steps("the same, no epochs logged", known: false),
      steps("the same, logged, epochs of the run a hundredth shorter", known: true, phase: 0.0095),
    ] + [(100, true), (20, true), (100, false)].map(rhythm)
  }

  /// Epochs of two data sets whose losses differ by 10 %, which the run takes in the other order.
  private static func rhythm(_ length: Int, known: Bool) -> Situation {
    let name = "two data sets in each epoch of \(length) points, in the other order, "
    return Situation(
      name: name + (known ? "logged, noise of 2 %, 300 points" : "no epochs logged"), gate: gate()
    ) {
      worse, noise in
      func run(_ factor: Double, _ order: Int) -> TrainingRun {
        let own = noise.sequence(300, memory: 0)
        var run = Self.run(
          "train/loss",
          own.enumerated().map { factor * 2 * (($0 / (length / 2) % 2 == order ? 1 : 0.9) + 0.02 * $1) })
        if known {
          run.metrics += Self.run("train/epoch", own.indices.map { Double($0 + 1) / Double(length) }).metrics
        }
        return run
      }
      return ([run(1, 0)], run(1 + worse, 1))
    }
  }

  // MARK: Evaluations

  private static var evaluations: [Situation] {
    [0.005, 0.01, 0.02].map { deviation in
      Situation(
        name: "last of ten evaluations, noise of \(deviation * 100) %", gate: gate("eval/loss", .last),
        draw: { worse, noise in
          ([evaluated(10, deviation, &noise)], evaluated(10, deviation, &noise, factor: 1 + worse))
        }, isOfSteps: false)
    }
  }

  private static var selections: [Situation] {
    [(5, 50), (50, 5)].map { base, new in
      Situation(
        name: "best of \(new) evaluations against best of \(base), noise of 1 %",
        gate: gate("eval/loss", .best),
        draw: { worse, noise in
          ([evaluated(base, 0.01, &noise)], evaluated(new, 0.01, &noise, factor: 1 + worse))
        }, isOfSteps: false)
    }
  }

  private static func evaluated(_ count: Int, _ deviation: Double, _ noise: inout Noise, factor: Double = 1)
    -> TrainingRun
  {
    run(
      "eval/loss", noise.sequence(count, memory: 0).map { factor * 2 * (1 + deviation * $0) },
      every: 1000 / count)
  }

  // MARK: Seeds

  private static var seeds: [Situation] {
    func seeded(
      _ name: String, runs: Int, spread: Double, margin: Gate.Margin = .relative(0.01), known: Double? = nil,
      outlier: Double = 0
    ) -> Situation {
      Situation(
        name: name, gate: gate("eval/loss", .last, margin: margin, seedSpread: known),
        draw: { worse, noise in
          func one(_ factor: Double) -> TrainingRun {
            evaluated(10, 0.003, &noise, factor: factor * (1 + spread * noise.normal()))
          }
          let baselines = (0..<runs).map { one($0 == 0 ? 1 + outlier : 1) }
          return (baselines, one(1 + worse))
        }, isGolden: runs > 1, isOfSteps: false)
    }
    return [
      seeded("one baseline, seeds differ by 1 %, nobody says so", runs: 1, spread: 0.01),
      seeded("one baseline, seeds differ by 1 %, given", runs: 1, spread: 0.01, known: 0.01),
      seeded("golden file of five seeds, 1 %", runs: 5, spread: 0.01),
      seeded("golden file of five seeds, 2 %", runs: 5, spread: 0.02),
      seeded("golden file of three seeds, margin seed, 0.5 %", runs: 3, spread: 0.005, margin: .seed),
      seeded(
        "golden file of three seeds, margin seed, one off by 5 %", runs: 3, spread: 0.003, margin: .seed,
        outlier: 0.05),
    ]
  }

  private static func run(_ tag: String, _ values: [Double], every interval: Int = 10) -> TrainingRun {
    let series = Series(
      tag: tag, steps: values.indices.map { Int64(($0 + 1) * interval) },
      wallTimes: [Double](repeating: 0, count: values.count), values: values)
    return TrainingRun(name: "run", path: "run", metrics: [Metric(series: series)])
  }

  // MARK: Several gates

  /// A run of ten metrics, each with noise of its own.
  static func manyMetrics(_ noise: inout Noise) -> TrainingRun {
    var run = TrainingRun(name: "run", path: "run")
    for number in 0..<10 {
      run.metrics +=
        Self.run("loss_\(number)", noise.sequence(200, memory: 0).map { 2 * (1 + 0.03 * $0) }).metrics
    }
    return run
  }

  /// A gate on each of them, with no margin, so that noise alone decides.
  static var manyGates: [Gate] {
    (0..<10).map { number in
      Gate(
        id: "g\(number)", subject: .metric(Glob("loss_\(number)")), statistic: .final,
        bounds: [.increase(.relative(0))])
    }
  }
}
