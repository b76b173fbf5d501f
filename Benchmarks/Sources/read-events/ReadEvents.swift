import EventFile

/// Reads every run below each path of the arguments into columns, and says how much there was.
@main
enum ReadEvents {
  static func main() {
    for path in CommandLine.arguments.dropFirst() {
      let directory = LogDirectory(searching: path)
      let runs = EventRun.read(directory.runs)
      let files = runs.flatMap(\.files)
      let points = runs.flatMap(\.metrics).reduce(0) { $0 + $1.series.count }
      let superseded = runs.flatMap(\.metrics).reduce(0) { $0 + $1.superseded.count + $1.duplicateCount }
      print(
        "runs=\(runs.count) files=\(files.count) records=\(files.reduce(0) { $0 + $1.recordCount })",
        "points=\(points) superseded=\(superseded) faults=\(files.reduce(0) { $0 + $1.faults.count })",
        "bytes=\(files.reduce(0) { $0 + $1.byteCount })")
    }
  }
}
