internal import FileSystem

extension TrainingRun {
  /// Gives runs of the same name, as `a/x` and `b/x` have, longer names that tell them apart: the shortest ends of
  /// their paths that do. Runs of one path keep one name.
  ///
  /// - Complexity: O(runs · parts of their paths).
  public static func tellApart(_ runs: inout [TrainingRun]) {
    let places = Dictionary(grouping: runs.indices) { runs[$0].name }
    for (_, places) in places where places.count > 1 {
      let paths = places.map { place in
        let path = runs[place].path
        return ((try? Files.realPath(of: path)) ?? path).split(separator: "/")
      }
      guard Set(paths).count > 1 else { continue }
      for (place, parts) in zip(places, paths) {
        var others = paths.filter { $0 != parts }
        var length = 0
        // Those that end alike so far; the first end that none of them shares tells the run apart.
        while length < parts.count, !others.isEmpty {
          length += 1
          let end = parts.suffix(length)
          others.removeAll { $0.suffix(length) != end }
        }
        let name = parts.suffix(length).joined(separator: "/")
        if name.utf8.count > runs[place].name.utf8.count { runs[place].name = name }
      }
    }
  }
}
