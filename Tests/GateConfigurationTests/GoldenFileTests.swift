import Analysis
import EventFile
import GateConfiguration
import JSON
import RunFolder
import TestSupport
import Testing

struct GoldenFileTests {
  let golden = GoldenBaseline(
    runs: [
      .init(name: "a \"b\"", path: "runs/a", steps: 10...1000, lossCount: 100),
      .init(name: "c", path: "runs/c", steps: 10...1000, lossCount: 100),
    ],
    window: 0.1, configuration: [Setting(name: "learning_rate", value: "0.001")], evaluationSamples: 88,
    data: DataFingerprint(digits: String(repeating: "0123abcd", count: 8)),
    metrics: [
      .init(
        tag: "train/loss", lastStep: 1000, windowStep: 910,
        figures: [
          .init(
            statistic: .final, values: [2.5, 2.75], standardErrors: [0.125, 0.1],
            degreesOfFreedom: [18, 17.5], samples: [.init(count: 20, time: 1), .init(count: 24, time: 1.25)]),
          .init(statistic: .min, values: [1, 1.5], standardErrors: [0, 0], degreesOfFreedom: [0, 0]),
        ],
        curve: GoldenCurve(places: [
          .init(firstStep: 10, level: 4.125, noise: 0.25, spread: 0.5),
          .init(firstStep: 510, level: 2, noise: 0.125, spread: 0),
        ]))
    ],
    findings: [.init(kind: .spike, counts: [1, 0])],
    clocks: [.init(axis: .epoch, steps: [10, 1000], places: [0.03125, 3.5])])

  static let text = """
    {
      "format": "ftreport golden baseline",
      "version": 5,
      "written_by": "ftreport 9",
      "runs": [
        {"name":"a \\"b\\"","path":"runs/a","steps":[10,1000],"loss_points":100},
        {"name":"c","path":"runs/c","steps":[10,1000],"loss_points":100}
      ],
      "window": 0.1,
      "configuration": {"learning_rate":"0.001"},
      "evaluation_samples": 88,
      "data": "sha256:0123abcd0123abcd0123abcd0123abcd0123abcd0123abcd0123abcd0123abcd",
      "findings": {"spike":[1,0]},
      "clocks": {"epoch":{"steps":[10,1000],"places":[0.03125,3.5]}},
      "metrics": {
        "train/loss": {
          "last_step": 1000,
          "window_first_step": 910,
          "curve": {
            "first_steps": [10,510],
            "levels": [4.125,2],
            "noise": [0.25,0.125],
            "spread": [0.5,0]
          },
          "final": {"level":2.625,"spread":0.1767766952966369,"seed_margin":0.4949747468305833,"values":[2.5,2.75],"standard_errors":[0.125,0.1],"degrees_of_freedom":[18,17.5],"points":[20,24],"autocorrelation_times":[1,1.25]},
          "min": {"level":1.25,"spread":0.3535533905932738,"seed_margin":0.9899494936611666,"values":[1,1.5],"standard_errors":[0,0],"degrees_of_freedom":[0,0]}
        }
      }
    }

    """

  @Test func `a golden file is readable and the same every time`() throws {
    #expect(golden.fileText(writtenBy: "ftreport 9") == Self.text)
    #expect(try GoldenBaseline(parsing: Array(Self.text.utf8), path: "g.json") == golden)
  }

