import TestSupport
import Testing

@testable import EventFile

struct EventCollectorTests {
  static let one = WireMessage().varint(1, 1).float(5, 1)

  @Test func `the first metadata of a tag hold for its later values without any`() throws {
    var file = EventWriter.begun()
    for (step, plugin) in [(1, "images"), (2, nil), (3, "scalars"), (4, nil)] as [(Int64, String?)] {
      file.add(EventWriter.event(step, nil, [EventWriter.value("t", tensor: Self.one, plugin: plugin)]))
    }
    let read = try contents(of: file.bytes)
    #expect(read.series.map(\.steps) == [[3]])
    #expect(read.values.map(\.plugin) == ["images"])
    #expect(read.values.first?.places.map(\.step) == [1, 2, 4])
    #expect(
      read.tags == [
        TagSummary(tag: "t", plugin: "images", count: 3, isDeclared: true),
        TagSummary(tag: "t", plugin: "scalars", count: 1, isDeclared: true),
      ])
  }

  /// The message of a histogram of three elements.
  static func histogram(least: Double = 0, greatest: Double = 2, sum: Double = 3) -> WireMessage {
    WireMessage().double(1, least).double(2, greatest).double(3, 3).double(4, sum).double(5, 5)
  }

  @Test(arguments: [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
  func `values of several kinds under one tag are kept, in whatever order they come`(order: [Int]) throws {
    let strings = WireMessage().varint(1, 7).text(8, "words")
    let values = [
      EventWriter.value("t", 1), WireMessage().text(1, "t").message(5, Self.histogram()),
      WireMessage().text(1, "t").message(4, WireMessage().varint(1, 2)),
      EventWriter.value("t", tensor: strings, plugin: "text"),
    ]
    var file = EventWriter.begun()
    for step in 1...3 as ClosedRange<Int64> {
      for index in order { file.add(EventWriter.event(step, nil, [values[index]])) }
    }
    for isFast in [true, false] {
      let read = contents(of: file.bytes, usesScanner: isFast)
      #expect(read.series.map(\.steps) == [[1, 2, 3]])
      #expect(Set(read.values.map(\.plugin)) == ["histograms", "images", "text"])
      #expect(read.values.allSatisfy { $0.tag == "t" && $0.places.map(\.step) == [1, 2, 3] })
      #expect(read.texts.map(\.strings) == [["words"], ["words"], ["words"]])
      #expect(Set(read.tags.map(\.plugin)) == ["scalars", "histograms", "images", "text"])
      #expect(read.tags.allSatisfy { $0.count == 3 })
    }
  }

  @Test func `tensors of several plugins under one tag are told apart by their metadata`() throws {
    let table = WireMessage().varint(1, 2)
      .message(
        2,
        WireMessage().message(2, WireMessage().varint(1, 1)).message(2, WireMessage().varint(1, 3))
      )
      .bytes(6, packed([0, 1, 4]))
    var file = EventWriter.begun()
    for step in 1...2 as ClosedRange<Int64> {
      file.add(EventWriter.event(step, nil, [EventWriter.value("t", tensor: Self.one, plugin: "scalars")]))
      file.add(EventWriter.event(step, nil, [EventWriter.value("t", tensor: table, plugin: "histograms")]))
    }
    for isFast in [true, false] {
      let read = contents(of: file.bytes, usesScanner: isFast)
      #expect(read.series.map(\.steps) == [[1, 2]])
      #expect(read.values.map(\.plugin) == ["histograms"])
      #expect(read.values.first?.places.map(\.step) == [1, 2])
    }
  }

  @Test func `histograms with elements that are no numbers are marked where they stand`() throws {
    let shape = WireMessage().message(2, WireMessage().varint(1, 1)).message(2, WireMessage().varint(1, 3))
    var file = EventWriter.begun()
    let messages = [
      Self.histogram(), Self.histogram(least: .nan, greatest: .nan, sum: .nan),
      Self.histogram(greatest: .infinity, sum: .infinity), Self.histogram(sum: .nan),
      Self.histogram(sum: .infinity),
    ]
    for (step, message) in messages.enumerated() {
      file.add(EventWriter.event(Int64(step), nil, [WireMessage().text(1, "old").message(5, message)]))
    }
    for (step, edge) in [1, Double.nan, -Double.infinity].enumerated() {
      let tensor = WireMessage().varint(1, 2).message(2, shape).bytes(6, packed([edge, 2, 4]))
      file.add(
        EventWriter.event(Int64(step), nil, [EventWriter.value("new", tensor: tensor, plugin: "histograms")]))
    }
    for isFast in [true, false] {
      let read = contents(of: file.bytes, usesScanner: isFast)
      #expect(
        read.values.map { $0.places.map(\.elements) } == [
          [.finite, .notANumber, .infinite, .notANumber, .finite], [.finite, .notANumber, .infinite],
        ])
    }
  }

  @Test func `a text says whether a course of points came before it`() throws {
    let strings = WireMessage().varint(1, 7).text(8, "words")
    var file = EventWriter.begun()
    for step in 0...2 as ClosedRange<Int64> {
      file.scalar("t", step, 1)
      file.add(EventWriter.event(0, nil, [EventWriter.value("x", tensor: strings, plugin: "text")]))
    }
    #expect(try contents(of: file.bytes).texts.map(\.followsPoints) == [false, true, true])
  }

  @Test func `a data class of scalars makes points of another plugin's numbers`() throws {
    var file = EventWriter.begun()
    let metadata = EventWriter.metadata("mine").varint(4, 1)
    file.add(EventWriter.event(1, nil, [EventWriter.value("t", tensor: Self.one).message(9, metadata)]))
    file.add(EventWriter.event(2, nil, [EventWriter.value("t", tensor: Self.one)]))
    let read = try contents(of: file.bytes)
    #expect(read.series.map(\.steps) == [[1, 2]])
    #expect(read.tags.map(\.plugin) == ["mine"])
  }

  @Test func `kinds of data are named and counted`() throws {
    var file = EventWriter.begun()
    let kinds: [(String, UInt64, WireMessage)] = [
      ("old", 3, WireMessage()), ("image", 4, WireMessage().varint(1, 2)),
      ("histo", 5, WireMessage().double(1, 0)),
      ("audio", 6, WireMessage().float(1, 8000)),
    ]
    for step in 1...3 {
      for (tag, field, body) in kinds {
        file.add(EventWriter.event(Int64(step), nil, [WireMessage().text(1, tag).message(field, body)]))
      }
    }
    file.add(
      EventWriter.event(
        0, nil, [WireMessage().text(1, "_hparams_/experiment").message(9, EventWriter.metadata("hparams"))]))
    file.add(WireMessage().double(1, 1).bytes(4, [1, 2, 3]))
    let read = try contents(of: file.bytes)
    #expect(
      read.tags == [
        TagSummary(tag: "old", plugin: "histograms", count: 3),
        TagSummary(tag: "image", plugin: "images", count: 3),
        TagSummary(tag: "histo", plugin: "histograms", count: 3),
        TagSummary(tag: "audio", plugin: "audio", count: 3),
        TagSummary(tag: "_hparams_/experiment", plugin: "hparams", count: 1, isDeclared: true),
        TagSummary(tag: "__run_graph__", plugin: "graphs", count: 1),
      ])
    #expect(read.series.isEmpty)
    #expect(read.faults.isEmpty)
  }

  @Test func `texts keep every string, with or without metadata, in any shape`() throws {
    var file = EventWriter.begun()
    let strings = WireMessage().varint(1, 7).message(2, WireMessage().message(2, WireMessage().varint(1, 2)))
      .text(8, "a\u{0}b").bytes(8, [0xff])
    file.add(
      EventWriter.event(1, nil, [EventWriter.value("x/text_summary", tensor: strings, plugin: "text")]))
    file.add(EventWriter.event(2, nil, [EventWriter.value("x/text_summary", tensor: strings)]))
    file.add(EventWriter.event(3, nil, [EventWriter.value("bare", tensor: strings)]))
    file.add(EventWriter.event(4, nil, [EventWriter.value("pictures", tensor: strings, plugin: "images")]))
    let read = try contents(of: file.bytes)
    #expect(read.texts.map(\.tag) == ["x/text_summary", "x/text_summary", "bare"])
    #expect(read.texts.map(\.step) == [1, 2, 3])
    #expect(read.texts.allSatisfy { $0.strings == ["a\u{0}b", "\u{fffd}"] })
    #expect(read.tags.map(\.plugin) == ["text", "text", "images"])
  }

  @Test func `negative steps and steps of 64 bits are kept`() throws {
    var file = EventWriter.begun()
    for step in [-1, .min, .max] as [Int64] { file.scalar("t", step, 1, wallTime: 5) }
    #expect(try contents(of: file.bytes).series.first?.steps == [-1, .min, .max])
  }

  @Test func `infinities and not-a-number are kept`() throws {
    var file = EventWriter.begun()
    for value in [Float.infinity, -.infinity, .nan] { file.scalar("t", 1, value) }
    let values = try #require(contents(of: file.bytes).series.first?.values)
    #expect(values[0] == .infinity && values[1] == -.infinity && values[2].isNaN)
  }

  @Test func `the writer, the version and the first time that is one are told`() throws {
    var file = EventWriter()
    file.add(
      WireMessage().double(1, 0).text(3, "brain.Event:2").message(10, WireMessage().text(1, "some.writer")))
    file.start(7)
    file.scalar("t", 1, 1, wallTime: 12)
    let read = try contents(of: file.bytes)
    #expect(read.writer == "some.writer")
    #expect(read.fileVersion == "brain.Event:2")
    #expect(read.firstWallTime == 12)
    #expect(read.sessionStarts == [SessionStart(step: 7, offset: file.offsets[1], pointsBefore: [])])
  }

  @Test func `values in one event, empty ones and tags of any length are read`() throws {
    var file = EventWriter.begun()
    let long = String(repeating: "x", count: 300)
    for step in 1...2 {
      file.add(
        EventWriter.event(
          Int64(step), nil,
          [EventWriter.value("a", 1), WireMessage(), EventWriter.value(long, 2), WireMessage().float(2, 3)]))
      file.scalar(long, Int64(step), 4)
    }
    let read = try contents(of: file.bytes)
    #expect(read.series.map(\.tag) == ["a", long, ""])
    #expect(read.series.map(\.values) == [[1, 1], [2, 4, 2, 4], [3, 3]])
    #expect(read.faults.isEmpty)
  }

  @Test func `thousands of tags in a random order keep their points`() throws {
    var random = SeededRandom(seed: 5)
    var file = EventWriter.begun()
    var want: [String: [Double]] = [:]
    for step in 0..<6000 {
      let tag = "tag\(Int.random(in: 0..<2000, using: &random))"
      file.scalar(tag, Int64(step), Float(step))
      want[tag, default: []].append(Double(step))
    }
    let read = try contents(of: file.bytes)
    #expect(read.series.count == want.count)
    for series in read.series { #expect(series.values == want[series.tag]) }
    #expect(read.tags.reduce(0) { $0 + $1.count } == 6000)
  }
}
