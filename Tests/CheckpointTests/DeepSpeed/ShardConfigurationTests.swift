import TestSupport
import Testing

@testable import Checkpoint

struct ShardConfigurationTests {
  @Test(arguments: [
    "checkpoint-5/global_step5/mp_rank_00_model_states.pt", "checkpoint-5/pytorch_model_fsdp_0/.metadata",
    "checkpoint-5/pytorch_model_fsdp.bin", "checkpoint-5/iter_0000001/dist_model/.metadata",
  ])
  func `shards take the configuration of the adapter from the folders above`(_ name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("adapter_config.json", #"{"r": 4, "lora_alpha": 8}"#)
    let path = try folder.write(name, "")
    #expect(try AdapterConfiguration.find(at: path)?.rank == 4)
    try folder.write("checkpoint-5/adapter_config.json", #"{"r": 16, "lora_alpha": 8}"#)
    #expect(try AdapterConfiguration.find(at: path)?.rank == 16)
  }

  @Test func `other folders end the search`() throws {
    let folder = try TemporaryFolder()
    try folder.write("adapter_config.json", #"{"r": 4}"#)
    let path = try folder.write("other/model.safetensors", "")
    #expect(try AdapterConfiguration.find(at: path) == nil)
  }
}
