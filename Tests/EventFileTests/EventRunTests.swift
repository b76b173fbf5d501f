import EventFile
import FileSystem
import RunFolder
import TestSupport
import Testing

struct EventRunTests {
  private func file(from time: Double, _ steps: some Sequence<Int>, _ value: Float = 0) -> EventWriter {
    var file = EventWriter.begun(wallTime: time)
    for (index, step) in steps.enumerated() {
      file.scalar("loss", Int64(step), value, wallTime: time + 1 + Double(index))
    }
    return file
  }

  @Test func `files are put together in order of time, not of name alone`() throws {
    let folder = try TemporaryFolder()
    try folder.write("events.out.tfevents.9.h", file(from: 900, 1...10, 1).bytes)
    // Sorts first and was written last.
    try folder.write("events.out.tfevents.10.h", file(from: 1000, 6...20, 2).bytes)
    let run = EventRun(reading: FoundEventFolders(at: folder.path).folders[0])
    #expect(run.name == ".")
    #expect(
      run.files.map { Path.name(of: $0.path) } == ["events.out.tfevents.9.h", "events.out.tfevents.10.h"])
    #expect(run.metrics.map(\.series.steps) == [Array(1...20)])
    #expect(run.metrics[0].series.values == (1...20).map { $0 < 6 ? 1 : 2 })
    #expect(run.metrics[0].superseded.steps == Array(6...10))
    #expect(run.files.allSatisfy { $0.series.map(\.tag) == ["loss"] && $0.series.allSatisfy { $0.isEmpty } })
  }

  @Test func `files without a time stay where their names put them`() throws {
    let folder = try TemporaryFolder()
    try folder.write("events.out.tfevents.1.h", file(from: 100, 1...2).bytes)
    try folder.write("events.out.tfevents.2.h", [])
    try folder.write("events.out.tfevents.3.h", file(from: 300, 3...4).bytes)
    let run = EventRun(reading: FoundEventFolders(at: folder.path).folders[0])
    #expect(run.files.map { Path.name(of: $0.path).split(separator: ".")[3] } == ["1", "2", "3"])
    #expect(run.files[1].faults.map(\.kind) == [.empty])
  }

  @Test func `metadata hold for the run`() throws {
    let folder = try TemporaryFolder()
    let one = WireMessage().varint(1, 1).float(5, 1)
    var first = EventWriter.begun(wallTime: 1)
    first.add(
      EventWriter.event(
        1, 2,
        [
          EventWriter.value("mine", tensor: one, plugin: "other"),
          EventWriter.value("t", tensor: one, plugin: "scalars"),
        ]))
    var second = EventWriter.begun(wallTime: 10)
    second.add(
      EventWriter.event(2, 11, [EventWriter.value("mine", tensor: one), EventWriter.value("t", tensor: one)]))
    try folder.write("events.out.tfevents.1", first.bytes)
    try folder.write("events.out.tfevents.2", second.bytes)
    let run = EventRun(reading: FoundEventFolders(at: folder.path).folders[0])
    #expect(run.metrics.filter { !$0.series.isEmpty }.map(\.tag) == ["t"])
    #expect(run.metrics.first { $0.tag == "t" }?.series.steps == [1, 2])
  }

  @Test func `values of two kinds under one tag stand apart over the files of a run`() throws {
    let folder = try TemporaryFolder()
    func file(_ steps: ClosedRange<Int64>, from time: Double, scalarFirst: Bool) -> [UInt8] {
      var file = EventWriter.begun(wallTime: time)
      for step in steps {
        let histogram = WireMessage().text(1, "loss").message(5, EventCollectorTests.histogram())
        let values = [EventWriter.value("loss", 1), histogram]
        for value in scalarFirst ? values : values.reversed() {
          file.add(EventWriter.event(step, time + Double(step), [value]))
        }
      }
      return file.bytes
    }
    try folder.write("events.out.tfevents.1", file(1...6, from: 10, scalarFirst: true))
    try folder.write("events.out.tfevents.2", file(4...9, from: 100, scalarFirst: false))
    let run = EventRun(reading: FoundEventFolders(at: folder.path).folders[0])
    #expect(run.metrics.map(\.series.steps) == [Array(1...9)])
    #expect(run.values.map(\.tag) == ["loss"])
    #expect(run.values.first?.kind == .histograms)
    #expect(run.values.first?.places.map(\.step) == Array(1...9))
    #expect(run.values.first?.superseded.map(\.step) == [4, 5, 6])
  }

  @Test func `numbers without metadata are scalars though another file has histograms of that name`() throws {
    let folder = try TemporaryFolder()
    var first = EventWriter.begun(wallTime: 1)
    let histogram = WireMessage().text(1, "t").message(5, EventCollectorTests.histogram())
      .message(9, EventWriter.metadata("histograms"))
    first.add(EventWriter.event(1, 2, [histogram]))
    var second = EventWriter.begun(wallTime: 10)
    for step in 1...3 as ClosedRange<Int64> { second.scalar("t", step, 1, wallTime: 10 + Double(step)) }
    try folder.write("events.out.tfevents.1", first.bytes)
    try folder.write("events.out.tfevents.2", second.bytes)
    let run = EventRun(reading: FoundEventFolders(at: folder.path).folders[0])
    #expect(run.metrics.filter { !$0.series.isEmpty }.map(\.series.steps) == [[1, 2, 3]])
    #expect(run.values.map(\.places.count) == [1])
  }

  @Test func `many runs come in their order, whichever was read first`() throws {
    let folder = try TemporaryFolder()
    for index in 0..<40 {
      let count = index % 7 == 0 ? 3000 : 3
      try folder.write("run\(index + 10)/events.out.tfevents.1", file(from: 1, 0..<count, Float(index)).bytes)
    }
    try folder.write("run99/events.out.tfevents.1", [1])
    let found = FoundEventFolders(at: folder.path)
    let total = Counter()
    let runs = EventRun.read(found.folders) { total.add($0) }
    #expect(runs.map(\.name) == (0..<40).map { "run\($0 + 10)" } + ["run99"])
    for index in 0..<40 { #expect(runs[index].metrics[0].series.values.last == Double(index)) }
    #expect(total.value == runs.flatMap(\.files).reduce(0) { $0 + $1.byteCount })
    #expect(EventRun.read(found.folders) == runs)
  }

  @Test func `a file that cannot be opened is a problem of its run`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("events.out.tfevents.1", file(from: 1, 1...3).bytes)
    let run = EventRun(
      reading: EventFolder(name: "r", path: folder.path, files: [folder.file("gone"), path]))
    #expect(run.problems.map(\.path) == [folder.file("gone")])
    #expect(run.metrics.map(\.series.count) == [3])
  }
}
