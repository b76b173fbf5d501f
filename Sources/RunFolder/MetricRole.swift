/// What a tag measures, whatever its writer calls it.
public enum MetricRole: String, CaseIterable, Sendable {
  case trainLoss = "train/loss"
  case evalLoss = "eval/loss"
  case learningRate = "train/learning_rate"
  case gradientNorm = "train/grad_norm"
  case epoch = "train/epoch"
  /// The mean of the training loss over the whole run, which HF Trainer writes once at the end.
  case meanTrainLoss = "train/train_loss"
  case tokens = "train/num_input_tokens_seen"
}
