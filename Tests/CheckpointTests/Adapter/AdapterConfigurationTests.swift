import Checkpoint
import JSON
import TestSupport
import Testing

@Suite struct AdapterConfigurationTests {
  private func configuration(_ json: String) throws -> AdapterConfiguration {
    AdapterConfiguration(try JSONValue(parsing: json))
  }

  @Test func `scaling is α over r, with rank stabilisation over its root`() throws {
    #expect(try configuration(#"{"r":8,"lora_alpha":16}"#).scaling(of: "x", rank: 8) == 2)
    #expect(try configuration(#"{"r":16,"lora_alpha":8,"use_rslora":true}"#).scaling(of: "x", rank: 16) == 2)
    #expect(try configuration(#"{"r":8}"#).scaling(of: "x", rank: 8) == nil)
    #expect(try configuration(#"{"r":0,"lora_alpha":1}"#).scaling(of: "x", rank: 0) == nil)
  }

  @Test func `the first pattern that matches a whole name's end holds`() throws {
    let found = try configuration(
      #"""
      {"r":8,"lora_alpha":16,"rank_pattern":{"layers.1.mlp.down_proj":2,"q_proj":4,"layers\\.[2-3]\\.o_proj":6},
       "alpha_pattern":{"^model.layers.0.v_proj":5}}
      """#)
    #expect(found.rank(of: "model.layers.1.mlp.down_proj") == 2)
    #expect(found.rank(of: "model.layers.0.self_attn.q_proj") == 4)
    // `xq_proj` ends in the key, but not at a dot.
    #expect(found.rank(of: "model.layers.0.xq_proj") == 8)
    #expect(found.rank(of: "model.layers.3.o_proj") == 6)
    #expect(found.rank(of: "model.layers.4.o_proj") == 8)
    #expect(found.alpha(of: "model.layers.0.v_proj") == 5)
    #expect(found.alpha(of: "outer.model.layers.0.v_proj") == 16)
    #expect(found.scaling(of: "model.layers.1.mlp.down_proj", rank: 2) == 8)
  }

  @Test func `AdaLoRA scales by the rank that is left`() throws {
    let found = try configuration(#"{"peft_type":"ADALORA","r":8,"lora_alpha":16}"#)
    #expect(found.scaling(of: "x", rank: 4) == 16 / (4 + 1e-5))
  }

  @Test func `a pattern that is no expression matches nothing`() throws {
    #expect(try configuration(#"{"r":8,"rank_pattern":{"(":2}}"#).rank(of: "(x") == 8)
  }

  @Test func `target modules come sorted, for files keep no order`() throws {
    #expect(try configuration(#"{"target_modules":["v","q"]}"#).targetModules == ["q", "v"])
    #expect(try configuration(#"{"target_modules":"all-linear"}"#).targetModules == ["all-linear"])
  }

  @Test func `a broken file is told, a missing one is none`() throws {
    let folder = try TemporaryFolder()
    #expect(try AdapterConfiguration.find(at: folder.path) == nil)
    let path = try folder.write("adapter_config.json", "{\"r\":")
    let error = #expect(throws: CheckpointError.self) { try AdapterConfiguration.find(at: folder.path) }
    #expect(error?.description == "\(path): byte 5: the text ends inside of a value")
    try folder.write("adapter_config.json", "[]")
    #expect(throws: CheckpointError.self) { try AdapterConfiguration.find(at: folder.path) }
  }
}
