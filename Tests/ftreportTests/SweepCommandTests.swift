import FileSystem
import JSON
import TestSupport
import Testing

/// Folders of many runs, and runs whose saves are not whole.
struct SweepCommandTests {
  let ftreport: Command
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    ftreport = Command(folder: folder.path)
  }

  private func write(_ path: String, end: Double, rank: Int) throws {
    let history = (1...20).map { step in
      #"{"step": \#(step), "loss": \#(end + 1 / Double(step)), "learning_rate": 1e-4}"#
    }
    let evaluations = [10, 20].map { #"{"step": \#($0), "eval_loss": \#(end + 1 / Double($0))}"# }
    try folder.write(
      path + "/trainer_state.json",
      Array(
        #"{"global_step": 20, "max_steps": 20, "log_history": [\#((history + evaluations).joined(separator: ","))]}"#
          .utf8))
    try folder.write(
      path + "/adapter_config.json", Array(#"{"peft_type": "LORA", "r": \#(rank), "lora_alpha": 16}"#.utf8))
  }

  private func writeSweep() throws {
    for rank in [8, 16] {
      for seed in 0..<4 {
        try write(
          "sweep/qwen_r\(rank)_seed\(seed)_mix", end: (rank == 8 ? 1.1 : 1) + Double(seed) / 1000, rank: rank)
      }
    }
  }

  @Test func `A folder of seeds gives groups, a CSV and the same in JSON`() throws {
    try writeSweep()
    let outcome = try ftreport("sweep")
    #expect(outcome.status == 0 && outcome.errors == "")
    let text = outcome.output.split(separator: "\n").joined(separator: " ")
    #expect(text.contains("8 runs: 2 settings with 4 seeds each."))
    #expect(text.contains("1 setting is worse by more than seeds differ."))
    let csv = String(decoding: try Files.read(folder.file("sweep.report/groups.csv")), as: UTF8.self)
    #expect(csv.split(separator: "\n").contains { $0.hasPrefix("r 16,train/loss,1,4,") })
    let json = try JSONValue(parsing: Array(try ftreport("sweep", "--format", "json").output.utf8))
    let groups = try #require(json["sweep"]?["groups"]?.array)
    #expect(groups.map { $0["label"]?.string } == ["r 16", "r 8"])
    #expect(groups[1]["verdict"]?.string == "worse")
  }

  @Test func `compare holds groups against that of the first run, and run by run when told`() throws {
    try writeSweep()
    let outcome = try ftreport("compare", "sweep/qwen_r8_seed0_mix", "sweep")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("1 setting is better."))
    let single = try ftreport(
      "compare", "--group-by", "none", "sweep/qwen_r8_seed0_mix", "sweep/qwen_r8_seed1_mix")
    #expect(single.output.contains("against"))
    let wrong = try ftreport("--group-by", "optim", "sweep")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("the runs do not differ in it; they do in r"))
  }

  @Test func `an adapter is cut to a rank, with the error said, and never over another`() throws {
    let adapter = Fixture.sampleRun("sft/checkpoint-1000")
    let outcome = try ftreport("inspect", "--to-rank", "4", "-o", "small", adapter)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("Rank 4 of 8 in 21 modules"))
    // By PEFT and numpy (scripts/check-truncation.py) 47.7291 %.
    #expect(outcome.output.contains("differs from the old by 47.7 % of its norm"))
    let settings = try JSONValue(parsing: try Files.read(folder.file("small/adapter_config.json")))
    #expect(settings["r"]?.int64 == 4 && settings["lora_alpha"]?.int64 == 4)
    #expect(try ftreport("inspect", "--to-rank", "4", "-o", "small", adapter).status == 3)
    #expect(try ftreport("inspect", "--to-rank", "8", "-o", "other", adapter).status == 2)
    #expect(try ftreport("inspect", "--to-rank", "8", adapter).status == 2)
  }

  @Test func `adapters are looked at for a merge, in words and in JSON`() throws {
    let saves = ["sft", "sft_lr1e-4"].map { Fixture.sampleRun($0 + "/checkpoint-1000") }
    let outcome = try ftreport("compare", "--merge", saves[0], saves[1])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("TIES") && outcome.output.contains("times the smallest"))
    let json = try ftreport("compare", "--merge", "--format", "json", saves[0], saves[1]).output
    #expect(try JSONSchema.faults(inText: json) == [])
    #expect(try ftreport("compare", "--merge", saves[0]).status == 2)
  }

  @Test func `incomplete saves are a warning of the run, and a folder beside them has no step`() throws {
    try write("run", end: 1, rank: 8)
    let whole = SafetensorsBytes.file(
      #"{"base_model.model.q.lora_A.weight":{"dtype":"F32","shape":[8,2],"data_offsets":[0,64]},"#
        + #""base_model.model.q.lora_B.weight":{"dtype":"F32","shape":[2,8],"data_offsets":[64,128]}}"#,
      data: 128)
    let configuration = try Files.read(folder.file("run/adapter_config.json"))
    for name in ["checkpoint-5", "tmp-checkpoint-10", "best"] {
      try folder.write("run/\(name)/adapter_model.safetensors", whole)
      try folder.write("run/\(name)/adapter_config.json", configuration)
    }
    try folder.write("run/checkpoint-15/adapter_model.safetensors", Array(whole.prefix(100)))
    try folder.write("run/checkpoint-20/optimizer.pt", [1])
    let page = try ftreport("--format", "md", "run")
    #expect(page.output.contains("3 saves are incomplete"))
    #expect(page.output.contains("tmp-checkpoint-10 (its name says that it was never finished)"))
    #expect(page.output.contains("The last whole save is that of step 5."))
    let verified = try ftreport("verify", "run")
    #expect(verified.status == 1)
    #expect(verified.output.contains("tmp-checkpoint-10: an incomplete save"))
    #expect(verified.output.contains("checkpoint-20: an incomplete save: no weights"))
    #expect(try ftreport("inspect", "run/checkpoint-20").errors.contains("no weights beside optimizer.pt"))
    let pair = try ftreport("compare", "--format", "json", "run/checkpoint-5", "run/best")
    let sides = try #require(try JSONValue(parsing: Array(pair.output.utf8))["checkpoints"]?.array)
    #expect(sides.map { $0["step"]?.int64 } == [5, nil])
  }
}
