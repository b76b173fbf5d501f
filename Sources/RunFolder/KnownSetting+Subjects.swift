/// The names of settings by what they are about, where figures of two runs stand or fall with them.
extension KnownSetting {
  /// The base model.
  public static let baseModel: Set<String> = [
    "base_model_name_or_path", "model_name_or_path", "_name_or_path", "base_model", "model_name", "model_id",
    "pretrained_model_name_or_path", "model",
  ]

  /// The tokenizer.
  public static let tokenizer = ["tokenizer_name", "tokenizer_name_or_path", "tokenizer"]

  /// The data that is trained on.
  public static let trainingData = [
    "dataset", "datasets", "dataset_name", "dataset_id", "dataset_path", "dataset_config_name",
    "dataset_config",
    "dataset_split", "dataset_mixer", "train_file", "train_files", "train_split", "train_dataset",
    "train_data",
    "train_data_path", "data_path", "data_files", "max_samples", "max_train_samples",
  ]

  /// Which tokens of an example the loss is over.
  public static let lossTokens = [
    "template", "chat_template", "chat_template_path", "prompt_template", "train_on_prompt",
    "train_on_inputs",
    "train_on_source", "mask_history", "completion_only_loss", "assistant_only_loss",
  ]

  /// The formula of the loss.
  public static let lossFormula = [
    "loss_type", "pref_loss", "label_smoothing_factor", "label_smoothing", "beta", "pref_beta",
  ]

  /// How examples are cut and packed.
  public static let packing = [
    "packing", "neat_packing", "sample_packing", "cutoff_len", "max_length", "max_seq_length",
    "sequence_len",
  ]

  /// A set of its own that is evaluated on.
  public static let evaluationSet = [
    "eval_dataset", "eval_dataset_name", "validation_file", "eval_file", "val_file", "test_file",
    "eval_data_path",
    "val_dataset", "val_files", "val_data_path", "eval_data", "eval_files", "test_datasets",
  ]

  /// The part of the training data that is set apart for evaluations.
  public static let evaluationSplit = [
    "val_size", "validation_split_percentage", "val_set_size", "test_size", "eval_size",
    "split_dataset_ratio",
    "validation_split",
  ]

  /// What holds where a run that tells its settings does not tell one of these.
  public static let defaults: [String: String] = [
    "train_on_prompt": "false", "train_on_inputs": "false", "train_on_source": "false",
    "template": "its own", "mask_history": "false",
    "assistant_only_loss": "false", "packing": "false", "neat_packing": "false", "sample_packing": "false",
    "label_smoothing_factor": "0", "pref_loss": "sigmoid", "max_samples": "all", "max_train_samples": "all",
  ]
}
