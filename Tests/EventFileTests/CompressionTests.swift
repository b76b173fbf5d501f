import Bytes
import TestSupport
import Testing

@testable import EventFile

struct CompressionTests {
  static let file: EventWriter = {
    var writer = EventWriter.begun()
    for step in 1...400 { writer.scalar("loss", Int64(step), Float(step)) }
    return writer
  }()

  /// A deflate stream of stored blocks.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(9000)
      rest = rest.dropFirst(9000)
      let count = UInt16(block.count)
      result += [rest.isEmpty ? 1 : 0] + littleEndian(count) + littleEndian(~count) + block
    } while !rest.isEmpty
    return result
  }

  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xedb8_8320) }
    }
    return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] + stored(bytes) + littleEndian(~crc)
      + littleEndian(UInt32(bytes.count))
  }

  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return [0x78, 0x01] + stored(bytes) + littleEndian((high << 16 | low).byteSwapped)
  }

  @Test(arguments: [gzip(file.bytes), zlib(file.bytes)])
  func `a compressed file reads like the plain one`(bytes: [UInt8]) throws {
    let plain = try contents(of: Self.file.bytes)
    var read = try contents(of: bytes)
    read.path = plain.path
    #expect(read == plain)
  }

  @Test func `members of a GZIP file follow one another, and zeros at its end are padding`() throws {
    let cut = Self.file.offsets[100] + 5
    let members = Self.gzip(Array(Self.file.bytes[..<cut])) + Self.gzip(Array(Self.file.bytes[cut...]))
    let read = try contents(of: members + [0, 0, 0])
    #expect(read.series.first?.count == 400)
    #expect(read.ending == .complete)
    #expect(read.faults.isEmpty)
  }

  @Test func `a stream that is cut keeps its records and is incomplete`() throws {
    let bytes = Self.gzip(Self.file.bytes)
    for length in stride(from: 20, to: bytes.count, by: 997) {
      let read = try contents(of: Array(bytes[..<length]))
      #expect(read.faults.isEmpty)
      guard case .incomplete = read.ending else {
        Issue.record("\(length): \(read.ending)")
        continue
      }
      let values: [Double] = read.series.first?.values ?? []
      #expect(values == values.indices.map { Double($0 + 1) })
    }
  }

  @Test func `a broken stream keeps what came before and is told`() throws {
    var bytes = Self.gzip(Self.file.bytes)
    // The length of the second stored block.
    bytes[10 + 5 + 9000 + 1] ^= 0xff
    let read = try contents(of: bytes)
    let count = read.series.first?.count ?? 0
    #expect(count > 100)
    guard case .compression = read.faults.first?.kind, read.faults.count == 1 else {
      Issue.record("\(read.faultList)")
      return
    }
    // The record in which the good bytes end.
    #expect(read.faults.first?.offset == Self.file.offsets.last { $0 <= 9000 })
  }
}
