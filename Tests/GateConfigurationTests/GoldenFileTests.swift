import Analysis
import GateConfiguration
import JSON
import RunFolder
import Testing

struct GoldenFileTests {
  let golden = GoldenBaseline(
    runs: [
      .init(name: "a \"b\"", path: "runs/a", steps: 10...1000, lossCount: 100),
      .init(name: "c", path: "runs/c", steps: 10...1000, lossCount: 100),
    ],
    window: 0.1, configuration: [Setting(name: "learning_rate", value: "0.001")], evaluationSamples: 88,
    metrics: [
      .init(
        tag: "train/loss", lastStep: 1000,
        figures: [
          .init(
            statistic: .final, values: [2.5, 2.75], standardErrors: [0.125, 0.1],
            degreesOfFreedom: [18, 17.5]),
          .init(statistic: .min, values: [1, 1.5], standardErrors: [0, 0], degreesOfFreedom: [0, 0]),
        ])
    ],
    findings: [.init(kind: .spike, counts: [1, 0])])

  static let text = """
    {
      "format": "ftreport golden baseline",
      "version": 1,
      "written_by": "ftreport 9",
      "runs": [
        {"name":"a \\"b\\"","path":"runs/a","steps":[10,1000],"loss_points":100},
        {"name":"c","path":"runs/c","steps":[10,1000],"loss_points":100}
      ],
      "window": 0.1,
      "configuration": {"learning_rate":"0.001"},
      "evaluation_samples": 88,
      "findings": {"spike":[1,0]},
      "metrics": {
        "train/loss": {
          "last_step": 1000,
          "final": {"level":2.625,"spread":0.1767766952966369,"seed_margin":0.4949747468305833,"values":[2.5,2.75],"standard_errors":[0.125,0.1],"degrees_of_freedom":[18,17.5]},
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
    ("\"version\": 1", "\"version\": 2", "version: "), ("ftreport golden", "other", "format: "),
    ("\"values\":[2.5,2.75]", "\"values\":[2.5]", "metrics.train/loss.final.values: 2 finite numbers"),
    ("\"values\":[2.5,2.75]", "\"values\":[2.5,\"NaN\"]", "metrics.train/loss.final.values"),
    ("[0.125,0.1]", "[-0.125,0.1]", "standard_errors"), ("\"final\"", "\"finale\"", "an unknown figure"),
    ("\"last_step\": 1000", "\"last_step\": 1.5", "last_step: a whole number"),
    ("\"spike\":[1,0]", "\"spike\":[1]", "findings.spike"),
    ("\"steps\":[10,1000]", "\"steps\":[1000,10]", "runs[0]"),
    ("\"runs\": [", "\"runs\": [,", "byte "),
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

  @Test func `no truncation of a golden file traps or passes`() {
    let bytes = Array(Self.text.utf8.dropLast(2))
    for count in 0..<bytes.count {
      #expect(throws: GoldenFileError.self) { try GoldenBaseline(parsing: Array(bytes[..<count]), path: "g") }
    }
  }
}
