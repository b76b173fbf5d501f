import Testing

@testable import Analysis

@Suite struct RunNamePartsTests {
  private func settings(_ name: String) -> [String] {
    RunNameParts(name).settings.map { "\($0.key)=\($0.value)" }
  }

  @Test func `settings of names as people write them`() {
    #expect(
      settings("qwen3-4b-instruct-2507_lora_lr1e-05_r8_alpha16_seed0_alpaca-gpt4-zh-en-mix").filter {
        !$0.hasPrefix("instruct") && !$0.hasPrefix("gpt") && !$0.hasPrefix("qwen")
      } == ["lr=1e-05", "r=8", "alpha=16", "seed=0"])
    #expect(settings("lr=1e-4,seed=3") == ["lr=1e-4", "seed=3"])
    #expect(settings("lr_0.0001-wd_0.1-seed_42") == ["lr=0.0001", "wd=0.1", "seed=42"])
    #expect(settings("exp/lr5E-05/s2") == ["lr=5E-05", "s=2"])
    #expect(settings("dropout0.05.seed1") == ["dropout=0.05", "seed=1"])
  }

  @Test(arguments: [
    ("lora_dropout=0.1,attn_dropout=0.0", ["lora_dropout=0.1", "attn_dropout=0.0"], []),
    (
      "learning_rate=2e-4_lora_rank=64_weight_decay=0.01",
      ["learning_rate=2e-4", "lora_rank=64", "weight_decay=0.01"], []
    ),
    ("warmup_steps=0-decay_steps=50", ["warmup_steps=0", "decay_steps=50"], []),
    ("packing=true,opt=adamw_torch", ["packing=true", "opt=adamw_torch"], []),
    ("opt=lion_weight_decay=0.1_seed3", ["opt=lion", "weight_decay=0.1", "seed=3"], []),
    ("sft_lr=1e-4_r=8", ["lr=1e-4", "r=8"], ["sft"]),
    ("trainable_1_lr=0.1,adam_beta2=0.95", ["trainable=1", "lr=0.1", "adam_beta2=0.95"], []),
    ("model.lr=1e-3;opt:sgd", ["lr=1e-3", "opt=sgd"], ["model"]),
    ("a==b=", [], ["a==b="]),
    // Without a sign.
    ("weight_decay0.1_lora_dropout_0.05", ["weight_decay=0.1", "lora_dropout=0.05"], []),
    ("hidden_dropout0.1_attn_dropout0.2", ["dropout=0.1", "attn_dropout=0.2"], ["hidden"]),
  ])
  func `a key is all of its words`(name: String, wanted: [String], words: [String]) {
    #expect(settings(name) == wanted)
    #expect(RunNameParts(name).words == words)
  }

  @Test func `no number is cut, and what is none is a word`() {
    #expect(RunNameParts("model-0.5b_sft").words == ["model", "0.5b", "sft"])
    #expect(RunNameParts("a1e-5").settings.first?.value == "1e-5")
    #expect(RunNameParts("phase-2-e-5").words == [])
    #expect(settings("phase-2-e-5") == ["phase=2", "e=5"])
    #expect(RunNameParts("").words == [] && RunNameParts("___").words == [])
  }

  @Test func `a folder of HF Trainer's says nothing`() {
    #expect(RunNameParts("out/Jan08_02-43-26_ubun") == RunNameParts("out"))
  }
}
