import RunFolder
import Testing

@testable import Analysis

@Suite struct MetricDirectionTests {
  @Test(arguments: [
    "eval/chrf", "eval/chrf++", "eval/rougeLsum", "eval/sacrebleu", "eval/bleu-4", "eval/bertscore_f1",
    "eval/comet",
    "eval/cider", "eval/miou", "eval/mean_iou", "eval/dice", "eval/auroc", "eval/roc_auc", "eval/top5",
    "eval/top_1",
    "eval/hits@10", "eval/recall@1", "eval/recall_at_10", "eval/acc@5", "eval/win_rate", "eval/success_rate",
    "eval/pass_rate", "eval/pass@1", "eval/acc_norm", "eval/exact", "eval/r2_score", "eval/macroF1",
    "eval/f1_macro",
    "eval/NanoBEIR_mean_cosine_ndcg@10", "eval/sts-dev_spearman_cosine", "eval/cosine_mrr@10",
    "eval/mAP@50-95",
    "val-core/gsm8k/acc/mean@1", "eval/explained_variance", "eval/score", "train/rewards/accuracies",
    "eval/epoch_categorical_accuracy", "eval/pearsonr", "eval/margin",
  ])
  func `a name that is meant to rise`(tag: String) {
    #expect(MetricDirection(ofTag: tag) == .higher)
  }

  @Test(arguments: [
    "eval/word_error_rate", "eval/wer", "eval/eer", "eval/hter", "eval/ter", "eval/der", "eval/brier_score",
    "eval/brier",
    "eval/error_score", "eval/ece", "eval/bpc", "eval/bits_per_byte", "eval/edit_distance", "eval/fid",
    "eval/log_loss",
    "eval/cross_entropy", "eval/mape", "eval/smape", "eval/rmse", "eval/mean_squared_error",
    "eval/top5_error",
    "eval/false_positive_rate", "eval/per", "eval/perplexity", "eval/accuracy_loss", "loss/policy_avg",
    "Loss/train",
    "eval/hallucination_rate", "eval/code_ppl",
  ])
  func `a name that is meant to fall`(tag: String) {
    #expect(MetricDirection(ofTag: tag) == .lower)
  }

  @Test(arguments: [
    "train/learning_rate", "train/grad_norm", "train/loss_scale", "train/reward_std",
    "train/rewards/rejected",
    "eval/acc_stderr", "eval/gen_len", "train/entropy", "train/epoch", "train/num_tokens",
    "eval/samples_per_step",
    "completions/mean_length", "train/clip_ratio", "train_step_timing in s", "train/top_p", "eval/runtime",
  ])
  func `a name that says nothing of a better side`(tag: String) {
    #expect(MetricDirection(ofTag: tag) == .neutral)
  }
}
