import EventFile
import FileSystem
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

  @Test func `numbers in tensors equal TensorBoard's`() throws {
    let truth = try JSONValue(parsing: Files.read(Path.join(data, "lab/truth/tb_writers.events.json")))
    var compared = 0
    for file in try #require(truth["files"]?.array) {
      let path = try #require(file["file"]?.string)
      let contents = try EventFileContents(reading: local(path))
      for (tag, rows) in try #require(file["tensors"]?.members).map({ ($0.key, $0.value.array ?? []) }) {
        let plugin = contents.tags.first { $0.tag == tag }?.plugin
        guard plugin == "scalars" else { continue }
        let got = try #require(contents.series.first { $0.tag == tag }, "\(path): \(tag)")
        // Tensors that TensorBoard cannot decode have no value in the truth.
        for (index, row) in rows.enumerated() {
          guard let values = row["value"]?.array, values.count == 1 else { continue }
          let want = values[0].bool.map { $0 ? 1.0 : 0.0 } ?? number(values[0])
          #expect(got.steps[index] == row["step"]?.int64, "\(path): \(tag)")
          #expect(got.wallTimes[index] == row["wall_time"].flatMap(number), "\(path): \(tag)")
          let value = got.values[index]
          #expect(value == want || value.isNaN && want?.isNaN == true, "\(path): \(tag)")
          compared += 1
        }
      }
    }
    #expect(compared > 100)
  }

  @Test func `public files have the records, ends and scalars that TensorBoard finds`() throws {
    let folder = Path.join(data, "public")
    let truth = try JSONValue(parsing: Files.read(Path.join(folder, "TRUTH.json")))
    let files = try #require(truth.members)
    #expect(files.count >= 55)
    for file in files {
      let contents = try EventFileContents(reading: Path.join(folder, file.key))
      let want = file.value
      #expect(contents.byteCount == want["bytes"].flatMap(\.int64).map(Int.init), "\(file.key)")
      #expect(contents.recordCount == want["records"].flatMap(\.int64).map(Int.init), "\(file.key)")
      let end = try #require(want["end_off"]?.int64.map(Int.init))
      if want["end"]?.string == "clean" {
        #expect(contents.ending == .complete, "\(file.key)")
        #expect(contents.faults.isEmpty, "\(file.key)")
      } else {
        #expect(contents.faults.first?.offset == end, "\(file.key)")
      }
      for scalar in want["ref"]?["scalars"]?.members ?? [] {
        try expect(contents, scalar.key, scalar.value.array, file.key)
      }
      for tensor in want["ref"]?["tensors"]?.members ?? [] where tensor.value["p"]?.string == "scalars" {
        try expect(contents, tensor.key, tensor.value["s"]?.array, file.key)
      }
    }
  }

  /// Holds a series against the number of its points, its first and last step and value, and the sum of its values.
  private func expect(_ contents: EventFileContents, _ tag: String, _ row: [JSONValue]?, _ file: String)
    throws
  {
    let row = try #require(row)
    let series = try #require(contents.series.first { $0.tag == tag }, "\(file): \(tag)")
    #expect(series.count == row[0].int64.map(Int.init), "\(file): \(tag)")
    #expect(series.steps.first == row[1].int64, "\(file): \(tag)")
    #expect(series.steps.last == row[3].int64, "\(file): \(tag)")
    let values: [Double?] = [series.values.first, series.values.last, series.values.reduce(0) { $0 + $1 }]
    for (got, place) in zip(values, [2, 4, 5]) {
      guard let got, let want = number(row[place]) else {
        Issue.record("\(file): \(tag)")
        continue
      }
      #expect(got.isNaN && want.isNaN || abs(got - want) <= 1e-9 * abs(want), "\(file): \(tag)")
    }
  }

  @Test func `a file that was cut is told as cut, at its last whole record`() throws {
    let folder = Path.join(data, "lab/tb_writers/torch_truncated")
    let contents = try EventFileContents(
      reading: Path.join(folder, "events.out.tfevents.1795464674.vm.9506.8"))
    #expect(contents.recordCount == 200)
    #expect(contents.series.map(\.count) == [199])
    guard case .incomplete(let offset, let missing) = contents.ending else {
      Issue.record("\(contents.ending)")
      return
    }
    #expect(missing == 11)
    #expect(offset + 16 < contents.byteCount)
    #expect(contents.faults.isEmpty)
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
