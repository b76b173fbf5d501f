import Analysis
import EventFile
import RunFolder
import Testing

@Suite struct FindingRulesTests {
  /// The findings of a run of these series.
  private func findings(_ series: Series...) -> [Finding] {
    RunAnalysis(of: TrainingRun(name: "r", path: "r", metrics: series.map { Metric(series: $0) })).findings
  }

  /// A loss that falls from 3 to 1 with this relative noise.
  private func falling(_ count: Int, noise: Double = 0.03, seed: UInt64 = 1) -> [Double] {
    var random = Noise(seed: seed)
    return (0..<count).map { index in
      let part = Double(index) / Double(count)
      return (1 + 2 * (1 - part) * (1 - part)) * (1 + noise * random.normal())
    }
  }

  private func kinds(_ findings: [Finding]) -> [Finding.Kind] { findings.map(\.kind) }

  // MARK: Healthy runs

  @Test(arguments: [0.01, 0.05, 0.15])
  func `healthy runs have nothing worse than notes, and hardly a spike`(noise: Double) {
    var spikes = 0
    for seed in 0..<40 as Range<UInt64> {
      let found = findings(series("train/loss", falling(500, noise: noise, seed: seed), first: 10, every: 10))
      #expect(found.allSatisfy { $0.severity == .note && [.spike, .plateau].contains($0.kind) }, "\(found)")
      spikes += found.count { $0.kind == .spike }
    }
    // 20,000 points.
    #expect(spikes <= 3)
  }

  // MARK: Spikes and divergence

  @Test(arguments: [0.01, 0.04, 0.08])
  func `a doubled point is a spike`(noise: Double) throws {
    for seed in 0..<20 as Range<UInt64> {
      var values = falling(400, noise: noise, seed: seed)
      let usual = values[250]
      values[250] *= 2
      let found = findings(series("train/loss", values, first: 10, every: 10)).filter { $0.kind == .spike }
      let spike = try #require(found.first { $0.step == 2510 })
      #expect(spike.value == values[250])
      #expect(abs(try #require(spike.reference) - usual) < 0.4 * usual)
      #expect(spike.lastStep == nil)
      #expect(spike.count == 1)
    }
  }

  @Test func `spikes side by side are one finding with the highest value`() throws {
    var values = falling(300, noise: 0.01)
    values[200] *= 1.8
    values[202] *= 2.6
    values[203] *= 2.4
    let found = findings(series("loss", values)).filter { $0.kind == .spike }
    let spike = try #require(found.first)
    #expect(found.count == 1)
    #expect(spike.step == 201)
    #expect(spike.lastStep == 204)
    #expect(spike.value == values[202])
    #expect(spike.count == 3)
    #expect(spike.severity == .warning)
  }

  @Test func `of many spikes the highest are told, the others as one`() throws {
    var values = falling(2000, noise: 0.01)
    for index in 0..<30 { values[100 + index * 60] *= 1.5 + Double(index) * 0.05 }
    let found = findings(series("loss", values)).filter { $0.kind == .spike }
    #expect(found.count == 10)
    #expect(found.map(\.count).reduce(0, +) == 30)
    #expect(found.contains { $0.step == 101 + 29 * 60 && $0.count == 1 })
  }

  @Test func `a level that jumps up and stays is a divergence at the jump`() throws {
    var values = falling(400, noise: 0.02)
    for index in 300..<400 { values[index] = 4 * (1 + 0.02 * values[index]) }
    let found = findings(series("loss", values))
    let diverged = try #require(found.first)
    #expect(diverged.kind == .diverged)
    #expect(diverged.severity == .failure)
    #expect(diverged.step == 301)
    #expect(diverged.count == 100)
    #expect(!kinds(found).contains(.plateau))
    #expect(!found.contains { $0.kind == .spike && ($0.step ?? 0) >= 301 })
  }

  @Test func `a level that jumps up and comes back is a spike with an end`() throws {
    var values = falling(400, noise: 0.02)
    for index in 200..<240 { values[index] *= 2.5 }
    let found = findings(series("loss", values)).filter { $0.kind != .plateau }
    let spike = try #require(found.first)
    #expect(kinds(found) == [.spike])
    #expect(spike.severity == .warning)
    #expect(spike.step == 201)
    #expect(spike.lastStep == 240)
  }

  @Test func `a slow rise is a divergence, too`() throws {
    let values = falling(400, noise: 0.02).enumerated().map { index, value in
      index > 250 ? value * (1 + Double(index - 250) * 0.006) : value
    }
    let found = findings(series("loss", values))
    let diverged = try #require(found.first { $0.kind == .diverged })
    #expect(try #require(diverged.value) > 1.1 * (try #require(diverged.reference)))
    #expect(try #require(diverged.step) > 200)
  }

  @Test func `a loss that is negative or zero by its nature has no spikes`() {
    var random = Noise(seed: 4)
    let policy = (0..<300).map { _ in 0.02 * random.normal() }
    #expect(findings(series("loss", policy)).isEmpty)
  }

  // MARK: Non-finite values

  @Test func `a NaN that passes is a warning, one that stays a failure`() throws {
    var values = falling(100)
    values[40] = .nan
    values[41] = .infinity
    let passing = try #require(findings(series("loss", values)).first { $0.kind == .nonFinite })
    #expect(passing.severity == .warning)
    #expect(passing.step == 41)
    #expect(passing.lastStep == 42)
    #expect(passing.count == 2)
    #expect(passing.reference == values[39])
    for index in 90..<100 { values[index] = .nan }
    let found = findings(series("loss", values))
    #expect(found.first?.kind == .nonFinite)
    #expect(found.first?.severity == .failure)
    #expect(found.first?.step == 91)
    #expect(found.first?.lastStep == 100)
    #expect(found.first?.count == 10)
  }

