import EventFile

/// Describes an event file: each series with its last point, and everything that is wrong with the file.
func contents(ofEventFile path: String) throws -> [String] {
  let file = try EventFileContents(reading: path)
  var lines = file.series.map { series in
    "\(series.tag): \(series.count) points, the last \(series.last?.value ?? .nan)"
  }
  lines += file.faults.map(\.description)  // `file: offset: what`
  if case .incomplete(let offset, _) = file.ending {
    lines.append("ends within the record at byte \(offset), as a file does that is still written")
  }
  return lines
}
