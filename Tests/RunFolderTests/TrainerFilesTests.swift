import EventFile
import RunFolder
import TestSupport
import Testing

@Suite struct TrainerFilesTests {
  // MARK: trainer_state.json

  @Test func `the log history becomes series by the tags of HF Trainer`() throws {
    let text = """
      {"best_global_step": null, "best_metric": 1.25, "best_model_checkpoint": "out/checkpoint-200", "epoch": 0.5,
       "global_step": 20, "max_steps": 1000, "log_history": [
        {"epoch": 0.25, "grad_norm": NaN, "learning_rate": 0.0005, "loss": 7.5, "step": 10},
        {"epoch": 0.5, "eval_loss": 5.25, "eval_g0_accuracy": Infinity, "test_bleu": 3, "step": 20},
        {"step": 20, "train_loss": 6.5, "note": "text", "flag": true},
        {"loss": 1}
       ]}
      """
    let state = try TrainerState(parsing: Array(text.utf8), path: "trainer_state.json")
    #expect(
      state.series.map(\.tag) == [
        "train/epoch", "train/grad_norm", "train/learning_rate", "train/loss", "eval/loss",
        "eval/g0_accuracy",
        "test/bleu", "train/train_loss",
      ])
    #expect(state.series[0].steps == [10, 20])
    #expect(state.series[0].values == [0.25, 0.5])
    #expect(state.series[1].values[0].isNaN)
    #expect(state.series[3].values == [7.5])
    #expect(state.series[5].values == [.infinity])
    #expect(state.series.allSatisfy { $0.wallTimes.allSatisfy(\.isNaN) })
    #expect(state.globalStep == 20)
    #expect(state.maxSteps == 1000)
    #expect(state.epoch == 0.5)
    #expect(state.bestMetric == 1.25)
    #expect(state.bestStep == 200)
  }

  @Test(arguments: [
    ("", "ends inside"), ("{\"log_history\": [{\"step\": 1,", "ends inside"), ("[1]", "not a JSON object"),
    ("{\"global_step\": 3}", "no log_history"), ("{\"log_history\": 3}", "no log_history"),
  ])
  func `what is no trainer state is told with its path`(text: String, words: String) {
    let error = #expect(throws: TrainerFileError.self) {
      try TrainerState(parsing: Array(text.utf8), path: "out/trainer_state.json")
    }
    #expect(error?.description.hasPrefix("out/trainer_state.json: ") == true)
    #expect(error?.description.contains(words) == true)
  }

  @Test func `no length of a cut state is read, and none traps`() {
    let text = "{\"log_history\": [{\"step\": 10, \"loss\": NaN, \"note\": \"\\u00e9\"}], \"max_steps\": 1e3}"
    let bytes = Array(text.utf8)
    for length in 0..<bytes.count {
      #expect(throws: TrainerFileError.self) { try TrainerState(parsing: Array(bytes[..<length]), path: "s") }
    }
    #expect((try? TrainerState(parsing: bytes, path: "s"))?.maxSteps == 1000)
  }

  @Test func `a missing file is told`() {
    #expect(throws: TrainerFileError.self) { try TrainerState(reading: "/nonexistent/trainer_state.json") }
    #expect(throws: TrainerFileError.self) { try TrainerLog(reading: "/nonexistent/trainer_log.jsonl") }
  }

  // MARK: trainer_log.jsonl

  private func log(_ text: String) -> TrainerLog {
    TrainerLog(parsing: Array(text.utf8), path: "trainer_log.jsonl")
  }

  @Test func `lines become series with elapsed seconds`() {
    let log = log(
      """
      {"current_steps": 10, "total_steps": 1000, "loss": 7.5, "lr": 0.00045, "epoch": 0.25, "percentage": 1.0, "elapsed_time": "0:01:02", "remaining_time": "0:01:06", "throughput": "12.50", "total_tokens": 640}
      {"current_steps": 10, "total_steps": 1000, "eval_loss": NaN, "epoch": 0.25, "percentage": 1.0, "elapsed_time": "1 day, 0:00:01"}
      {"current_steps": 20, "total_steps": 1000, "epoch": 0.5, "elapsed_time": "9 days, 21:39:23"}

      """)
    #expect(
      log.series.map(\.tag) == [
        "train/loss", "train/learning_rate", "train/epoch", "train/throughput", "train/num_input_tokens_seen",
        "eval/loss",
      ])
    #expect(log.series[0].wallTimes == [62])
    #expect(log.series[2].wallTimes == [62, 86401, 9 * 86400 + 77963])
    #expect(log.series[2].steps == [10, 10, 20])
    #expect(log.series[3].values == [12.5])
    #expect(log.series[5].values[0].isNaN)
    #expect(log.totalSteps == 1000)
    #expect(log.lastStep == 20)
    #expect(log.badLines.isEmpty)
    #expect(log.backwardSteps == 0)
  }

  @Test func `every length of a log that was cut reads its whole lines`() {
    let line = "{\"current_steps\": 7, \"loss\": 1.5, \"elapsed_time\": \"0:00:01\"}"
    let bytes = Array((line + "\n" + line).utf8)
    for length in 0...bytes.count {
      let log = TrainerLog(parsing: Array(bytes[..<length]), path: "l")
      let whole = (length >= line.utf8.count ? 1 : 0) + (length == bytes.count ? 1 : 0)
      #expect((log.series.first?.count ?? 0) == whole, "\(length)")
      #expect(log.badLines.count <= 1)
      #expect(
        log.badLines.isEmpty == [0, line.utf8.count, line.utf8.count + 1, bytes.count].contains(length))
    }
  }

  @Test func `what is no line is counted by its number`() {
    let log = log(
      """
      {"current_steps": 1, "loss": 2}\r
      \u{0}\u{0}\u{0}
      {"loss": 2}
      [1, 2]
      {"current_steps": "x", "loss": 2}
      {"current_steps": 2, "loss": 1}
      """)
    #expect(log.badLines == [2, 3, 4, 5])
    #expect(log.series.first?.values == [2, 1])
  }

  @Test func `steps that go back are counted`() {
    #expect(log("{\"current_steps\": 5}\n{\"current_steps\": 3}\n{\"current_steps\": 4}").backwardSteps == 1)
  }

  @Test(arguments: ["", "1:2", "x, 0:00:01", "1 week, 0:00:01", "a:b:c", "1 day 0:00:01"])
  func `a text that is no time has none`(text: String) throws {
    let log = log("{\"current_steps\": 5, \"loss\": 1, \"elapsed_time\": \"\(text)\"}")
    #expect(try #require(log.series.first).wallTimes[0].isNaN)
  }
}
