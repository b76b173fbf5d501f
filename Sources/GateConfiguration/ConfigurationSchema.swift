internal import Analysis
public import JSON

/// The JSON Schema of a configuration, by which editors complete and check `ftreport.yml`.
///
/// It is made from the very words that the reader knows; `docs/schema/ftreport.configuration.json` holds its text. What
/// needs a look at two places at once (duplicate ids, ids that `disable` names) is the reader's alone.
public enum ConfigurationSchema {
  /// The schema: JSON Schema, draft 7, which editors' YAML servers know best.
  public static var value: JSONValue {
    .object([
      "$schema": .string("http://json-schema.org/draft-07/schema#"),
      "title": .string("Gates of ftreport (ftreport.yml)"),
      "type": .string("object"),
      "properties": .object([
        "version": .object([
          "description": .string("The version of the configuration's form."),
          "const": .number(GatePlan.configurationVersion),
        ]),
        "baseline": described(
          "What runs are held against: a run, a list of runs, a golden file of `ftreport calibrate` or its tag; seen from this file's folder.",
          reference("texts")),
        "goldens": described(
          "The folder of golden files, in which a baseline is named by its tag: sft is the file sft.json.",
          reference("text")),
        "defaults": object(
          settings + [.init("level", level)], what: "What holds for every gate that says nothing else."),
        "multiplicity": choice(
          Multiplicity.allCases,
          "holm: all gates that noise decides share one chance of a false alarm; none: each has its own."),
        "gates": .object([
          "description": .string("The conditions that a run has to meet."), "type": .string("array"),
          "minItems": .number(1), "items": reference("gate"),
        ]),
        "matrix": .object([
          "description": .string("Runs for which some gates do not hold."), "type": .string("array"),
          "items": reference("exception"),
        ]),
      ]),
      "required": texts(["version", "gates"]), "additionalProperties": .bool(false),
      "definitions": .object([
        "gate": gate, "exception": exception, "margin": margin, "share": share,
        "text": .object(["type": texts(["string", "number"])]),
        "texts": .object(["anyOf": .array([reference("text"), list(of: "text")])]),
      ]),
    ])
  }

  // MARK: Parts

  private static var gate: JSONValue {
    let properties: [JSONValue.Member] =
      [
        .init("id", described("A name, unique in this file.", reference("text"))),
        .init(
          "metric",
          described(
            "The metric, by its tag, a pattern with * and ?, or a known name such as loss; beside finding: where that is looked for.",
            reference("text"))),
        .init(
          "finding",
          choice(FindingWord.all, "What is counted: findings of a kind, or all warnings or failures.")),
        .init(
          "weights",
          described(
            "The modules whose change since the baseline is held against bounds, as a pattern of names.",
            reference("text"))),
        .init(
          "stat",
          choice(
            GateStatistic.allCases,
            "Which figure: of a metric (final without it), of weights (relative_change without it), or count."
          )),
        .init("max", number("The figure may not be greater.")),
        .init("min", number("The figure may not be less.")),
        .init(
          "max_increase",
          described("How much greater than the baseline's the figure may be.", reference("margin"))),
        .init(
          "max_decrease",
          described("How much less than the baseline's the figure may be.", reference("margin"))),
        .init("level", level),
        .init("message", described("What whoever sees it fail should know.", reference("text"))),
      ] + settings
    let bounds = ["max", "min", "max_increase", "max_decrease"]
    return .object([
      "type": .string("object"), "properties": .object(properties), "required": texts(["id"]),
      "additionalProperties": .bool(false),
      "allOf": .array([
        anyRequired(["metric", "finding", "weights"]), anyRequired(bounds),
        // Weights are a change already, and stand alone; a finding is a count.
        when(
          "weights",
          then: [
            .init("metric", .bool(false)), .init("finding", .bool(false)),
            .init("max_increase", .bool(false)), .init("max_decrease", .bool(false)),
            .init("stat", oneOf(GateStatistic.ofWeights)),
          ]),
        when(
          "finding",
          then: [
            .init("stat", oneOf([GateStatistic.count])), .init("max_increase", count),
            .init("max_decrease", count),
          ]),
        .object([
          "if": .object([
            "required": texts(["metric"]),
            "properties": .object(["finding": .bool(false)]),
          ]),
          "then": .object(["properties": .object(["stat": oneOf(GateStatistic.ofMetrics)])]),
        ]),
      ]),
    ])
  }

