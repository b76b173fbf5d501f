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
