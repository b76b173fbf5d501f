internal import Checkpoint
internal import EventFile
internal import FileSystem
internal import JSON

/// Series under construction, in the order in which their tags first appear.
struct SeriesColumns {
  private(set) var series: [Series] = []
  private var indices: [String: Int] = [:]

  /// The number of points of each tag so far.
  var counts: [String: Int] { indices.mapValues { series[$0].count } }

  mutating func append(_ value: Double, to tag: String, step: Int64, wallTime: Double) {
    let index: Int
    if let known = indices[tag] {
      index = known
    } else {
      index = series.count
      indices[tag] = index
      series.append(Series(tag: tag))
    }
    series[index].append(Point(step: step, wallTime: wallTime, value: value))
  }
}

/// The names of a trainer's files in the words of its event files.
enum TrainerTag {
  /// Keys of a line of a trainer's log that are not measurements.
  static let bookkeeping: Set<String> = [
    "current_steps", "total_steps", "percentage", "elapsed_time", "remaining_time", "global_step/max_steps",
    "iteration",
  ]

  /// The tag that HF Trainer's TensorBoard callback gives to `key`: `eval_x` → `eval/x`, `test_x` → `test/x`, else
  /// `train/x`; LLaMA-Factory's `lr` and `total_tokens` by the names that HF has for them.
  static func tensorBoard(_ key: String) -> String {
    if key.hasPrefix("eval_") { return "eval/" + key.dropFirst(5) }
    if key.hasPrefix("test_") { return "test/" + key.dropFirst(5) }
    switch key {
    case "lr": return "train/learning_rate"
    case "total_tokens": return "train/num_input_tokens_seen"
    default: return "train/" + key
    }
  }

  /// The seconds in the text of a Python `timedelta`: `0:01:02`, `1 day, 2:03:04`, `9 days, 21:39:23.5`; or in one such
  /// as ms-swift writes: `5s`, `1d 0h 12m 34s`.
  static func seconds(_ text: String) -> Double? {
    if let last = text.utf8.last, last == UInt8(ascii: "s"), !text.contains(":") {
      return secondsOfUnits(text)
    }
    var days = 0.0
    var clock = Substring(text)
    if let comma = text.firstIndex(of: ",") {
      let words = text[..<comma].split(separator: " ")
      guard words.count == 2, words[1].hasPrefix("day"), let count = Double(words[0]) else { return nil }
      days = count
      clock = text[text.index(after: comma)...].drop { $0 == " " }
    }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = Double(parts[0]), let minutes = Double(parts[1]),
      let seconds = Double(parts[2])
    else { return nil }
    return days * 86400 + hours * 3600 + minutes * 60 + seconds
  }

  private static func secondsOfUnits(_ text: String) -> Double? {
    let units: [Character: Double] = ["d": 86400, "h": 3600, "m": 60, "s": 1]
    var sum = 0.0
    for part in text.split(separator: " ") {
      guard let unit = part.last.flatMap({ units[$0] }), let count = Double(part.dropLast()) else {
        return nil
      }
      sum += count * unit
    }
    return sum
  }

  /// The N of a path that ends in `checkpoint-N`.
  static func step(ofCheckpoint value: JSONValue?) -> Int64? {
    value?.string.flatMap { CheckpointName.step(of: Path.name(of: $0)) }
  }
}
