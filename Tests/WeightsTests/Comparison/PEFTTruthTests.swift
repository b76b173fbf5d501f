import Checkpoint
import FileSystem
import JSON
import TestSupport
import Testing

@testable import Weights

/// Adapters that PEFT saved, against ΔW as PEFT itself merges it; made by `scripts/make-adapter-truths.py`.
@Suite struct PEFTTruthTests {
  private static let fixtures = Path.join(Fixture.package, "Tests/WeightsTests/Fixtures")

  private func close(_ found: Double?, _ wanted: JSONValue?) -> Bool {
    guard let found, let wanted = wanted?.double else { return false }
    return abs(found - wanted) <= 1e-6 * abs(wanted)
  }

  @Test(arguments: [
    ("linear", false), ("patterns", false), ("experts", false), ("adalora", false), ("attention", false),
    ("dora", true), ("kasa", true),
  ])
  func `every module has the figures of its merged weight`(kind: String, hasBase: Bool) throws {
    let folder = Path.join(Self.fixtures, "peft/" + kind)
    let truth = try JSONValue(parsing: Files.read(Path.join(folder, "truth.json")))
    let found = try CheckpointComparison(
      Checkpoint(opening: Path.join(folder, "before")), Checkpoint(opening: Path.join(folder, "after")),
      base: hasBase ? Checkpoint(opening: Path.join(folder, "base")) : nil)
    let wanted = try #require(truth.members)
    #expect(Set(found.modules.map(\.label)).isSuperset(of: wanted.map(\.key)))
    for module in found.modules {
      guard let row = truth[module.label] else { continue }
      #expect(close(module.deltaNorm.before, row["before"]), "\(module.label)")
      #expect(close(module.deltaNorm.after, row["after"]), "\(module.label)")
      #expect(close(module.differenceNorm, row["difference"]), "\(module.label)")
      #expect(close(module.cosine, row["cosine"]), "\(module.label)")
      #expect(module.extent == (hasBase ? .whole : .product))
      if hasBase {
        // A change that is no product of low rank has no singular values here.
        #expect(module.singularValues == Pair([], []) && module.differenceSingularValues.isEmpty)
        continue
      }
      for (values, key) in [
        (module.singularValues.before, "sigma_before"), (module.singularValues.after, "sigma_after"),
        (module.differenceSingularValues, "sigma_difference"),
      ] {
        let truth = row[key]?.array?.compactMap(\.double) ?? []
        for (index, wanted) in truth.enumerated() {
          let value = index < values.count ? values[index] : 0
          #expect(abs(value - wanted) <= 1e-6 * truth[0], "\(module.label) \(key)[\(index)]")
        }
      }
    }
  }

  @Test(arguments: ["dora", "kasa"])
  func `without the base the figures are said to be of a part`(kind: String) throws {
    let folder = Path.join(Self.fixtures, "peft/" + kind)
    let found = try CheckpointComparison(
      Checkpoint(opening: Path.join(folder, "before")), Checkpoint(opening: Path.join(folder, "after")))
    #expect(found.modules.allSatisfy { $0.extent == .part && !$0.singularValues.after.isEmpty })
    // DoRA's magnitudes count by themselves then, and as a part of the change with the base.
    #expect(found.wholeTensors.count == (kind == "dora" ? 7 : 0))
    let whole = try CheckpointComparison(
      Checkpoint(opening: Path.join(folder, "before")), Checkpoint(opening: Path.join(folder, "after")),
      base: Checkpoint(opening: Path.join(folder, "base")))
    #expect(whole.wholeTensors.isEmpty)
  }

  @Test func `kinds and ranks are told apart`() throws {
    let found = try CheckpointComparison(
      examining: Checkpoint(opening: Path.join(Self.fixtures, "peft/patterns/after")))
    func module(_ name: String) -> ModuleComparison? { found.modules.first { $0.name.name == name } }
    #expect(module("embed")?.kind == .embedding)
    #expect(module("layers.0.conv")?.kind == .convolution)
    #expect(module("layers.0.q_proj")?.rank.after == 4)
    #expect(module("layers.1.q_proj")?.rank.after == 2)
    #expect(module("layers.1.v_proj")?.scaling.after == 5 / 8.0.squareRoot())
  }

  @Test func `every element type has torch's values`() throws {
    let found = try CheckpointComparison(
      Checkpoint(opening: Path.join(Self.fixtures, "elements/small.safetensors")),
      Checkpoint(opening: Path.join(Self.fixtures, "elements/wide.safetensors")))
    #expect(found.tensors.count == 13)
    for tensor in found.tensors {
      #expect(tensor.changedCount == 0, "\(tensor.name)")
      #expect(tensor.nonFinite.before == tensor.nonFinite.after, "\(tensor.name)")
      #expect(tensor.elementTypes.after == .float64)
    }
    let half = try #require(found.tensors.first { $0.name == "float8_e5m2" })
    #expect(half.nonFinite.before == NonFiniteCount(nan: 6, infinite: 2, firstIndex: 124))
  }
}
