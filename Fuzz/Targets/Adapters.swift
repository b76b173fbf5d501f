import Analysis
import Bytes
import Checkpoint
import Experiment
import FileSystem
import Report
import Weights

/// Two saves whose tensors' names, types, extents and values the input chooses, taken through comparison, audit, merge and
/// their pages: what can be wrong with weights once their bytes were read.
func fuzzAdapters(_ bytes: RawSpan) {
  var choices = Choices(bytes: bytes.copied())
  let paths = ["a", "b"].compactMap { folder in write(folder, &choices) }
  guard paths.count == 2 else { return }
  let saves = paths.compactMap { try? Save(opening: $0) }
  for save in saves {
    _ = try? AdapterAudit(save.checkpoint, configuration: save.configuration)
    _ = try? AdapterTruncation(of: save.checkpoint, configuration: save.configuration, to: 1)
    _ = try? CheckpointComparison(examining: save.checkpoint, configuration: save.configuration)
    _ = try? CheckpointVerification(path: save.path)
  }
  guard saves.count == 2 else { return }
  if let analysis = try? CheckpointAnalysis(saves[0], saves[1], base: saves[0].checkpoint) {
    let report = CheckpointReport(analysis)
    _ = report.files.reduce(0) { $0 + $1.text.utf8.count }
    for format in PageFormat.allCases { _ = report.text(in: format, style: TerminalStyle()) }
  }
  _ = try? AdapterMerge(of: saves.map(\.checkpoint), configurations: saves.map(\.configuration))
}

private func write(_ folder: String, _ choices: inout Choices) -> String? {
  let path = Path.join(FuzzFolder.path, folder)
  try? Files.makeDirectory(path)
  let settings = [
    #"{"peft_type":"LORA","r":2,"lora_alpha":4}"#,
    #"{"peft_type":"LORA","r":0,"lora_alpha":1e308,"use_rslora":true}"#,
    #"{"peft_type":"LORA","r":-1,"lora_alpha":-4,"alpha_pattern":{"q":0},"rank_pattern":{"q":9223372036854775807}}"#,
    #"{"peft_type":"LORA","r":2,"lora_alpha":4,"use_dora":true,"fan_in_fan_out":true}"#,
    #"{"num_layers":2,"fine_tune_type":"lora","lora_parameters":{"rank":2,"scale":1e300}}"#, "{}",
  ]
  let file = "\(path)/adapter_config.json"
  let chosen = choices.next() % 8
  if chosen < 6 { try? Files.write(settings[Int(chosen)], to: file) } else { try? Files.removeFile(file) }
  let names = [
    "base_model.model.layers.0.q_proj.lora_A.weight", "base_model.model.layers.0.q_proj.lora_B.weight",
    "base_model.model.layers.0.q_proj.lora_magnitude_vector", "base_model.model.embed.lora_embedding_A",
    "base_model.model.embed.lora_embedding_B", "layers.0.q_proj.weight", "layers.0.q_proj.bias",
    "lora_unet_a.lora_down.weight",
    "lora_unet_a.lora_up.weight", "lora_unet_a.alpha", "unet.x.lora.down.weight", "unet.x.lora.up.weight",
    "model.layers.0.w.lora_a", "model.layers.0.w.lora_b", "model.layers.0.w.weight",
    "model.layers.0.w.weight.absmax",
    "model.layers.0.w.weight.quant_map", "model.layers.0.w.weight.quant_state.bitsandbytes__nf4",
    "model.layers.0.w.qweight", "model.layers.0.w.scales", "model.layers.0.w.qzeros",
    "model.layers.0.w.g_idx",
    "model.layers.0.w.weight_scale", "model.layers.0.w.weight_scale_inv", "model.layers.0.w.weight_packed",
    "model.layers.0.w.weight_shape", "",
  ]
  let types: [(name: String, size: Int)] = [
    ("F32", 4), ("F16", 2), ("BF16", 2), ("F64", 8), ("I64", 8), ("U8", 1), ("I32", 4), ("F8_E4M3", 1),
    ("BOOL", 1),
  ]
  let extents = [0, 1, 2, 3, 4, 8, 16, 33]
  var used: Set<String> = []
  var tensors: [SafetensorsBytes.Tensor] = []
  for _ in 0..<choices.next() % 8 {
    let name = names[Int(choices.next() % UInt64(names.count))]
    let type = types[Int(choices.next() % UInt64(types.count))]
    let shape = (0..<choices.next() % 4).map { _ in extents[Int(choices.next() % 8)] }
    let bits = choices.next()
    guard used.insert(name).inserted, shape.reduce(1, *) <= 4096 else { continue }
    let count = shape.reduce(1, *) * type.size
    let pattern: [UInt8] = [0, 0xff, 0x7f, 0x80, UInt8(truncatingIfNeeded: bits >> 8), 0x3c, 1, 0xf0]
    let stride = Int(bits % 5)
    let bytes = (0..<count).map {
      bits & 0x80 == 0 ? UInt8(truncatingIfNeeded: $0 &* 37) : pattern[$0 * stride % 8]
    }
    tensors.append(.init(name, type.name, shape, bytes: bytes))
  }
  let target = "\(path)/adapter_model.safetensors"
  guard (try? FileDescriptor(creating: target).write(SafetensorsBytes.file(tensors))) != nil else {
    return nil
  }
  return path
}
