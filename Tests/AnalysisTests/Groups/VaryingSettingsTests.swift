import EventFile
import RunFolder
import Testing

@testable import Analysis

@Suite struct VaryingSettingsTests {
  @Test func `what the log and the name say is one setting, by the trainer's name`() {
    let runs = ["1e-05", "0.0002"].flatMap { rate in
      (0..<2).map { GroupRuns.run("x_lr\(rate)_seed\($0)_mix", rate: Double(rate)) }
    }
    let varying = VaryingSettings(of: runs)
    #expect(varying.settings.map(\.name) == ["learning_rate"])
    #expect(varying.settings.first?.values == ["1e-05", "1e-05", "0.0002", "0.0002"])
    #expect(varying.seeds.map(\.name) == ["seed"])
    #expect(varying.setting("lr")?.name == "learning_rate")
    #expect(varying.setting("nothing") == nil)
  }

  @Test func `settings that change together are one, with both names`() {
    let runs = [8, 16, 32].flatMap { rank in
      (0..<2).map { seed in
        GroupRuns.run(
          "run\(rank)-\(seed)",
          settings: [
            ("r", "\(rank)"), ("lora_alpha", "\(2 * rank)"), ("seed", "\(seed)"), ("data_seed", "\(seed)"),
          ])
      }
    }
    let varying = VaryingSettings(of: runs)
    #expect(varying.settings.map(\.name) == ["r"])
    #expect(varying.settings.first?.companions == ["lora_alpha"])
    #expect(varying.seeds.count == 1)
    #expect(varying.setting("lora_alpha")?.name == "r")
  }

  @Test func `spellings of one number, and lists in any order, are no difference`() {
    let runs = [("1e-4", "[\"q\", \"v\"]"), ("0.0001", "[\"v\", \"q\"]")].map {
      GroupRuns.run("a", settings: [("learning_rate", $0.0), ("target_modules", $0.1), ("seed", "1")])
    }
    #expect(VaryingSettings(of: runs).settings.isEmpty)
  }

  @Test func `what names a run is no setting`() {
    let runs = (0..<4).map {
      GroupRuns.run(
        "run-2025010\($0)_123\($0)56-ab\($0)cd1ef",
        settings: [
          ("output_dir", "out/\($0)"), ("wandb_id", "x\($0)y"), ("learning_rate", "1e-4"), ("seed", "\($0)"),
        ])
    }
    let varying = VaryingSettings(of: runs)
    #expect(varying.settings.isEmpty)
    #expect(varying.seeds.map(\.name) == ["seed"])
  }

  /// Whatever a counter is called, it names the run; what files tell of every run, names do not tell anew.
  @Test(arguments: ["sft_", "model", "qwen-lora-0", "train_", "hpo-", "lora_", "ckpt_", "r0", "out/version_"])
  func `numbered runs are those that their files tell`(name: String) {
    let runs = [("1e-4", 1), ("1e-4", 2), ("1e-4", 3), ("5e-4", 1), ("5e-4", 2), ("5e-4", 3)].enumerated().map
    {
      GroupRuns.run(
        "\(name)\($0 + 1)", settings: [("learning_rate", $1.0), ("seed", "\($1.1)")])
    }
    let varying = VaryingSettings(of: runs)
    #expect(varying.settings.map(\.name) == ["learning_rate"])
    #expect(varying.seeds.map(\.name) == ["seed"])
  }

  @Test func `numbers that do not count are settings`() {
    let runs = [16, 32, 64, 128].map { GroupRuns.run("neurons\($0)") }
    #expect(VaryingSettings(of: runs).settings.map(\.name) == ["neurons"])
    let layers = [2, 3].flatMap { layers in (0..<2).map { GroupRuns.run("layers\(layers)_seed\($0)") } }
    #expect(VaryingSettings(of: layers).settings.map(\.name) == ["layers"])
    let explicit = (1...3).map { GroupRuns.run("depth=\($0)") }
    #expect(VaryingSettings(of: explicit).settings.map(\.name) == ["depth"])
    let words = ["true", "false"].flatMap { value in
      ["lion", "adamw_torch"].map { GroupRuns.run("packing=\(value),opt=\($0)") }
    }
    #expect(Set(VaryingSettings(of: words).settings.map(\.name)) == ["packing", "opt"])
  }

  @Test func `names in another order are the same list, numbers are not`() {
    let pairs = [("q_proj,v_proj", "0.9,0.95"), ("v_proj,q_proj", "0.95,0.9")]
    let runs = (pairs + pairs).enumerated().map {
      GroupRuns.run("a", settings: [("lora_target", $1.0), ("betas", $1.1), ("seed", "\($0)")])
    }
    #expect(VaryingSettings(of: runs).settings.map(\.name) == ["betas"])
  }

  @Test func `words of a name tell trainings apart`() {
    let runs = ["baseline", "packed"].flatMap { word in
      (0..<2).map { GroupRuns.run("\(word)_seed\($0)", settings: [("learning_rate", "1e-4")]) }
    }
    #expect(
      VaryingSettings(of: runs).settings.map(\.values) == [["baseline", "baseline", "packed", "packed"]])
  }

  @Test func `a word with a number is a word, and the number that is the seed a repeat`() {
    let told = [("base", 1), ("base", 2), ("packed", 1), ("packed", 2)].map {
      GroupRuns.run("\($0.0)\($0.1)", settings: [("learning_rate", "1e-4"), ("seed", "\($0.1)")])
    }
    #expect(VaryingSettings(of: told).settings.map(\.values) == [["base", "base", "packed", "packed"]])
    let untold = told.map { GroupRuns.run($0.name, settings: [("learning_rate", "1e-4")]) }
    #expect(VaryingSettings(of: untold).settings.map(\.levels) == [["base1", "base2", "packed1", "packed2"]])
    let counted = (0..<3).map {
      GroupRuns.run("sft\($0 + 1)", settings: [("learning_rate", "1e-4"), ("seed", "\(42 + $0)")])
    }
    #expect(VaryingSettings(of: counted).settings.isEmpty)
  }

  @Test func `a learning rate that still rises when a run ends is not known`() {
    var cut = GroupRuns.run("b_seed1")
    cut.metrics.append(Metric(series: series("train/learning_rate", [1e-6, 2e-6, 3e-6])))
    let runs = [GroupRuns.run("a_seed0", rate: 1e-4), cut]
    let rate = VaryingSettings(of: runs).setting("learning_rate")
    #expect(rate?.values == ["0.0001", nil])
  }
}
