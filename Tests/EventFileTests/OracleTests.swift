import Bytes
import FileSystem
import RunFolder
import TestSupport
import Testing

@testable import EventFile

/// The walks of the wire, held against libprotobuf-c.
struct OracleTests {
  private func expectSame(_ bytes: [UInt8], _ name: String) {
    var fast = contents(of: bytes, usesScanner: true)
    var slow = contents(of: bytes, usesScanner: false)
    #expect(fast.series.map(\.tag) == slow.series.map(\.tag), "\(name)")
    for (one, other) in zip(fast.series, slow.series) {
      #expect(one.steps == other.steps, "\(name)")
      #expect(one.wallTimes.map(\.bitPattern) == other.wallTimes.map(\.bitPattern), "\(name)")
      #expect(one.values.map(\.bitPattern) == other.values.map(\.bitPattern), "\(name)")
    }
    fast.series = []
    slow.series = []
    #expect(fast == slow, "\(name)")
  }

  @Test(arguments: [
    "plugins.tfevents", "mixed.tfevents", "writers/torch.tfevents", "writers/tensorboardx.tfevents",
  ])
  func `both decode the same values`(name: String) throws {
    let path = Path.join(Fixture.package, "Tests/EventFileTests/Fixtures/\(name)")
    expectSame(try Files.read(path), name)
    let contents = try EventFileContents(reading: path)
    var records = try RecordLookup(path: path)
    var scanner = EventScanner()
    var compared = 0
    for series in contents.values {
      for place in series.places {
        let ordinal = Int(place.ordinal)
        let (fast, slow) = try records.withPayload(at: place.offset) { payload in
          (
            scanner.value(at: ordinal, of: payload, plugin: series.plugin, metadata: series.metadata),
            Event(decoding: payload)?.value(at: ordinal, plugin: series.plugin, metadata: series.metadata)
          )
        }
        #expect(fast == slow, "\(series.tag)")
        compared += 1
      }
    }
    #expect(compared > 10)
  }

  @Test func `both read the same from every sample`() throws {
    let runs = FoundEventFolders(at: Fixture.sample("")).folders
    #expect(!runs.isEmpty)
    for path in runs.flatMap(\.files) { expectSame(try Files.read(path), path) }
  }

  @Test(.enabled(if: Fixture.shared != nil, "no ../shared and no FTREPORT_SHARED"))
  func `both read the same from every file of the data folder`() throws {
    let runs = FoundEventFolders(at: Path.join(Fixture.shared ?? "", "data")).folders
    #expect(runs.count > 50)
    for path in runs.flatMap(\.files) { expectSame(try Files.read(path), path) }
  }

  @Test func `both read the same from generated events of every kind`() {
    var random = SeededRandom(seed: 21)
    for round in 0..<60 {
      var file = EventWriter()
      for _ in 0..<40 { file.add(Self.event(&random)) }
      expectSame(file.bytes, "round \(round)")
    }
  }

