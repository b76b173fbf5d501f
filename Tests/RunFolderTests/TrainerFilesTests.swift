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
    ("", ": empty"), ("{\"log_history\": [{\"step\": 1,", "cut off after byte 28"),
    ("[1]", "not a JSON object"),
    ("{\"global_step\": 3}", "no log_history"), ("{\"log_history\": 3}", "no log_history"),
  ])
  func `what is no trainer state is told with its path`(text: String, words: String) {
    let error = #expect(throws: TrainerFileError.self) {
      try TrainerState(parsing: Array(text.utf8), path: "out/trainer_state.json")
    }
    #expect(error?.description.hasPrefix("out/trainer_state.json: ") == true)
    #expect(error?.description.contains(words) == true)
  }

  @Test func `of a cut state the whole entries of its log are read, and the cut is named`() throws {
    let start = "{\"epoch\": 1, \"log_history\": ["
    let entry = "{\"step\": 10, \"loss\": NaN, \"note\": \"}\\u00e9\\\"{\"}"
    let bytes = Array((start + entry + ", " + entry + "], \"max_steps\": 1e3}").utf8)
    for length in 0..<bytes.count {
      let state = try? TrainerState(parsing: Array(bytes[..<length]), path: "s")
      let first = start.utf8.count + entry.utf8.count
      let whole = length < first ? 0 : length < first + 2 + entry.utf8.count ? 1 : 2
      #expect((state?.series.first { $0.tag == "train/loss" }?.count ?? 0) == whole, "\(length)")
      if whole > 0 { #expect(state?.fault?.reason == .truncated(at: length, entries: whole)) }
    }
    let state = try TrainerState(parsing: bytes, path: "s")
    #expect(state.maxSteps == 1000)
    #expect(state.fault == nil)
  }

  @Test func `a byte order mark and UTF-16 are read`() throws {
    let text = "{\"log_history\": [{\"step\": 1, \"loss\": 2}]}"
    let marked = try TrainerState(parsing: [0xef, 0xbb, 0xbf] + Array(text.utf8), path: "s")
    #expect(marked.series.first?.steps == [1])
    let units = "{\"current_steps\": 1, \"loss\": 2}\n".utf16
    var little: [UInt8] = [0xff, 0xfe]
    var big: [UInt8] = [0xfe, 0xff]
    for unit in units {
      little += [UInt8(truncatingIfNeeded: unit), UInt8(unit >> 8)]
      big += [UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)]
    }
    for bytes in [little, big] {
      #expect(TrainerLog(parsing: bytes, path: "l").series.first?.values == [2])
    }
  }

  @Test func `a pointer of Git LFS is named, with the size of the file`() throws {
    let text = "version https://git-lfs.github.com/spec/v1\noid sha256:e4\nsize 37070\n"
    let error = #expect(throws: TrainerFileError.self) {
      try TrainerState(parsing: Array(text.utf8), path: "s")
    }
    #expect(error?.reason == .gitLFSPointer(size: 37070))
    let folder = try TemporaryFolder()
    let path = try folder.write("trainer_log.jsonl", text)
    #expect(throws: TrainerFileError(path: path, reason: .gitLFSPointer(size: 37070))) {
      try TrainerLog(reading: path)
    }
  }

  @Test func `an empty log is named, and entries without steps are numbered in their order`() throws {
    let empty = try TrainerState(parsing: Array("{\"log_history\": []}".utf8), path: "s")
    #expect(empty.fault?.reason == .emptyLog)
    let text = """
      {"log_history": [{"loss": 3}, {"loss": 2}, {"eval_loss": 2.5}, {"loss": 1, "learning_rate": 0}]}
      """
    let state = try TrainerState(parsing: Array(text.utf8), path: "s")
    #expect(state.fault?.reason == .noSteps)
    #expect(state.series.map(\.steps) == [[1, 2, 3], [2], [3]])
  }

  @Test func `the count of early stopping is read`() throws {
    let text = """
      {"log_history": [], "global_step": 800, "max_steps": 2000, "total_flos": 1e15, "stateful_callbacks": {
       "EarlyStoppingCallback": {"args": {"early_stopping_patience": 3, "early_stopping_threshold": 0.0},
        "attributes": {"early_stopping_patience_counter": 3}},
       "TrainerControl": {"args": {"should_training_stop": true}, "attributes": {}}}}
      """
    let state = try TrainerState(parsing: Array(text.utf8), path: "s")
    #expect(state.earlyStopping == .init(patience: 3, counter: 3, threshold: 0))
    #expect(state.earlyStopping?.isExhausted == true)
    #expect(state.isToldToStop)
    #expect(state.totalOperations == 1e15)
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

  @Test(.timeLimit(.minutes(20))) func `a log that goes back at every line costs no more for its many tags`()
  {
    let tags = (0..<20_000).map { "\"t\($0)\":1" }.joined(separator: ",")
    let lines = (0..<40_000).map { "{\"current_steps\":\($0 % 2)}" }.joined(separator: "\n")
    let log = log("{\"current_steps\":0,\(tags)}\n" + lines)
    #expect(log.series.count == 20_000 && log.backwardSteps == 19_999)
  }

  @Test func `each process of a log counts its own seconds, whether or not it repeats steps`() {
    func line(_ step: Int, _ time: String) -> String {
      "{\"current_steps\": \(step), \"loss\": 1, \"elapsed_time\": \"\(time)\"}"
    }
    let goesOn = [line(10, "0:05:00"), line(20, "0:08:20"), line(30, "0:05:00"), line(40, "0:08:20")]
    let log = log(goesOn.joined(separator: "\n"))
    #expect(log.elapsedSeconds == 1000)
    #expect(log.restarts == [[2]])
    #expect(self.log(goesOn.prefix(2).joined(separator: "\n")).elapsedSeconds == 500)
  }

  @Test(arguments: ["", "1:2", "x, 0:00:01", "1 week, 0:00:01", "a:b:c", "1 day 0:00:01"])
  func `a text that is no time has none`(text: String) throws {
    let log = log("{\"current_steps\": 5, \"loss\": 1, \"elapsed_time\": \"\(text)\"}")
    #expect(try #require(log.series.first).wallTimes[0].isNaN)
  }
}
