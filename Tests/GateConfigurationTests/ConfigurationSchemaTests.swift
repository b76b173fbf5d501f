import Analysis
import FileSystem
import JSON
import TestSupport
import Testing
import YAML

@testable import GateConfiguration

/// The schema by which editors check a configuration says what the reader says.
@Suite struct ConfigurationSchemaTests {
  let schema: JSONSchema

  init() throws { schema = try JSONSchema(ConfigurationSchema.value.text) }

  /// A document as an editor's YAML server sees it.
  private static func json(_ node: YAMLNode) -> JSONValue {
    switch node.content {
    case .scalar(let text, isPlain: true):
      MappingReader.number(text) != nil ? .number(text) : text.isEmpty ? .null : .string(text)
    case .scalar(let text, isPlain: false): .string(text)
    case .sequence(let elements): .array(elements.map(json))
    case .mapping(let entries): .object(entries.map { .init($0.key, json($0.value)) })
    }
  }

  private func faults(_ text: String) throws -> [String] {
    try schema.faults(in: Self.json(YAMLParser.parse(Array(text.utf8))))
  }

  private func faults(ofGate gate: String) throws -> [String] {
    try faults("version: 1\ngates:\n  - \(gate)\n")
  }

  @Test func `the committed schema is that of this program`() throws {
    let file = try Files.read("\(Fixture.package)/docs/schema/ftreport.configuration.json")
    #expect(String(decoding: file, as: UTF8.self) == ConfigurationSchema.value.indentedText)
  }

  @Test(arguments: [
    GatePlanReadingTests.example,
    "version: 1\ngoldens: golden\nbaseline: [sft-v1, sft-v2]\nmultiplicity: none\ngates: [{id: a, metric: loss, max: 1}]",
    "version: 1\ngates:\n  - {id: a, metric: loss, max_increase: seed, window: 0.25, confidence: 99%, seed_spread: .5%, x: tokens}",
    "version: 1\ngates: [{id: a, finding: spike, metric: train/loss, stat: count, max_increase: 2}]",
    "version: 1\ngates: [{id: a, finding: failure, max: 0}, {id: b, weights: '*', stat: cosine, min: 0.9}]",
  ])
  func `what the reader takes has no fault`(text: String) throws {
    _ = try GatePlan(parsing: Array(text.utf8), path: "ftreport.yml")
    #expect(try faults(text) == [])
  }

  @Test(arguments: [
    "{id: a, metric: loss, max_increse: 1%}", "{id: a, metric: loss, stat: finale, max: 1}",
    "{id: a, finding: nonfinite, max: 0}", "{id: a, metric: loss, max: lots}",
    "{id: a, metric: loss, max: '5'}", "{id: a, metric: loss, max: nan}", "{id: a, metric: loss, max: [1]}",
    "{id: a, metric: loss, max_increase: -1%}", "{id: a, metric: loss, max_increase: -1}",
    "{id: a, metric: loss, max_increase: sead}", "{id: a, metric: loss, confidence: 2, max: 1}",
    "{id: a, metric: loss, level: fatal, max: 1}", "{id: a, metric: loss}", "{id: a, max: 1}",
    "{metric: loss, max: 1}", "{id: a, metric: loss, weights: x, max: 1}",
    "{id: a, weights: x, max_increase: 1%}", "{id: a, weights: x, stat: final, max: 1}",
    "{id: a, finding: spike, max_increase: 1%}", "{id: a, finding: spike, stat: final, max: 1}",
    "{id: a, metric: loss, stat: count, max: 1}", "[id, metric]",
  ])
  func `what the reader refuses has a fault`(gate: String) throws {
    #expect(throws: ConfigurationError.self) {
      try GatePlan(parsing: Array("version: 1\ngates:\n  - \(gate)\n".utf8), path: "ftreport.yml")
    }
    #expect(try !faults(ofGate: gate).isEmpty)
  }

  @Test(arguments: [
    "version: 2\ngates: [{id: a, metric: loss, max: 1}]", "version: 1", "version: 1\ngates: []",
    "gates: [{id: a, metric: loss, max: 1}]",
    "version: 1\nbasline: x\ngates: [{id: a, metric: loss, max: 1}]",
    "version: 1\ndefaults: {windw: 10%}\ngates: [{id: a, metric: loss, max: 1}]",
    "version: 1\nmatrix: [{match: x}]\ngates: [{id: a, metric: loss, max: 1}]",
  ])
  func `a document that is no configuration has a fault`(text: String) throws {
    #expect(throws: ConfigurationError.self) {
      try GatePlan(parsing: Array(text.utf8), path: "ftreport.yml")
    }
    #expect(try !faults(text).isEmpty)
  }
}
