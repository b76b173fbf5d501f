internal import EventFile
internal import FileSystem
internal import JSON

/// The log that Weights & Biases keeps of a run: the log format of LevelDB, with CRC-32 checksums, of records in
/// protocol buffers (wandb's `wandb_internal.proto`), behind seven bytes that name the format.
enum WandbLog {
  private static let heading: [UInt8] = Array(":W&B".utf8) + [0xe1, 0xbe, 0]

  /// The one run in the log at `path`.
  static func runs(at path: String) throws(TrackerError) -> [TrackedRun] {
    var run = Reading(path)
    do throws(SystemError) {
      let file = try FileDescriptor(reading: path)
      if try BlockLog.heading(of: file, among: [heading]) != nil {
        let fault = try BlockLog.records(file) { run.take(ProtobufMessage($0)) }
        if let fault { run.problems.append("\(path): \(fault)") }
        return [run.tracked]
      }
    } catch {
      throw TrackerError(path: path, reason: "cannot be read: \(error.reason)", isRefused: error.isRefusal)
    }
    throw TrackerError(path: path, reason: "not a log of Weights & Biases", isForeign: true)
  }

  /// What the records say so far.
  private struct Reading {
    let path: String
    var name: String?
    var columns = SeriesColumns()
    var settings: [String: String] = [:]
    var results: [String: String] = [:]
    var problems: [String] = []
    /// The exit code of the training's process, once it ended.
    var exitCode: Int32 = 0
    /// The step that HF Trainer counts, once it was seen: the tracker's own counts the calls.
    var trainerStep: Int64?

    init(_ path: String) { self.path = path }

    mutating func take(_ record: ProtobufMessage) {
      for field in record {
        switch field.number {
        case 2: takeHistory(field.message)
        case 3: for item in Item.items(field.message, 1) { results[item.key] = item.value }
        case 5: takeSettings(field.message)
        case 17:
          for field in field.message {
            if field.number == 4 { takeSettings(field.message) }
            if field.number == 8 { name = field.text }
          }
        case 18:
          // RunExitRecord: a code that is 0 is not written.
          let code = field.message.first { $0.number == 1 }.map { Int32(truncatingIfNeeded: $0.varint) } ?? 0
          exitCode = code
        default: break
        }
      }
    }

    private mutating func takeSettings(_ message: ProtobufMessage) {
      for item in Item.items(message, 1) where item.key != "_wandb" && !item.key.hasPrefix("_wandb/") {
        settings[item.key] = item.value
      }
    }

    private mutating func takeHistory(_ message: ProtobufMessage) {
      let items = Array(Item.items(message, 1))
      var step: Int64?
      var time = Double.nan
      for field in message where field.number == 2 {
        step = field.message.first { $0.number == 1 }.map { Int64(bitPattern: $0.varint) } ?? 0
      }
      for item in items {
        switch item.key {
        case "_step": step = item.number.flatMap { Int64(exactly: $0) } ?? step
        case "_timestamp": time = item.number ?? .nan
        case "train/global_step": trainerStep = item.number.flatMap { Int64(exactly: $0) } ?? trainerStep
        default: break
        }
      }
      guard let step = trainerStep ?? step else { return }
      for item in items where !item.key.hasPrefix("_") && item.key != "train/global_step" {
        if let number = item.number { columns.append(number, to: item.key, step: step, wallTime: time) }
      }
    }

    var tracked: TrackedRun {
      func list(_ values: [String: String]) -> [Setting] {
        values.filter { !$0.key.hasPrefix("_") }.map { Setting(name: $0.key, value: $0.value) }
          .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      }
      let own = Path.name(of: path)
      var tracked = TrackedRun(
        path: path, name: name.flatMap { $0.isEmpty ? nil : $0 } ?? String(own.dropLast(".wandb".count)),
        series: columns.series, settings: list(settings), results: list(results), problems: problems)
      if exitCode != 0 { tracked.failure = "Weights & Biases has the exit code \(exitCode)" }
      return tracked
    }
  }

  /// A key, of one part or several, and its value in JSON.
  private struct Item {
    var key = ""
    /// The value in JSON, strings without their quotes.
    var value = ""
    var number: Double?

    static func items(_ message: ProtobufMessage, _ number: UInt64) -> some Sequence<Item> {
      message.lazy.filter { $0.number == number }.map { Item($0.message) }
    }

    private init(_ message: ProtobufMessage) {
      var parts: [String] = []
      for field in message {
        switch field.number {
        case 1: key = field.text
        case 2: parts.append(field.text)
        case 4: value = field.varint == 0 ? "false" : "true"
        case 5:
          // Zigzag, as sint64 is written.
          let bits = field.varint
          let whole = Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
          value = "\(whole)"
          number = Double(whole)
        case 6:
          number = Double(bitPattern: field.fixed)
          value = "\(Double(bitPattern: field.fixed))"
        case 7: value = field.text
        case 8, 16:
          // Longer texts are no numbers, and stay as they are.
          let isShort = field.bytes.count <= 1 << 16
          let json = isShort ? try? JSONValue(parsing: Array(field.bytes), dialect: .python) : nil
          number = json?.doubleOrWord
          value = json?.string ?? field.text
        default: break
        }
      }
      if key.isEmpty { key = parts.joined(separator: "/") }
    }
  }
}