  @Test func `a gradient norm that overflows now and then is a note, and many are few findings`() {
    var norm = [Double](repeating: 1, count: 200)
    for index in stride(from: 5, to: 200, by: 10) { norm[index] = .infinity }
    let found = findings(series("train/loss", falling(200)), series("train/grad_norm", norm))
      .filter { $0.kind == .nonFinite }
    #expect(found.count <= 6)
    #expect(found.allSatisfy { $0.severity == .note })
    #expect(found.map(\.count).reduce(0, +) == 20)
  }

  @Test func `zeros to the end are a filtered NaN where a witness is not finite`() throws {
    let loss = series("train/loss", [2, 1.9, 1.8, 0, 0, 0])
    let witness = series("train/grad_norm", [1, 1, 1, .nan, .nan, .nan])
    let found = try #require(findings(loss, witness).first)
    #expect(found.kind == .filteredNaN)
    #expect(found.step == 4)
    #expect(found.reference == 1.8)
    #expect(found.other == "train/grad_norm")
    // The evaluation can witness, too.
    let evaluation = series("eval/loss", [.nan], first: 6)
    #expect(kinds(findings(loss, evaluation)) == [.filteredNaN, .nonFinite])
    // Without any witness it may be masked labels just as well.
    #expect(kinds(findings(loss)) == [.zeroLoss])
  }

  @Test func `a loss that came down to zero is no filtered NaN`() {
    let loss = series("train/loss", [2, 0.5, 0.01, 0.0001, 0, 0, 0])
    #expect(!kinds(findings(loss)).contains(.filteredNaN))
    let norm = series("train/grad_norm", [1, 1, 0.1, 0.1, 0.01, 0.01, 0.01])
    #expect(!kinds(findings(series("train/loss", [2, 1, 1, 1, 0, 0, 0]), norm)).contains(.filteredNaN))
  }

  @Test func `a run without gradients is dead`() throws {
    var random = Noise(seed: 9)
    let loss = series("train/loss", (0..<50).map { _ in 3 + 0.05 * random.normal() })
    let norm = series("train/grad_norm", [Double](repeating: 0, count: 50))
    let found = try #require(findings(loss, norm).first)
    #expect(found.kind == .deadRun)
    #expect(found.severity == .failure)
    #expect(found.count == 50)
    #expect(found.other == "train/grad_norm")
    #expect(kinds(findings(series("loss", .init(repeating: 2.5, count: 30)))) == [.deadRun])
    let alive = series("train/grad_norm", [Double](repeating: 0, count: 49) + [0.1])
    #expect(!kinds(findings(loss, alive)).contains(.deadRun))
  }

  // MARK: Trends

  @Test func `an evaluation that rises while the training loss falls is overfitting`() throws {
    let loss = series("train/loss", falling(200))
    let evaluation = series("eval/loss", [2, 1.6, 1.4, 1.45, 1.5, 1.6], first: 30, every: 30)
    let found = try #require(findings(loss, evaluation).first { $0.kind == .overfitting })
    #expect(found.severity == .warning)
    #expect(found.step == 90)
    #expect(found.lastStep == 180)
    #expect(found.reference == 1.4)
    #expect(found.value == 1.6)
    #expect(found.count == 3)
  }

  @Test(arguments: [
    [2, 1.6, 1.4, 1.41], [2, 1.6, 1.4, 1.405, 1.41], [2, 1.6, 1.5, 1.4], [2, 2.5, 1.9, 1.8],
  ])
  func `a small or single rise is no overfitting`(values: [Double]) {
    let found = findings(
      series("train/loss", falling(200)), series("eval/loss", values, first: 30, every: 30))
    #expect(!kinds(found).contains(.overfitting))
  }

  @Test func `the best of many noisy evaluations is low by chance`() {
    for seed in 0..<30 as Range<UInt64> {
      var random = Noise(seed: seed)
      let noisy = series("eval/loss", (0..<200).map { _ in 1.5 + 0.05 * random.normal() })
      #expect(!kinds(findings(series("train/loss", falling(200)), noisy)).contains(.overfitting))
    }
  }

  @Test func `a flat end is a plateau, a falling one is not`() throws {
    var random = Noise(seed: 2)
    let flat = (0..<300).map { 1 + 2 * max(0, 1 - Double($0) / 150) + 0.001 * random.normal() }
    let found = try #require(findings(series("loss", flat)).first { $0.kind == .plateau })
    #expect(found.severity == .note)
    #expect(found.step == 241)
    #expect(found.lastStep == 300)
    let falling = (0..<300).map { 3 - Double($0) * 0.005 + 0.01 * random.normal() }
    #expect(!kinds(findings(series("loss", falling))).contains(.plateau))
  }

  @Test func `findings come gravest first`() {
    var values = falling(300, noise: 0.01)
    values[150] *= 1.5
    let found = findings(
      series("train/loss", values), series("eval/loss", [2, .nan], first: 150, every: 150),
      series("x", [1, .nan]))
    #expect(found.map(\.severity) == found.map(\.severity).sorted(by: >))
    #expect(found.first?.metric == "eval/loss")
  }
}
