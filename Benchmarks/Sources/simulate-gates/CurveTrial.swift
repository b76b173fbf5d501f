import Analysis
import EventFile
import RunFolder

/// A golden file of some runs, and one run more of their kind.
struct CurveTrial {
  private static let count = 300
  private let golden: GoldenBaseline?
  private let new: [Double]

  /// Runs of 300 points with a falling loss, 3 % of AR(1) noise on each point, and offsets of 1 % from run to run where
  /// there are several.
  init(runs: Int, memory: Double, _ noise: inout Noise) {
    var curves: [[Double]] = []
    for _ in 0...runs {
      let offset = runs > 1 ? 0.02 * noise.normal() : 0
      let own = noise.sequence(Self.count, memory: memory)
      curves.append(own.enumerated().map { 2 + offset + 2 / (1 + 0.1 * Double($0)) + 0.06 * $1 })
    }
    golden = try? GoldenBaseline(
      calibrating: curves.dropLast().map(Self.run), window: 0.1, confidence: 0.95)
    new = curves[runs]
  }

  /// How many places off the step is that the gate names for the run, made 5 % worse from the point `start` on, or
  /// left alone; nil where it names none.
  func named(from start: Int?) -> Int? {
    guard let golden else { return nil }
    var values = new
    if let start { for index in start..<values.count { values[index] *= 1.05 } }
    let evaluation = GateEvaluation(
      run: Self.run(values), baseline: .golden(golden), weights: .unavailable(""))
    let gate = Gate(
      id: "g", subject: .metric(Glob("train/loss")), statistic: .final, bounds: [.increase(.absolute(0))])
    guard let step = evaluation.result(gate).checks.first?.divergingStep else { return nil }
    guard let start, let places = golden.metrics.first?.curve?.places else { return 0 }
    func place(_ step: Int64) -> Int { places.count { $0.firstStep <= step } }
    return abs(place(step) - place(Int64(start + 1)))
  }

  private static func run(_ values: [Double]) -> TrainingRun {
    let series = Series(
      tag: "train/loss", steps: values.indices.map { Int64($0 + 1) },
      wallTimes: [Double](repeating: 0, count: values.count), values: values)
    return TrainingRun(name: "run", path: "run", metrics: [Metric(series: series)])
  }
}
