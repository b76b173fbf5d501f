import Bytes
import Checkpoint
import RunFolder

/// Finding what gives the scaling of an adapter.
enum AdapterOpening {
  /// The configuration of the adapter in `checkpoint`, by the first of these that there is:
  /// 1. its `adapter_config.json`, beside it or in the output folder above;
  /// 2. the α that somebody gave;
  /// 3. the settings of the run that it is of, see `AdapterSettings`.
  ///
  /// - Parameter run: the run; the one that its output folder holds, which is opened for that, where nil.
  /// - Returns: nil where the checkpoint is no adapter.
  static func configuration(
    of checkpoint: Checkpoint, alpha: Double? = nil, run: TrainingRun? = nil
  ) throws(CheckpointError) -> AdapterConfiguration? {
    let place = checkpoint.files.first?.path ?? checkpoint.path
    if let own = try AdapterConfiguration.find(at: place) { return own }
    if let own = try AdapterConfiguration.find(at: checkpoint.path) { return own }
    guard let bare = AdapterConfiguration(tensorsOf: checkpoint, alpha: alpha, source: "--alpha") else {
      return nil
    }
    if alpha != nil { return bare }
    guard let run = run ?? self.run(around: place) else { return bare }
    return AdapterSettings.configuration(of: checkpoint, in: run)
  }

  /// The run that the files of the output folder around the save at `path` are of.
  private static func run(around path: String) -> TrainingRun? {
    let place = CheckpointName.outputFolder(of: path)
    let folder = try? OpenedFolder(opening: place, acceptsCheckpoints: true)
    return folder?.runs.first { $0.path == place }
  }
}
