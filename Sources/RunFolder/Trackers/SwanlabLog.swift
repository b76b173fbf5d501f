internal import EventFile
internal import FileSystem
internal import JSON
internal import YAML

/// The log that SwanLab keeps of a run that is not online: the log format of LevelDB, of records in JSON in its versions
/// up to 0.9 (`backup.swanlab`) and in protocol buffers since (`run-<id>.swanlab`), behind seven bytes that name it. The
/// configuration stands beside it, in `files/config.yaml`.
enum SwanlabLog {
  private static let headings = [1, 2].map { Array(":SWL".utf8) + [0xd6, 0xe1, UInt8($0)] }

  /// The one run in the log at `path`.
  static func runs(at path: String) throws(TrackerError) -> [TrackedRun] {
    var run = Reading(path)
    do throws(SystemError) {
      let file = try FileDescriptor(reading: path)
      if let version = try BlockLog.heading(of: file, among: headings) {
        let fault = try BlockLog.records(file) { version == 0 ? run.take(json: $0) : run.take($0) }
        if let fault { run.problems.append("\(path): \(fault)") }
        return [run.tracked]
      }
    } catch {
      throw TrackerError(path: path, reason: "cannot be read: \(error.reason)", isRefused: error.isRefusal)
    }
    throw TrackerError(path: path, reason: "not a log of SwanLab's, or of a later version", isForeign: true)
  }

  /// What the records say so far.
  private struct Reading {
    let path: String
    var name: String?
    var columns = SeriesColumns()
    var problems: [String] = []
    /// The keys of what is measured of the machine.
    var systemKeys: Set<String> = []

    init(_ path: String) { self.path = path }

    // MARK: Protocol buffers

    /// SwanLab's `Record`: a start, a column, a number.
    mutating func take(_ bytes: ArraySlice<UInt8>) {
      for field in ProtobufMessage(bytes) {
        switch field.number {
        case 10: for field in field.message where field.number == 4 { name = field.text }
        case 12: takeColumn(field.message)
        case 13: takeScalar(field.message)
        default: break
        }
      }
    }

    private mutating func takeColumn(_ message: ProtobufMessage) {
      let isSystem = message.contains { $0.number == 1 && $0.varint == 2 }
      guard isSystem else { return }
      for field in message where field.number == 3 { systemKeys.insert(field.text) }
    }

    private mutating func takeScalar(_ message: ProtobufMessage) {
      var key = ""
      var step: Int64 = 0
      var time = Double.nan
      // A number of 0 is not written.
      var value = 0.0
      for field in message {
        switch field.number {
        case 1: key = field.text
        case 2: step = Int64(bitPattern: field.varint)
        case 4: time = Self.seconds(field.message)
        case 5: for field in field.message where field.number == 1 { value = Double(bitPattern: field.fixed) }
        default: break
        }
      }
      add(value, to: key, step: step, time: time)
    }

    /// A `google.protobuf.Timestamp`.
    private static func seconds(_ message: ProtobufMessage) -> Double {
      var seconds = 0.0
      for field in message {
        if field.number == 1 { seconds += Double(Int64(bitPattern: field.varint)) }
        if field.number == 2 { seconds += Double(Int64(bitPattern: field.varint)) / 1e9 }
      }
      return seconds
    }

    // MARK: JSON

    /// A line of SwanLab's before 0.10: `{"model_type": "Scalar", "data": {…}}`.
    mutating func take(json bytes: ArraySlice<UInt8>) {
      guard let record = try? JSONValue(parsing: Array(bytes), dialect: .python), let data = record["data"]
      else {
        return
      }
      switch record["model_type"]?.string {
      case "Experiment": name = data["name"]?.string ?? name
      case "Column":
        if data["cls"]?.string == "SYSTEM", let key = data["key"]?.string { systemKeys.insert(key) }
      case "Scalar":
        let metric = data["metric"]
        guard let key = data["key"]?.string, let step = data["step"]?.int64,
          let value = metric?["data"]?.doubleOrWord
        else { return }
        let time = metric?["create_time"]?.string.flatMap(Timestamp.seconds) ?? .nan
        add(value, to: key, step: step, time: time)
      default: break
      }
    }

    private mutating func add(_ value: Double, to key: String, step: Int64, time: Double) {
      guard !key.isEmpty, !systemKeys.contains(key), !key.hasPrefix("__swanlab__.") else { return }
      columns.append(value, to: key, step: step, wallTime: time)
    }

    var tracked: TrackedRun {
      let folder = Path.parent(of: path)
      let own = RunName.name(of: folder.isEmpty ? "." : folder)
      return TrackedRun(
        path: path, name: name.flatMap { $0.isEmpty ? nil : $0 } ?? own, series: columns.series,
        settings: settings(Path.join(folder, "files/config.yaml")), problems: problems)
    }

    /// The settings, each of which is a mapping of its value, a description and its place.
    private func settings(_ path: String) -> [Setting] {
      guard let bytes = try? Files.read(path), let root = try? YAMLParser.parse(bytes),
        case .object(let members) = JSONValue(root)
      else { return [] }
      return members.map { member in
        let value = member.value["value"] ?? member.value
        return Setting(name: member.key, value: value.string ?? value.text)
      }
    }
  }
}