  @Test func `of events with changed bytes the walk reads what libprotobuf-c reads, or leaves them to it`() {
    var random = SeededRandom(seed: 22)
    var scanner = EventScanner()
    var accepted = 0
    for _ in 0..<20_000 {
      var payload = Self.event(&random).bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) where !payload.isEmpty {
        let position = Int.random(in: payload.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: payload[position] = UInt8.random(in: .min ... .max, using: &random)
        case 1: payload.remove(at: position)
        default: payload.insert(UInt8.random(in: .min ... .max, using: &random), at: position)
        }
      }
      let bytes = unsafe payload.span.bytes
      let usual = UsualScalar(bytes)
      guard scanner.scan(bytes) else {
        #expect(usual == nil)
        continue
      }
      // Bodies that the walk passes over may be broken; it says nothing about them.
      guard let event = Event(decoding: bytes) else { continue }
      accepted += 1
      #expect(event.step == scanner.step)
      #expect(event.wallTime.bitPattern == scanner.wallTime.bitPattern)
      guard case .summary(let values) = event.content else {
        #expect(scanner.what != 5)
        continue
      }
      #expect(values.count == scanner.values.count)
      for (value, walked) in zip(values, scanner.values) {
        let tag = bytes.extracting(walked.tag)
        #expect(
          value.tag == (0..<tag.byteCount).map { unsafe tag.unsafeLoad(fromByteOffset: $0, as: UInt8.self) })
        switch value.data {
        case .simple(let number):
          #expect(walked.content == .simple && number.bitPattern == walked.simple.bitPattern)
        case .tensor(let tensor):
          #expect(walked.content == .tensor)
          if case .scalar(let number) = ScalarScanner.scan(bytes.extracting(walked.body)) {
            #expect(tensor.scalar?.bitPattern == number.bitPattern)
          }
        case .none: #expect(walked.content == .none)
        case .image: #expect(walked.content == .image)
        case .audio: #expect(walked.content == .audio)
        case .histogram: #expect(walked.content == .histogram)
        case .oldHistogram: #expect(walked.content == .oldHistogram)
        }
      }
      if let usual {
        #expect(values.count == 1)
        #expect(values.first?.data == .simple(usual.value) || usual.value.isNaN)
        #expect(event.step == usual.step)
      }
    }
    #expect(accepted > 2000)
  }

  // MARK: Generated events

  private static func event(_ random: inout SeededRandom) -> WireMessage {
    var event = WireMessage()
    if Int.random(in: 0..<10, using: &random) > 0 {
      event = event.double(1, .random(in: 0...2e9, using: &random))
    }
    if Int.random(in: 0..<10, using: &random) > 0 {
      let bits = Int.random(in: 0..<64, using: &random)
      event = event.varint(2, Int64.random(in: .min ... .max, using: &random) >> Int64(bits))
    }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: event = event.text(3, "brain.Event:2")
    case 1: event = event.bytes(4, [1, 2, 3])
    case 2: event = event.message(6, WireMessage().varint(1, 3).text(2, "log"))
    case 3:
      event = event.message(7, WireMessage().varint(1, Int.random(in: 0...4, using: &random)).text(3, "m"))
    case 4: event = event.message(8, WireMessage().text(1, "tag").bytes(2, [9]))
    case 5: event = event.bytes(9, [1]).message(10, WireMessage().text(1, "writer"))
    case 6:
      // A field that nobody knows, and one that comes twice.
      event = event.varint(60, 1).double(1, 7).message(5, summary(&random)).message(5, summary(&random))
    default: event = event.message(5, summary(&random))
    }
    return event
  }

  private static func summary(_ random: inout SeededRandom) -> WireMessage {
    (0..<[1, 1, 1, 0, 2, 5][Int.random(in: 0..<6, using: &random)]).reduce(WireMessage()) { result, _ in
      result.message(1, value(&random))
    }
  }

  private static func value(_ random: inout SeededRandom) -> WireMessage {
    let tag =
      ["loss", "train/loss", "", "é", String(repeating: "t", count: 200)].randomElement(using: &random) ?? ""
    var value = WireMessage().text(1, tag)
    if Int.random(in: 0..<8, using: &random) == 0 {
      value = value.message(
        9, EventWriter.metadata(["scalars", "text", "", "images"].randomElement(using: &random) ?? ""))
    }
    switch Int.random(in: 0..<14, using: &random) {
    case 0: value = value.message(3, WireMessage().double(1, 1))
    case 1: value = value.message(4, WireMessage().varint(1, 4).varint(2, 5).bytes(4, [0x89]))
    case 2:
      value = value.message(5, WireMessage().double(1, 0).double(2, 1).bytes(6, littleEndian(1.5.bitPattern)))
    case 3: value = value.message(6, WireMessage().float(1, 8000).text(5, "audio/wav"))
    case 4: break
    case 5: value = value.text(7, "node").float(2, 1)
    case 6: value = value.float(2, 1).float(2, 2)
    case 7...10: value = value.message(8, tensor(&random))
    default: value = value.float(2, .random(in: -10...10, using: &random))
    }
    return value
  }

  private static func tensor(_ random: inout SeededRandom) -> WireMessage {
    let dtype = [1, 2, 3, 4, 7, 9, 10, 14, 19, 22, 23, 99].randomElement(using: &random) ?? 1
    var tensor = WireMessage().varint(1, dtype)
    if Bool.random(using: &random) {
      let sizes = [[], [1], [1, 1], [2], [0]].randomElement(using: &random) ?? []
      tensor = tensor.message(2, sizes.reduce(WireMessage()) { $0.message(2, WireMessage().varint(1, $1)) })
    }
    let bits = UInt64.random(in: .min ... .max, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return tensor.bytes(4, Array(littleEndian(bits).prefix(Int.random(in: 0...8, using: &random))))
    case 1: return tensor.float(5, Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case 2: return tensor.bytes(6, littleEndian(bits))
    case 3: return tensor.varint(7, Int32(truncatingIfNeeded: bits))
    case 4: return tensor.text(8, "text").text(8, "more")
    case 5: return tensor.bytes(10, WireMessage.varint(bits))
    case 6: return tensor.bytes(13, WireMessage.varint(bits & 0xffff))
    default: return tensor.bytes(5, littleEndian(UInt32(truncatingIfNeeded: bits)))
    }
  }
}
