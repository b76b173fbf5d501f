import CKernels
import TestSupport
import Testing

@testable import EventFile

struct ChecksumTests {
  static let iscsiRead: [UInt8] = [
    0x01, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0,
    0, 0x18,
    0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
  ]

  /// The vectors of RFC 3720, B.4, which lists the bytes of the checksums in the order of transmission.
  @Test(
    arguments: [
      ([UInt8](repeating: 0, count: 32), 0x8a91_36aa), ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
      ([UInt8](0..<32), 0x46dd_794e), ([UInt8]((0..<32).reversed()), 0x113f_db5c), (iscsiRead, 0xd996_3a56),
    ] as [([UInt8], UInt32)])
  func `the vectors of RFC 3720`(bytes: [UInt8], want: UInt32) {
    #expect(unsafe kernel_crc32c(bytes, bytes.count) == want)
    for way in Int32(0)..<3 { #expect(unsafe kernel_crc32c_by(way, 0, bytes, bytes.count) == want) }
    #expect(EventWriter.checksum(bytes) == want)
  }

  @Test(
    arguments: [
      (Array("\u{1a}\u{11}CRC test, one two".utf8), 0x5794_d08a), (littleEndian(UInt64(24)), 0x224b_7fa3),
      ([UInt8](repeating: 0, count: 8), 0x0798_0329), ([], 0xa282_ead8),
    ] as [([UInt8], UInt32)])
  func `masked checksums as TensorBoard's files hold them`(bytes: [UInt8], want: UInt32) {
    #expect(unsafe kernel_crc32c_masked(bytes, bytes.count) == want)
    #expect(unsafe Checksum.masked(bytes.span.bytes, 0, bytes.count) == want)
  }

  @Test func `every way gives the same for every length and alignment`() {
    var random = SeededRandom(seed: 1)
    let bytes = (0..<40_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let lengths =
      Array(0..<70) + [255, 256, 767, 768, 769, 1535, 4000, 12_287, 12_288, 12_289, 24_600, 39_990]
    for length in lengths {
      for start in 0..<8 where start + length <= bytes.count {
        let part = Array(bytes[start..<start + length])
        let portable = unsafe kernel_crc32c_by(0, 0x1234_5678, part, length)
        for way in Int32(1)...2 {
          #expect(unsafe kernel_crc32c_by(way, 0x1234_5678, part, length) == portable, "\(way) \(length)")
        }
        if length < 300 { #expect(unsafe kernel_crc32c(part, length) == EventWriter.checksum(part)) }
      }
    }
  }

  @Test func `a checksum goes on over pieces`() {
    let bytes = [UInt8](0..<200)
    let whole = unsafe kernel_crc32c(bytes, 200)
    for cut in 0...200 {
      let first = Array(bytes[..<cut])
      let second = Array(bytes[cut...])
      let crc = unsafe kernel_crc32c(first, cut)
      #expect(unsafe kernel_crc32c_extend(crc, second, 200 - cut) == whole)
    }
  }
}
