public import Checkpoint
internal import FileSystem
public import JSON

/// DeepSpeed's configuration as its states keep it.
public enum DeepSpeedConfiguration {
  /// The `ds_config` of the save at `path` (`global_stepN`, or the folder above); nil where there is none.
  public static func read(checkpoint path: String) throws(CheckpointError) -> JSONValue? {
    guard let found = try ZeROFolder.find(path), let folder = try ZeROFolder(found) else { return nil }
    for file in folder.modelFiles.prefix(1) + folder.optimizerFiles.prefix(1) {
      let archive = try PyTorchArchive(path: Path.join(folder.path, file.name))
      if let configuration = archive.root["ds_config"], configuration.entries?.isEmpty == false {
        return configuration.json()
      }
    }
    return nil
  }
}