  @Test(arguments: [
    ("\"version\": 5", "\"version\": 6", "version: this program reads versions 1 to 5"),
    ("sha256:0123", "md5:0123", "data: sha256: and 64"),
    ("sha256:0123", "sha256:012", "data: sha256: and 64"),
    ("ftreport golden", "other", "format: "),
    ("\"values\":[2.5,2.75]", "\"values\":[2.5]", "metrics.train/loss.final.values: 2 finite numbers"),
    ("\"values\":[2.5,2.75]", "\"values\":[2.5,\"NaN\"]", "metrics.train/loss.final.values"),
    ("[0.125,0.1]", "[-0.125,0.1]", "standard_errors"), ("\"final\"", "\"finale\"", "an unknown figure"),
    ("\"last_step\": 1000", "\"last_step\": 1.5", "last_step: a whole number"),
    ("\"window_first_step\": 910", "\"window_first_step\": 1001", "window_first_step: a whole number"),
    ("\"spike\":[1,0]", "\"spike\":[1]", "findings.spike"),
    ("\"steps\":[10,1000]", "\"steps\":[1000,10]", "runs[0]"),
    ("\"runs\": [", "\"runs\": [,", "byte "),
    ("[10,510]", "[10,10]", "metrics.train/loss.curve.first_steps: whole numbers that rise"),
    ("[10,510]", "[10,5100]", "metrics.train/loss.curve.first_steps"),
    ("[10,510]", "[]", "curve.first_steps"),
    ("[10,510]", "[10,510.5]", "curve.first_steps"), ("[10,510]", "[10,510,520]", "curve.levels: 3 finite"),
    ("[4.125,2]", "[4.125,null]", "metrics.train/loss.curve.levels: 2 finite numbers"),
    ("[0.25,0.125]", "[0.25,-0.125]", "metrics.train/loss.curve.noise: 2 finite numbers"),
    ("[0.5,0]", "[0.5]", "metrics.train/loss.curve.spread"),
    ("\"spread\": [0.5,0]", "\"x\": 1", "curve.x: an unknown"),
    (",\n        \"spread\": [0.5,0]", "", "curve.spread: there with two runs or more"),
    ("[20,24]", "[20,2]", "metrics.train/loss.final.points: 2 whole numbers of at least 3"),
    (",\"points\":[20,24]", "", "metrics.train/loss.final.points"),
    ("[1,1.25]", "[1,0.5]", "metrics.train/loss.final.autocorrelation_times: each at least 1"),
    ("[1,1.25]", "[1]", "metrics.train/loss.final.autocorrelation_times: 2 finite numbers"),
    ("\"epoch\"", "\"time\"", "clocks.time: an unknown axis"),
    ("[0.03125,3.5]", "[3.5,3.5]", "clocks.epoch: steps and places"),
    ("{\"steps\":[10,1000],", "{\"steps\":[10],", "clocks.epoch"),
  ])
  func `a wrong golden file is told with the place`(find: String, replacement: String, what: String) throws {
    let parts = Self.text.split(separator: find, maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.joined(separator: replacement)
    let error = try #require(throws: GoldenFileError.self) {
      try GoldenBaseline(parsing: Array(text.utf8), path: "g.json")
    }
    #expect(error.description.hasPrefix("g.json: "))
    #expect(error.description.contains(what), "\(error)")
  }

  @Test func `a file of version 1 has no curves and is read all the same`() throws {
    var lines = Self.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines.removeAll { $0.contains("clocks") || $0.contains("\"data\"") }
    let start = try #require(lines.firstIndex { $0.contains("\"curve\"") })
    lines.removeSubrange(start..<start + 6)
    lines.removeAll { $0.contains("window_first_step") }
    lines[2] = "  \"version\": 1,"
    let columns = ",\"points\":[20,24],\"autocorrelation_times\":[1,1.25]"
    for index in lines.indices {
      lines[index] = lines[index].split(separator: columns, omittingEmptySubsequences: false).joined()
    }
    let old = try GoldenBaseline(parsing: Array(lines.joined(separator: "\n").utf8), path: "g.json")
    var wanted = golden
    wanted.clocks = []
    wanted.data = nil
    wanted.metrics[0].windowStep = nil
    wanted.metrics[0].figures[0].samples = []
    wanted.metrics[0].curve = nil
    #expect(old == wanted)
  }

  @Test func `the paths of runs are seen from the file, those of older versions from here`() throws {
    let read = try GoldenBaseline(parsing: Array(Self.text.utf8), path: "ci/golden/g.json")
    #expect(read.runs.map(\.path) == ["ci/golden/runs/a", "ci/golden/runs/c"])
    let old = Self.text.split(separator: "\"version\": 5").joined(separator: "\"version\": 3")
    let before = try GoldenBaseline(parsing: Array(old.utf8), path: "ci/golden/g.json")
    #expect(before.runs.map(\.path) == ["runs/a", "runs/c"])
  }

  @Test func `a curve of one run has no spread, and one of evaluations no noise`() throws {
    var one = golden
    one.runs.removeLast()
    one.findings = []
    one.metrics[0].figures = []
    one.metrics[0].curve = GoldenCurve(places: [
      .init(firstStep: 10, level: 1.0 / 3, noise: 0, spread: nil),
      .init(firstStep: 20, level: 1e-300, noise: 0, spread: nil),
      .init(firstStep: 30, level: -3e30, noise: 0, spread: nil),
    ])
    one.metrics[0].figures = [
      .init(statistic: .min, values: [1], standardErrors: [0], degreesOfFreedom: [0])
    ]
    let text = one.fileText(writtenBy: "x")
    #expect(text.contains("\"levels\": [0.33333334,1e-300,-3e+30]\n      },\n"))
    #expect(!text.contains("noise"))
    let read = try GoldenBaseline(parsing: Array(text.utf8), path: "g.json")
    #expect(read.metrics[0].curve?.places.map(\.level) == [0.33333334, 1e-300, -3e30])
    #expect(read.metrics[0].curve?.places.allSatisfy { $0.noise == 0 && $0.spread == nil } == true)
  }

