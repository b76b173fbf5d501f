public import FileSystem
internal import Process

/// The event files of one run folder, read and put together.
public struct EventRun: Equatable, Sendable {
  /// The path of the folder from the log folder.
  public var name: String
  /// The path of the folder.
  public var path: String
  /// What the files say, in order of their first wall times; their points are in `metrics` instead of in their
  /// `series`, of which only the tags are left.
  public var files: [EventFileContents]
  /// The metrics, one a tag, in order of first appearance.
  public var metrics: [Metric]
  /// The values that are no numbers, one track a tag and kind, in order of first appearance.
  public var values: [ValueTrack]
  /// The tags of which several writers wrote into one file at once.
  public var interleavedTags: [String]
  /// The tags that one writer wrote out of order, and that were sorted.
  public var sortedTags: [String]
  /// The files that could not be opened.
  public var problems: [SystemError]

  /// Puts `files` together, which may be in any order.
  public init(name: String, path: String, files: consuming [EventFileContents], problems: [SystemError] = [])
  {
    self.name = name
    self.path = path
    self.problems = problems
    self.files = Self.ordered(files)
    var table = ValueTable()
    let places = self.files.enumerated().map { table.segment(of: $1, file: $0) }
    values = table.tracks(of: SeriesMerge(places).metrics)
    let segments = Self.segments(of: &self.files)
    let merge = SeriesMerge(segments)
    metrics = merge.metrics
    interleavedTags = merge.interleavedTags
    sortedTags = merge.sortedTags
  }

  /// Reads the files of `folder`, several at a time.
  public init(reading folder: EventFolder, progress: (@Sendable (Int) -> Void)? = nil) {
    self = Self.read([folder], progress: progress)[0]
  }

  /// Reads the files of `folders`, several at a time.
  ///
  /// - Parameter progress: is told, on any thread, the number of bytes after each piece that was read.
  /// - Returns: the runs in their order, whichever file was read first.
  public static func read(
    _ folders: [EventFolder], progress: (@Sendable (Int) -> Void)? = nil
  ) -> [EventRun] {
    let paths = folders.flatMap(\.files)
    var results = concurrentMap(count: paths.count) { index in
      Result { () throws(SystemError) in try EventFileContents(reading: paths[index], progress: progress) }
    }
    var result: [EventRun] = []
    var next = 0
    for folder in folders {
      var files: [EventFileContents] = []
      var problems: [SystemError] = []
      for _ in folder.files {
        switch results[next] {
        case .success(let contents): files.append(contents)
        case .failure(let error): problems.append(error)
        }
        // Only `files` holds the columns from here on.
        results[next] = .success(EventFileContents(path: ""))
        next += 1
      }
      result.append(EventRun(name: folder.name, path: folder.path, files: files, problems: problems))
    }
    return result
  }

  /// `files` by name and first wall time: by name, unless the times say that a file was written before another.
  public static func ordered(_ files: consuming [EventFileContents]) -> [EventFileContents] {
    files.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    guard files.count > 1 else { return files }
    // A file without any time stays behind the one before it.
    var time = -Double.infinity
    let keys = files.indices.map { index in
      if let own = files[index].firstWallTime { time = own }
      return (time: time, index: index)
    }
    return keys.sorted { ($0.time, $0.index) < ($1.time, $1.index) }.map { files[$0.index] }
  }

  /// The points of `files`, which are left with empty series.
  ///
  /// The first metadata of a tag in a run hold for the values without any in all of its files: where they say that it is
  /// no scalar, tensors of one number in later files are none.
  public static func segments(of files: inout [EventFileContents]) -> [SeriesMerge.Segment] {
    var others: Set<String> = []
    var declared: Set<String> = []
    return files.indices.map { index in
      let series = files[index].series
      files[index].values = []
      files[index].series = series.map { Series(tag: $0.tag) }
      var kept = series
      if files.count > 1 {
        let scalars = Set(series.map(\.tag))
        let bare = Set(files[index].bareTags)
        for tag in files[index].tags where tag.isDeclared && !declared.contains(tag.tag) {
          declared.insert(tag.tag)
          if !scalars.contains(tag.tag) { others.insert(tag.tag) }
        }
        for (position, tag) in series.map(\.tag).enumerated() where bare.contains(tag) && others.contains(tag)
        {
          kept[position] = Series(tag: tag)
        }
      }
      return SeriesMerge.Segment(series: kept, sessionStarts: files[index].sessionStarts)
    }
  }
}
