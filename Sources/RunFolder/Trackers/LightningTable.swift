internal import EventFile
internal import FileSystem
internal import YAML

/// The table that Lightning's CSVLogger keeps: a row a call, a column a metric, empty where the call did not give it.
enum LightningTable {
  /// The one run in the table at `path`, with the `hparams.yaml` beside it.
  static func runs(at path: String) throws(TrackerError) -> [TrackedRun] {
    let bytes = try TrackerFile.bytes(at: path)
    var lines = Lines(bytes)
    let heading = lines.next() ?? []
    let names = heading.count <= headingLimit ? fields(heading, limit: columnLimit) : []
    guard let step = names.firstIndex(of: "step"), names.count > 1 else {
      throw TrackerError(path: path, reason: "not a table of Lightning's: no column 'step'", isForeign: true)
    }
    let folder = Path.parent(of: path)
    var columns = SeriesColumns()
    var badRows = 0
    while let line = lines.next() {
      let values = fields(line, limit: names.count)
      guard values.count == names.count, let number = Int64(values[step]) else {
        badRows += 1
        continue
      }
      for (index, name) in names.enumerated() where index != step && !values[index].isEmpty {
        guard let value = Double(values[index]) else { continue }
        columns.append(value, to: name, step: number, wallTime: .nan)
      }
    }
    var run = TrackedRun(
      path: path, name: RunName.name(of: folder.isEmpty ? "." : folder), series: columns.series)
    if badRows > 0 { run.problems.append("\(path): \(badRows) rows that are cut or have no step") }
    let settings = Path.join(folder, "hparams.yaml")
    if let bytes = try? Files.read(settings),
      let section = try? ConfigurationSection(source: "hparams.yaml", yaml: bytes)
    {
      run.settings = section.settings
    }
    return [run]
  }

  /// The most bytes of the row of names.
  private static let headingLimit = 1 << 20
  /// The most columns.
  private static let columnLimit = 1 << 14

  /// The fields of a row as RFC 4180 writes them, quoted where there is a comma in them; at most `limit` and one more.
  private static func fields(_ line: ArraySlice<UInt8>, limit: Int) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") {
        // A quote that is doubled within quotes stands for one.
        if !isQuoted, !field.isEmpty { field.append(byte) }
        isQuoted.toggle()
      } else if byte == UInt8(ascii: ","), !isQuoted {
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
        guard fields.count <= limit else { return fields }
      } else {
        field.append(byte)
      }
    }
    return fields + [String(decoding: field, as: UTF8.self)]
  }

  /// The lines of a text that hold something, without what ends them.
  private struct Lines {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() -> ArraySlice<UInt8>? {
      while !rest.isEmpty {
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        var line = rest[..<end]
        rest = rest[end...].dropFirst()
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        if !line.isEmpty { return line }
      }
      return nil
    }
  }
}
