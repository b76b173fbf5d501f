import Report

/// Prints where each metric of each run at `path` ends, and returns a picture of each run.
func pictures(of path: String) throws -> [String] {
  try OpenedFolder(opening: path).runs.compactMap { run in
    for metric in run.metrics {
      let series = metric.series  // columns: steps, wallTimes, values
      print(run.name, metric.tag, series.count, series.last?.value ?? .nan)
    }
    let analysis = RunAnalysis(of: run)
    if let level = analysis.loss?.final { print("final loss", level.level, level.interval) }
    return RunReport(analysis).lossPicture  // an SVG document
  }
}