  private var evaluated: GoldenBaseline {
    var evaluated = golden
    evaluated.metrics = [
      .init(
        tag: "eval/loss", lastStep: 1000,
        figures: [
          .init(
            statistic: .min, values: [2.5, 2.75], standardErrors: [0.02, 0.02], degreesOfFreedom: [9, 9],
            biases: [-0.03, -0.04],
            evaluations: [
              .init(
                noise: .init(freedom: 7, variance: 0.0005), candidates: 5, isGreatest: false, share: 1),
              .init(
                noise: .init(freedom: 3.5, variance: 0.0004), candidates: 50, isGreatest: false, share: 0.5),
            ])
        ])
    ]
    return evaluated
  }

  /// Noise that is slower than a window has a time beyond its points.
  @Test(arguments: [12, 16, 50, 300], [0.0, 0.5, 0.9, 0.98])
  func `what calibrate writes can be read`(count: Int, memory: Double) throws {
    for seed in 0..<8 {
      var generator = SeededRandom(seed: UInt64(seed))
      var noise = 0.0
      let values = (0..<count).map { index in
        noise = memory * noise + Double.random(in: -1...1, using: &generator)
        return 1 + Double.pi / Double(index + 2) + 0.02 * noise
      }
      let steps = values.indices.map { Int64($0 + 1) * 10 }
      let run = TrainingRun(
        name: "a", path: "a",
        metrics: [
          Metric(
            series: Series(
              tag: "train/loss", steps: steps, wallTimes: steps.map { Double($0) }, values: values))
        ])
      let golden = try GoldenBaseline(calibrating: [run], window: 0.1, confidence: 0.95)
      let text = Array(golden.fileText(writtenBy: "x").utf8)
      #expect(try GoldenBaseline(parsing: text, path: "g.json").metrics.count == golden.metrics.count)
    }
  }

  @Test func `the noise of evaluations is kept`() throws {
    let text = evaluated.fileText(writtenBy: "x")
    #expect(
      text.contains("\"noise_freedom\":[7,3.5],\"noise_variance\":[0.0005,0.0004],\"candidates\":[5,50]"))
    #expect(try GoldenBaseline(parsing: Array(text.utf8), path: "g.json") == evaluated)
  }

  @Test(arguments: [
    ("[7,3.5]", "[7]", "noise_freedom: 2 finite numbers"), ("[7,3.5]", "[7,-3.5]", "noise_freedom"),
    ("[0.0005,0.0004]", "[0.0005,null]", "noise_variance"),
    ("[5,50]", "[0.5,50]", "candidates of at least 1"),
    ("[false,false]", "[false]", "is_greatest, one for each run"),
    ("[1,0.5]", "[1,2]", "noise_share of at most 1"),
    ("[-0.03,-0.04]", "[-0.03]", "biases: 2 finite numbers"),
  ])
  func `wrong noise of evaluations is told with the place`(find: String, replacement: String, what: String)
    throws
  {
    let text = evaluated.fileText(writtenBy: "x")
    let parts = text.split(separator: find, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    let error = try #require(throws: GoldenFileError.self) {
      try GoldenBaseline(parsing: Array(parts.joined(separator: replacement).utf8), path: "g.json")
    }
    #expect(error.description.contains("metrics.eval/loss.min"), "\(error)")
    #expect(error.description.contains(what), "\(error)")
  }

  @Test(arguments: [
    (0.0119593525, "0.01196"), (123456.7, "123500"), (1.23456e-20, "1.235e-20"), (0, "0"), (9999.6, "10000"),
  ])
  func `noise and spread have four digits`(value: Double, text: String) {
    var golden = golden
    golden.metrics[0].curve = GoldenCurve(places: [.init(firstStep: 10, level: 1, noise: 1, spread: value)])
    #expect(golden.fileText(writtenBy: "x").contains("\"spread\": [\(text)]"))
  }

  @Test func `no truncation of a golden file traps or passes`() {
    let bytes = Array(Self.text.utf8.dropLast(2))
    for count in 0..<bytes.count {
      #expect(throws: GoldenFileError.self) { try GoldenBaseline(parsing: Array(bytes[..<count]), path: "g") }
    }
  }
}
