internal import EventFile
internal import FileSystem
internal import YAML

/// The table that Lightning's CSVLogger keeps: a row a call, a column a metric, empty where the call did not give it.
enum LightningTable {
  /// The one run in the table at `path`, with the `hparams.yaml` beside it.
  static func runs(at path: String) throws(TrackerError) -> [TrackedRun] {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try Files.read(path)
    } catch {
      throw TrackerError(path: path, reason: "cannot be read: \(error.reason)")
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.trimmedOfCarriageReturn }
    }
    guard let names = lines.first, let step = names.firstIndex(of: "step"), names.count > 1 else {
      throw TrackerError(path: path, reason: "not a table of Lightning's: no column 'step'", isForeign: true)
    }
    let folder = Path.parent(of: path)
    var columns = SeriesColumns()
    var badRows = 0
    for line in lines.dropFirst() {
      guard line.count == names.count, let number = Int64(line[step]) else {
        badRows += 1
        continue
      }
      for (index, name) in names.enumerated() where index != step && !line[index].isEmpty {
        guard let value = Double(line[index]) else { continue }
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
}

extension Substring {
  fileprivate var trimmedOfCarriageReturn: String { String(hasSuffix("\r") ? dropLast() : self) }
}
