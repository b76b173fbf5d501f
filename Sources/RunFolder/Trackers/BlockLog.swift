internal import FileSystem

/// The log format of LevelDB with CRC-32 checksums, in which Weights & Biases and SwanLab keep records: blocks of 32 KiB,
/// behind seven bytes that name the format.
enum BlockLog {
  private static let blockSize = 32768
  private static let headingSize = 7
  /// The most bytes of a record.
  private static let recordLimit = 1 << 26

  /// Which of `headings` the file begins with; nil for none of them.
  static func heading(
    of file: borrowing FileDescriptor, among headings: [[UInt8]]
  ) throws(SystemError) -> Int? {
    var head = [UInt8](repeating: 0, count: headingSize)
    guard try file.fill(&head, from: 0) == headingSize else { return nil }
    return headings.firstIndex(of: head)
  }

  /// Gives each whole record to `take`; what ended the reading before the end of the log, in words.
  static func records(
    _ file: borrowing FileDescriptor, _ take: (ArraySlice<UInt8>) -> Void
  ) throws(SystemError) -> String? {
    var block = [UInt8](repeating: 0, count: blockSize)
    var record: [UInt8] = []
    for start in stride(from: 0, to: Int.max - blockSize, by: blockSize) {
      let end = try file.fill(&block, from: start)
      var position = start == 0 ? headingSize : 0
      // What does not hold a record's head is left empty at the end of a block.
      while position < end, blockSize - position >= 7 {
        guard end - position >= 7 else { return "ends within a record at offset \(start + position)" }
        let count = Int(block[position + 4]) | Int(block[position + 5]) << 8
        let kind = block[position + 6]
        // A block of zeros: space that was reserved and not written.
        if kind == 0, count == 0 { return nil }
        guard (1...4).contains(kind), count <= blockSize - position - 7 else {
          return "no record at offset \(start + position)"
        }
        guard end - position - 7 >= count else { return "ends within a record at offset \(start + position)" }
        let part = block[position + 7..<position + 7 + count]
        let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(block[position + $1]) << UInt32($1 * 8) }
        guard CRC32.sum(of: part, after: kind) == sum else {
          return "the checksum at offset \(start + position) does not fit"
        }
        if kind == 1 || kind == 2 { record.removeAll(keepingCapacity: true) }
        guard record.count <= recordLimit - count else {
          return "a record of more than \(recordLimit >> 20) MiB before offset \(start + position)"
        }
        record += part
        if kind == 1 || kind == 4 { take(record[...]) }
        position += 7 + count
      }
      if end < blockSize { return nil }
    }
    return nil
  }
}