  private static var settings: [JSONValue.Member] {
    [
      .init(
        "x",
        choice(
          AlignmentAxis.allCases, "What runs are aligned by; auto takes tokens, else epochs, else steps.")),
      .init(
        "window",
        described("The share of the points, from the end, that final is the level of.", reference("share"))),
      .init("confidence", described("The confidence of each one-sided decision.", reference("share"))),
      .init(
        "seed_spread",
        described(
          "How much the figure differs from seed to seed (standard deviation), where there is one baseline.",
          reference("share"))),
      .init(
        "missing", choice(Gate.Level.allCases, "What it means when the figure cannot be had; neither passes.")
      ),
      .init("inconclusive", choice(Gate.Level.allCases, "What it means when the noise lets nobody tell.")),
    ]
  }

  private static var level: JSONValue {
    choice(Gate.Level.allCases, "What a broken bound means: error fails, warn does not.")
  }

  private static var exception: JSONValue {
    .object([
      "type": .string("object"),
      "properties": .object([
        "match": described("The runs, as a pattern of their path or name.", reference("text")),
        "disable": described("The ids of the gates that do not hold for them.", reference("texts")),
      ]),
      "required": texts(["match", "disable"]), "additionalProperties": .bool(false),
    ])
  }

  private static var margin: JSONValue {
    .object([
      "anyOf": .array([
        .object(["type": .string("number"), "minimum": .number(0)]),
        .object(["type": .string("string"), "pattern": .string(percentage)]),
        .object(["const": .string("seed")]),
      ])
    ])
  }

  private static var share: JSONValue {
    .object([
      "anyOf": .array([
        .object(["type": .string("number"), "minimum": .number(0), "maximum": .number(1)]),
        .object(["type": .string("string"), "pattern": .string(percentage)]),
      ])
    ])
  }

  /// `10%`, as YAML's plain numbers are written, with the sign behind.
  private static let percentage = "^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?%$"

  private static var count: JSONValue { .object(["type": .string("number"), "minimum": .number(0)]) }

  // MARK: Shorthands

  private static func reference(_ name: String) -> JSONValue {
    .object(["$ref": .string("#/definitions/\(name)")])
  }

  private static func list(of name: String) -> JSONValue {
    .object(["type": .string("array"), "items": reference(name)])
  }

  /// `schema` with words for whoever points at the key. Draft 7 does not look at what stands beside a reference.
  private static func described(_ words: String, _ schema: JSONValue) -> JSONValue {
    .object(["description": .string(words), "allOf": .array([schema])])
  }

  private static func number(_ words: String) -> JSONValue {
    .object(["description": .string(words), "type": .string("number")])
  }

  private static func choice(_ choices: [some RawRepresentable<String>], _ words: String) -> JSONValue {
    .object(["description": .string(words), "enum": texts(choices.map(\.rawValue))])
  }

  private static func oneOf(_ choices: [GateStatistic]) -> JSONValue {
    .object(["enum": texts(choices.map(\.rawValue))])
  }

  private static func object(_ members: [JSONValue.Member], what words: String) -> JSONValue {
    .object([
      "description": .string(words), "type": .string("object"), "properties": .object(members),
      "additionalProperties": .bool(false),
    ])
  }

  private static func anyRequired(_ keys: [String]) -> JSONValue {
    .object(["anyOf": .array(keys.map { .object(["required": texts([$0])]) })])
  }

  private static func when(_ key: String, then properties: [JSONValue.Member]) -> JSONValue {
    .object([
      "if": .object(["required": texts([key])]), "then": .object(["properties": .object(properties)]),
    ])
  }

  private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
