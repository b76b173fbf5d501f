import EventFile
import RunFolder

/// Reads every run below the paths of the arguments into columns, several files at a time, and says how much there was
/// once all are at hand.
@main
enum ReadEvents {
  static func main() {
    let runs = EventRun.read(CommandLine.arguments.dropFirst().flatMap { FoundEventFolders(at: $0).folders })
    let files = runs.flatMap(\.files)
    let points = runs.flatMap(\.metrics).reduce(0) { $0 + $1.series.count }
    let superseded = runs.flatMap(\.metrics).reduce(0) { $0 + $1.superseded.count + $1.duplicateCount }
    print(
      "runs=\(runs.count) files=\(files.count) records=\(files.reduce(0) { $0 + $1.recordCount })",
      "points=\(points) superseded=\(superseded) faults=\(files.reduce(0) { $0 + $1.faults.count })",
      "bytes=\(files.reduce(0) { $0 + $1.byteCount })")
  }
}
