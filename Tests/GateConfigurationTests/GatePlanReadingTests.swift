import Analysis
import RunFolder
import Testing
import YAML

@testable import GateConfiguration

struct GatePlanReadingTests {
  static let example = """
    version: 1
    baseline: golden/sft.json
    defaults: {x: step, window: 10%, confidence: 0.95, missing: error, inconclusive: warn}
    gates:
      - {id: eval,   metric: eval/loss,  stat: best,  max_increase: 1%}
      - {id: final,  metric: train/loss, stat: final, max_increase: seed}
      - {id: grad,   metric: train/grad_norm, stat: max, max: 50, level: warn}
      - {id: finite, finding: non_finite, max: 0}
      - {id: spikes, finding: spike, max: 2, level: warn, message: "see the runbook"}
      - {id: lora,   weights: "*.q_proj", stat: relative_change, max: 0.5}
    matrix: [{match: "runs/*dpo*", disable: [eval]}]
    """

  @Test func `every key of the documented example is read`() throws {
    let plan = try GatePlan(parsing: Array(Self.example.utf8), path: "ftreport.yml")
    #expect(plan.baselines == ["golden/sft.json"])
    #expect(plan.gates.map(\.id) == ["eval", "final", "grad", "finite", "spikes", "lora"])
    #expect(plan.gates.map(\.line) == [5, 6, 7, 8, 9, 10])
    let settings = Gate.Settings(axis: .step)
    #expect(
      plan.gates[0]
        == Gate(
          id: "eval", subject: .metric(Glob("eval/loss")), statistic: .best,
          bounds: [.increase(.relative(0.01))], settings: settings, line: 5))
    #expect(plan.gates[1].bounds == [.increase(.seed)])
    #expect(plan.gates[2].bounds == [.atMost(50)])
    #expect(plan.gates[2].level == .warn)
    #expect(plan.gates[3].subject == .finding(.nonFinite, metric: nil))
    #expect(plan.gates[4].message == "see the runbook")
    #expect(plan.gates[5].subject == .weights(Glob("*.q_proj")))
    #expect(plan.gates[5].statistic == .relativeChange)
    #expect(plan.exceptions == [.init(match: Glob("runs/*dpo*"), disabled: ["eval"])])
  }

  @Test func `an exception disables its gates for the runs that match`() throws {
    let plan = try GatePlan(parsing: Array(Self.example.utf8), path: "ftreport.yml")
    #expect(plan.gates(forRunAt: "runs/a-dpo-1", named: "a-dpo-1").disabled.map(\.id) == ["eval"])
    #expect(plan.gates(forRunAt: "runs/sft", named: "sft").disabled.isEmpty)
  }

  @Test func `a gate overrides the defaults`() throws {
    let plan = try Self.plan(
      "{id: a, metric: loss, max: 1, window: 0.25, confidence: 99%, x: tokens, missing: warn, inconclusive: error}"
    )
    #expect(
      plan.gates[0].settings
        == Gate.Settings(axis: .tokens, window: 0.25, confidence: 0.99, missing: .warn, inconclusive: .error))
    #expect(plan.gates[0].statistic == .final)
  }

  @Test(arguments: [
    (
      "{id: a, metric: loss, max_increse: 1%}",
      "unknown key \"max_increse\" in a gate; did you mean \"max_increase\"?"
    ),
    ("{id: a, metric: loss, stat: finale, max: 1}", "stat cannot be \"finale\"; did you mean \"final\"?"),
    ("{id: a, finding: nonfinite, max: 0}", "finding cannot be \"nonfinite\"; did you mean \"non_finite\"?"),
    ("{id: a, metric: loss, max: lots}", "max must be a number, not \"lots\""),
    ("{id: a, metric: loss, max: '5'}", "max must be a number, not \"5\""),
    ("{id: a, metric: loss, max: nan}", "max must be a number, not \"nan\""),
    ("{id: a, metric: loss, max: .inf}", "max must be a number, not \".inf\""),
    ("{id: a, metric: loss, max: 0x10}", "max must be a number, not \"0x10\""),
    ("{id: a, metric: loss, max: 1e400}", "max must be a number, not \"1e400\""),
    ("{id: a, metric: loss, max: [1]}", "max must be a number, not a list"),
    ("{id: a, metric: loss, max_increase: -1%}", "not negative"),
    ("{id: a, metric: loss, max_increase: sead}", "or the word seed, not \"sead\""),
    ("{id: a, metric: loss, window: 0, max: 1}", "window must be a share between 0.001 and 1.0"),
    ("{id: a, metric: loss, confidence: 2, max: 1}", "confidence must be a share between 0.5"),
    ("{id: a, metric: loss, level: fatal, max: 1}", "level cannot be \"fatal\"; known: error, warn"),
    ("{id: a, metric: loss}", "the gate has no bound"),
    ("{id: a, max: 1}", "the gate looks at nothing"),
    ("{metric: loss, max: 1}", "the gate wants the key \"id\""),
    ("{id: a, metric: loss, weights: x, max: 1}", "weights cannot stand beside metric"),
    ("{id: a, weights: x, max_increase: 1%}", "max_increase does not fit weights"),
    ("{id: a, finding: spike, max_increase: 1%}", "of a finding wants a number, not a share"),
    ("{id: a, metric: loss, max: 1, min: 2}", "min is above max"),
    ("{id: a, id: b, metric: loss, max: 1}", "duplicate key \"id\", first on line 3"),
    ("{id: &a a, metric: loss, max: 1}", "anchors (&) are not allowed"),
    ("{id: *a, metric: loss, max: 1}", "aliases (*) are not allowed"),
    ("{id: !!str a, metric: loss, max: 1}", "tags (!) are not allowed"),
    ("{<<: {id: a}, metric: loss, max: 1}", "merge keys (<<) are not allowed"),
    ("[id, metric]", "a gate must be a mapping (key: value), not a list"),
    ("{id: a, metric: , max: 1}", "metric must be a text, not nothing"),
  ])
  func `a wrong gate is told with its line`(gate: String, message: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try Self.plan(gate) }
    #expect(error.description.contains(message), "\(error)")
    #expect(error.problems[0].position.line == 3)
    #expect(error.description.hasPrefix("ftreport.yml:3:"))
  }

  @Test func `all problems are told at once, in the order of the text`() throws {
    let text = """
      version: 2
      basline: x
      gates:
        - {id: a, metric: loss, max: 1}
        - id: a
          metric: loss
          max: one
          level: wrn
      matrix:
        - {match: "x", disable: [b]}
      """
    let error = try #require(throws: ConfigurationError.self) {
      try GatePlan(parsing: Array(text.utf8), path: "c.yml")
    }
    #expect(
      error.description == """
        c.yml:1:1: version 2 is not known; this program reads version 1
        c.yml:2:1: unknown key "basline" in the configuration; did you mean "baseline"?
        c.yml:5:5: duplicate id "a", first on line 4
        c.yml:7:10: max must be a number, not "one"
        c.yml:8:12: level cannot be "wrn"; did you mean "warn"?
        """ + "\nc.yml:10:18: disable names no gate: \"b\"; known: a")
  }

  @Test(arguments: [
    ("", "the file is empty"),
    ("# only a comment\n", "the file is empty"),
    ("version: 1\ngates:\n \t- {id: a}\n", "c.yml:3:2: a tab; YAML is indented by spaces alone"),
    ("version: 1\n", "the key \"gates\" is missing"),
    ("version: 1\ngates: []\n", "gates must be a list with one gate or more"),
    ("gates:\n  - {id: a, metric: loss, max: 1}\n", "the key \"version\" is missing"),
    ("- version\n", "the configuration must be a mapping"),
    ("version: 1\n---\nversion: 1\n", "a second document"),
    ("version: 1\n  gates: [\n", "not YAML: "),
    ("version: \"1\n", "not YAML: "),
    ("\u{7}", "not UTF-8 text"),
  ])
  func `a text that is no configuration is refused`(text: String, message: String) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try GatePlan(parsing: Array(text.utf8), path: "c.yml")
    }
    #expect(error.description.contains(message), "\(error)")
  }

  @Test func `what is no mapping is told once`() throws {
    let text = "version: 1\ngates: [just text, {}]\nmatrix: [7]\n"
    let error = try #require(throws: ConfigurationError.self) {
      try GatePlan(parsing: Array(text.utf8), path: "c.yml")
    }
    #expect(
      error.problems.filter { $0.position.column == 9 }.map(\.message) == [
        "a gate must be a mapping (key: value), not \"just text\""
      ])
    #expect(
      error.problems.filter { $0.position.line == 3 }.map(\.message) == [
        "a matrix entry must be a mapping (key: value), not \"7\""
      ])
    let root = try #require(throws: ConfigurationError.self) {
      try GatePlan(parsing: Array("hello".utf8), path: "c.yml")
    }
    #expect(root.problems.count == 1)
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    #expect(throws: ConfigurationError.self) {
      try GatePlan(parsing: Array("version: 1 # ".utf8) + [0xff, 0xfe], path: "c.yml")
    }
  }

  @Test func `deep nesting and size have a bound`() throws {
    let deep = String(repeating: "[", count: 100_000)
    let bombs = [
      deep, "version: " + String(repeating: "{a: ", count: 5000),
      "version: [" + String(repeating: "1,", count: 400_000) + "]",
      String(repeating: " ", count: YAMLParser.byteLimit + 1),
    ]
    for bomb in bombs {
      let error = try #require(throws: ConfigurationError.self) {
        try GatePlan(parsing: Array(bomb.utf8), path: "c.yml")
      }
      #expect(error.description.contains("more than"))
    }
  }

  @Test func `no truncation of a configuration traps`() {
    let bytes = Array(Self.example.utf8)
    for count in 0..<bytes.count { _ = try? GatePlan(parsing: Array(bytes[..<count]), path: "c.yml") }
  }

  @Test func `no single flipped bit of a configuration traps`() {
    var bytes = Array(Self.example.utf8)
    for index in bytes.indices {
      for bit in 0..<8 {
        bytes[index] ^= 1 << bit
        _ = try? GatePlan(parsing: bytes, path: "c.yml")
        bytes[index] ^= 1 << bit
      }
    }
  }

  private static func plan(_ gate: String) throws -> GatePlan {
    try GatePlan(parsing: Array("version: 1\ngates:\n  - \(gate)\n".utf8), path: "ftreport.yml")
  }
}
