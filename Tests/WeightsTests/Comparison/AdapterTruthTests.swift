import Checkpoint
import FileSystem
import JSON
import TestSupport
import Testing
import Weights

/// The adapters of the data folder, against figures that numpy made in float64 and PEFT confirmed.
///
/// The folder stands beside the package on the machines that have it; elsewhere these tests are skipped.
@Suite(.enabled(if: Fixture.shared != nil, "no data folder beside the package"))
struct AdapterTruthTests {
  static let names = [
    "ddp_lora_nan_filtered", "ddp_lora_resume", "ddp_lora_sft", "ddp_lora_sft_lr1e-4", "ds_z2_lora_sft",
    "peft_all_linear", "peft_bf16", "peft_dora", "peft_embed_target", "peft_ia3",
    "peft_layers_to_transform", "peft_modules_to_save", "peft_named_adapter", "peft_rank_alpha_pattern",
    "peft_rslora", "peft_target_parameters", "qwen3vl_lora_all",
  ]

  private func compare(_ name: String) throws -> (JSONValue, CheckpointComparison) {
    let lab = Path.join(try #require(Fixture.shared), "data/lab")
    let truth = try JSONValue(
      parsing: Files.read(Path.join(lab, "truth/\(name).adapter.json")), dialect: .python)
    func open(_ key: String) throws -> Checkpoint {
      var path = try #require(truth[key]?.string)
      for (from, to) in [("saves/tiny-qwen3/", "runs/"), ("saves/peft_variants/", "peft/")]
      where path.hasPrefix(from) {
        path = to + path.dropFirst(from.count)
      }
      return try Checkpoint(opening: Path.join(lab, path))
    }
    return (truth, try CheckpointComparison(open("a"), open("b")))
  }

  private func close(_ found: Double?, _ wanted: JSONValue?, relative: Double = 1e-6) -> Bool {
    guard let found, let wanted = wanted?.double else {
      // The truth writes non-finite figures as texts or null.
      return found == nil && wanted?.double == nil
    }
    return abs(found - wanted) <= relative * abs(wanted)
  }

  @Test(arguments: names) func `modules have the norms and singular values of the truth`(name: String) throws
  {
    let (truth, found) = try compare(name)
    let wanted = try #require(truth["modules"]?.members)
    #expect(found.modules.count == wanted.count)
    for module in found.modules {
      let key = "base_model.model." + module.name.name
      let row = try #require(wanted.first { $0.key == key }?.value, "\(key)")
      #expect(module.kind.rawValue == row["kind"]?.string)
      #expect(module.rank.after.map(Int64.init) == row["r"]?.int64)
      #expect(close(module.scaling.after, row["scaling"], relative: 1e-15), "\(key)")
      #expect(close(module.deltaNorm.before, row["fro_a"]), "\(key)")
      #expect(close(module.deltaNorm.after, row["fro_b"]), "\(key)")
      #expect(close(module.differenceNorm, row["fro_diff"]), "\(key)")
      #expect(close(module.cosine, row["cosine"]), "\(key)")
      #expect(close(module.factorNorms.a.after, row["fro_A_b"]) || row["finite_b"]?.bool == false, "\(key)")
      #expect(close(module.factorNorms.b.after, row["fro_B_b"]) || row["finite_b"]?.bool == false, "\(key)")
      for (values, key) in [
        (module.singularValues.before, "sv_a"), (module.singularValues.after, "sv_b"),
        (module.differenceSingularValues, "sv_diff"),
      ] {
        let truth = row[key]?.array?.compactMap(\.double) ?? []
        for (index, wanted) in truth.enumerated() {
          let value = index < values.count ? values[index] : 0
          #expect(abs(value - wanted) <= 1e-6 * (truth.first ?? 0), "\(module.name) \(key)[\(index)]")
        }
      }
    }
  }

  @Test(arguments: names) func `the totals are those of the truth`(name: String) throws {
    let (truth, found) = try compare(name)
    guard let total = truth["total"], !found.modules.isEmpty, total["fro_a"]?.double != nil else { return }
    #expect(close(found.total.norm.before, total["fro_a"]))
    #expect(close(found.total.norm.after, total["fro_b"]))
    #expect(close(found.total.differenceNorm, total["fro_diff"]))
    #expect(close(found.total.cosine, total["cosine"]))
  }

  @Test(arguments: names) func `tensors have the norms and non-finite counts of the truth`(name: String)
    throws
  {
    let (truth, found) = try compare(name)
    for side in ["tensors_a", "tensors_b"] {
      for row in try #require(truth[side]?.array) {
        let isBefore = side == "tensors_a"
        let name = try #require(row.array?[0].string)
        let tensor = try #require(
          found.tensors.first { (isBefore ? $0.fileNames.before : $0.fileNames.after) == name })
        if let wanted = row.array?[3].double {
          let norm = isBefore ? tensor.norm.before : tensor.norm.after
          #expect(abs(norm - wanted) <= 1e-6 * wanted, "\(name)")
        }
        let count = isBefore ? tensor.nonFinite.before.count : tensor.nonFinite.after.count
        #expect(Int64(count) == row.array?[4].int64, "\(name)")
      }
    }
    for other in truth["non_lora_diff"]?.members ?? [] {
      let tensor = try #require(found.tensors.first { $0.fileNames.after == other.key })
      #expect(abs(tensor.differenceNorm - (other.value.double ?? .nan)) <= 1e-6 * tensor.norm.before)
    }
  }

  @Test func `AdaLoRA's modules are found with their own ranks`() throws {
    let (truth, found) = try compare("peft_adalora")
    #expect(found.modules.count == 21)
    for module in found.modules {
      #expect(module.kind == .adaLoRA)
      // Step 20 has modules whose whole rank was taken away.
      #expect((module.deltaNorm.after ?? 0) > 0 || module.rank.after == nil, "\(module)")
    }
    #expect(found.modules.contains { $0.rank.before != $0.rank.after })
    #expect(truth["config_a"]?["peft_type"]?.string == "ADALORA")
  }
}
