import Bytes
import EventFile
import JSON
import TestSupport
import Testing

/// Every scalar of the data folder beside the package, held against what TensorBoard's own reader gives.
///
/// The folder is large and most machines lack it; the tests skip then.
@Suite(.enabled(if: Fixture.shared != nil, "no ../shared and no FTREPORT_SHARED"))
struct SharedTruthTests {
  let data = Path.join(Fixture.shared ?? "", "data")

  @Test(arguments: [
    "ddp_lora_nan_filtered", "ddp_lora_resume", "ddp_lora_sft", "ddp_lora_sft_lr1e-4", "ds_z2_lora_sft",
    "fsdp2_lora_sharded", "qwen3vl_lora_all", "tb_writers",
  ])
  func `every scalar equals TensorBoard's`(name: String) throws {
    let truth = try JSONValue(parsing: Files.read(Path.join(data, "lab/truth/\(name).events.json")))
    let files = try #require(truth["files"]?.array)
    #expect(!files.isEmpty)
    for file in files {
      let path = try #require(file["file"]?.string)
      let contents = try EventFileContents(reading: local(path))
      var columns: [String: Series] = [:]
      for row in try #require(file["scalars"]?.array) {
        let row = try #require(row.array)
        let tag = try #require(row[0].string)
        columns[tag, default: Series(tag: tag)].append(
          Point(
            step: try #require(row[1].int64), wallTime: try #require(number(row[2])),
            value: try #require(number(row[3]))))
      }
      for (tag, want) in columns {
        let got = try #require(contents.series.first { $0.tag == tag }, "\(path): \(tag)")
        #expect(got.steps == want.steps, "\(path): \(tag)")
        #expect(got.wallTimes.map(\.bitPattern) == want.wallTimes.map(\.bitPattern), "\(path): \(tag)")
        #expect(
          zip(got.values, want.values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(path): \(tag)")
        #expect(got.count == want.count)
      }
      let scalars = try #require(file["tags"]?["scalars"]?.array).compactMap(\.string)
      for tag in scalars { #expect(contents.series.contains { $0.tag == tag }, "\(path): \(tag)") }
    }
  }

  private func number(_ value: JSONValue) -> Double? {
    value.double ?? value.string.flatMap { Double($0) }
  }

  private func local(_ path: String) -> String {
    let places = [
      ("saves/tiny-qwen3/", "lab/runs/"), ("saves/peft_variants/", "lab/peft/"),
      ("saves/tb_writers/", "lab/tb_writers/"),
    ]
    for (prefix, folder) in places where path.hasPrefix(prefix) {
      return Path.join(data, folder + path.dropFirst(prefix.count))
    }
    return Path.join(data, path)
  }
}
