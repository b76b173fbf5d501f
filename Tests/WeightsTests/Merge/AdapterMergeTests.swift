import Checkpoint
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Weights

/// How adapters go together, against numpy and PEFT's own `ties` (scripts/make-merge-truths.py).
struct AdapterMergeTests {
  private let fixtures = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures")

  @Test func `cosine, conflict, mean and TIES are PEFT's`() throws {
    let truth = try JSONValue(parsing: try Files.read(Path.join(fixtures, "merge.json")))
    let merge = try AdapterMerge(
      of: ["before", "after"].map { try Checkpoint(opening: Path.join(fixtures, "peft/linear/\($0)")) })
    #expect(merge.modules.count == truth.members?.count && merge.unshared.isEmpty)
    for module in merge.modules {
      let wanted = try #require(truth[module.label])
      func numbers(_ key: String) throws -> [Double] { try #require(wanted[key]?.array).compactMap(\.double) }
      func near(_ found: Double?, _ wanted: Double?) -> Bool {
        guard let found, let wanted else { return false }
        return abs(found - wanted) <= 1e-6 * max(1, abs(wanted))
      }
      #expect(zip(module.merging.norms, try numbers("norms")).allSatisfy { near($0, $1) }, "\(module.label)")
      #expect(near(module.merging.cosine(0, 1), wanted["cosine"]?.double), "\(module.label)")
      #expect(near(module.merging.conflict, wanted["conflict"]?.double), "\(module.label)")
      #expect(
        zip(module.merging.mean.kept, try numbers("mean")).allSatisfy { near($0, $1) }, "\(module.label)")
      let ties = module.merging.tiesOutcome
      #expect(zip(ties.kept, try numbers("ties")).allSatisfy { near($0, $1) }, "\(module.label)")
      #expect(near(ties.relativeNorm, wanted["ties_norm"]?.double), "\(module.label)")
    }
  }

  private func adapter(_ folder: TemporaryFolder, _ name: String, _ b: [Float], module: String = "q") throws
    -> Checkpoint
  {
    try folder.write(
      name + "/adapter_model.safetensors",
      SafetensorsBytes.file([
        .init("\(module).lora_A.weight", [1, 2], [1, 0]), .init("\(module).lora_B.weight", [2, 1], b),
      ]))
    try folder.write(name + "/adapter_config.json", #"{"peft_type":"LORA","r":1,"lora_alpha":1}"#)
    return try Checkpoint(opening: folder.file(name))
  }

  @Test func `opposite adapters cancel, equal ones do not conflict, three are merged too`() throws {
    let folder = try TemporaryFolder()
    let one = try adapter(folder, "one", [3, 4]), other = try adapter(folder, "other", [-3, -4])
    let opposed = try AdapterMerge(of: [one, other]).total
    #expect(opposed.cosines == [-1] && opposed.sum.relativeNorm < 1e-7)
    let same = try AdapterMerge(of: [one, one, one]).total
    #expect(same.conflict == 0 && same.cosines.count == 3)
    #expect(same.mean.kept.allSatisfy { abs($0 - 1) < 1e-12 } && same.imbalance == 1)
    #expect(same.sum.kept.allSatisfy { abs($0 - 3) < 1e-12 })
  }

  @Test func `modules that not all have are named, and what is no adapter is refused`() throws {
    let folder = try TemporaryFolder()
    let merge = try AdapterMerge(of: [
      adapter(folder, "a", [1, 2]), adapter(folder, "b", [1, 2], module: "v"),
    ])
    #expect(merge.modules.isEmpty && merge.unshared == ["q", "v"])
    try folder.write("m/model.safetensors", SafetensorsBytes.file([.init("w", [1], [1])]))
    let model = try Checkpoint(opening: folder.file("m"))
    #expect(throws: CheckpointError.self) { try AdapterMerge(of: [model, model]) }
  }
}
