import Checkpoint
import FileSystem
import RunFolder

/// Files that trainers leave as text: the first byte says which one the rest is.
func fuzzTrainerFiles(_ bytes: RawSpan) {
  let count = bytes.byteCount
  guard count > 1, let first = bytes.copied().first else { return }
  let names = [
    "trainer_state.json", "trainer_log.jsonl", "adapter_config.json", "training_args.yaml", "args.json",
    "README.md",
    "all_results.json", "llamaboard_config.yaml", "model.safetensors.index.json",
    "pytorch_model.bin.index.json",
    "quantize_config.json", "config.json", "training_args.bin", "adapters.safetensors", "hparams.yaml",
    "latest",
  ]
  let name = names[Int(first) % names.count]
  guard let path = FuzzFolder.write(name, bytes.extracting(1..<count)) else { return }
  defer { try? Files.removeFile(path) }
  _ = FuzzFolder.write("model-00001-of-00002.safetensors", bytes.extracting(0..<0))
  _ = try? OpenedFolder(opening: FuzzFolder.path, acceptsCheckpoints: true)
  _ = try? OpenedFolder(opening: path)
  _ = try? Checkpoint(opening: FuzzFolder.path)
  _ = try? Checkpoint(opening: path)
}
