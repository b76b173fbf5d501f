import Checkpoint
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Weights

struct AdapterAuditTests {
  @Test(arguments: ["linear", "patterns", "adalora"])
  func `singular values are numpy's, to the float32 of the truth`(kind: String) throws {
    let folder = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures/peft/" + kind)
    let truth = try JSONValue(parsing: Files.read(Path.join(folder, "truth.json")), dialect: .python)
    let audit = try AdapterAudit(Checkpoint(opening: Path.join(folder, "after")))
    #expect(!audit.modules.isEmpty)
    for module in audit.modules {
      guard let wanted = truth[module.name.name]?["sigma_after"]?.array?.compactMap(\.double) else {
        Issue.record("no truth of \(module.name)")
        continue
      }
      let first = try #require(wanted.first)
      for (found, wanted) in zip(module.singularValues, wanted) {
        // The truth is of ΔW as PEFT merges it in float32.
        #expect(abs(found - wanted) <= 1e-6 * first, "\(module.name)")
      }
    }
  }

  @Test(arguments: ["spectrum/adapter", "peft/linear/after"])
  func `singular values are numpy's to 1e-9 of the greatest, small ones and dependent factors too`(
    path: String
  ) throws {
    let folder = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures")
    let truth = try JSONValue(parsing: Files.read(Path.join(folder, "spectrum/truth.json")))[path]
    let audit = try AdapterAudit(Checkpoint(opening: Path.join(folder, path)))
    let wanted = try #require(truth?.members)
    #expect(Set(audit.modules.map(\.name.name)).isSuperset(of: wanted.map(\.key)))
    for module in audit.modules {
      guard let values = truth?[module.name.name]?.array?.compactMap(\.double) else { continue }
      #expect(values.count == module.singularValues.count)
      for (found, value) in zip(module.singularValues, values) {
        #expect(abs(found - value) <= 1e-9 * values[0], "\(module.name)")
      }
    }
    if let planted = audit.modules.first(where: { $0.name.name == "l.0.o" }) {
      #expect(planted.rank == 16 && planted.rank(keeping: 0.99) == 3 && planted.rank(keeping: 1 - 1e-9) == 3)
    }
  }

  /// A and B with `planted` directions of strength 3, 2, 1, …, the others combinations of them: rank 16 by shape alone.
  private func adapter(_ planted: Int) throws -> (AdapterAudit, TemporaryFolder) {
    let rank = 16, rows = 24, columns = 20
    var a = [Float](repeating: 0, count: rank * columns), b = [Float](repeating: 0, count: rows * rank)
    for i in 0..<rank {
      let place = i % planted
      a[i * columns + place] = 1
      b[place * rank + i] = i < planted ? Float(planted - i) : 0.25
    }
    let folder = try TemporaryFolder()
    try folder.write(
      "adapter_model.safetensors",
      SafetensorsBytes.file([
        .init("l.0.q.lora_A.weight", [rank, columns], a), .init("l.0.q.lora_B.weight", [rows, rank], b),
      ]))
    try folder.write("adapter_config.json", #"{"peft_type":"LORA","r":16,"lora_alpha":32}"#)
    return (try AdapterAudit(Checkpoint(opening: folder.path)), folder)
  }

  @Test func `a planted rank of 3 is found in 16, and the rest is zero to 1e-9`() throws {
    let (audit, folder) = try adapter(3)
    let module = try #require(audit.modules.first)
    // Each direction adds its further combinations: 5, 4, 4 of them at ¼; α/r is 2.
    let wanted = [2 * (3 + 5 * 0.25), 2 * (2 + 4 * 0.25), 2 * (1 + 4 * 0.25)]
    for (found, wanted) in zip(module.singularValues, wanted) { #expect(abs(found - wanted) < 1e-9 * 8.5) }
    #expect(module.singularValues.dropFirst(3).allSatisfy { $0 < 1e-9 * 8.5 })
    #expect(audit.rank(keeping: 1 - 1e-12) == 3)
    #expect(module.deadDirections == 0)
    #expect(module.duplicateDirections == 13)
    #expect(abs(module.error(keeping: 1) - (36.0 + 16).squareRoot() / (72.25 + 36 + 16).squareRoot()) < 1e-9)
    _ = folder
  }

  @Test func `a row of A that is 0 is a dead direction`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "adapter_model.safetensors",
      SafetensorsBytes.file([
        .init("q.lora_A.weight", [2, 2], [0, 0, 1, 0]), .init("q.lora_B.weight", [2, 2], [1, 2, 3, 4]),
        .init("v.lora_A.weight", [1, 2], [1, 0]), .init("v.lora_B.weight", [2, 1], [.nan, 1]),
      ]))
    let audit = try AdapterAudit(Checkpoint(opening: folder.path))
    #expect(audit.modules.map(\.deadDirections) == [1])
    #expect(audit.nonFinite == ["v"])
  }
}
