internal import Bytes
internal import FileSystem

/// Where the bytes of an event file come from, one piece after another.
protocol ByteSource: ~Copyable {
  /// Reads the next bytes into `range` of `buffer`.
  ///
  /// - Returns: the number of bytes read; 0 where there is none at present. A file that grows may have more later.
  mutating func read(into buffer: inout [UInt8], at range: Range<Int>) throws(SourceError) -> Int
}

/// Why a source has no more bytes although it is not at its end.
enum SourceError: Error {
  case system(SystemError)
  case compression(String)

  /// The fault to report.
  var kind: ReadFault.Kind {
    switch self {
    case .system(let error): .system(error.reason)
    case .compression(let reason): .compression(reason)
    }
  }
}

/// A file, or a pipe, read from where its descriptor stands and, where it is compressed, decompressed on the way.
///
/// A file may be closed and opened again in between: reading goes on where it was.
struct FileSource: ~Copyable, ByteSource {
  private var descriptor: FileDescriptor?
  private let progress: (@Sendable (Int) -> Void)?
  private var inflation: Inflation?
  /// The bytes of the file that were read, and the last of them.
  private var byteCount = 0
  private var tail: [UInt8] = []
  /// Whether the descriptor is a later one, which stands at its start.
  private var isReopened = false
  private var identity: FileIdentity?

  /// By how many of the bytes read last a file is known again.
  private static let tailLength = 64

  /// A source of the bytes behind `descriptor`, which tells `progress` how many it read.
  init(_ descriptor: consuming FileDescriptor, progress: (@Sendable (Int) -> Void)? = nil) {
    self.descriptor = consume descriptor
    self.progress = progress
  }

  /// Whether the bytes are decompressed.
  var isCompressed: Bool { inflation != nil }
  /// Whether a compressed stream began and did not end yet.
  var isWithinStream: Bool { inflation.map { !$0.isBetweenStreams } ?? false }

  func status() throws(SystemError) -> FileStatus? { try descriptor?.status() }

  /// Closes the file.
  mutating func close() {
    identity = (try? descriptor?.status())?.identity
    descriptor = nil
  }

  /// Goes on in `descriptor`, which was opened for the file that was closed; false where that is another one by now, or
  /// what was read stands no longer in it.
  ///
  /// - Parameter head: the first bytes that were read.
  mutating func reopen(_ descriptor: consuming FileDescriptor, head: [UInt8]) throws(SystemError) -> Bool {
    let status = try descriptor.status()
    guard let identity, status.identity == identity, status.size >= byteCount else { return false }
    var (first, last) = (head, tail)
    guard try descriptor.fill(&first, from: 0) == head.count, first == head,
      try descriptor.fill(&last, from: byteCount - tail.count) == tail.count, last == tail
    else { return false }
    self.descriptor = consume descriptor
    isReopened = true
    return true
  }

  /// Decompresses from now on, beginning with the first `count` bytes of `head`, which were read already.
  mutating func inflate(_ head: [UInt8], _ count: Int) throws(SourceError) {
    inflation = Inflation(try Inflater(), input: head, range: 0..<count)
  }

  mutating func read(into buffer: inout [UInt8], at range: Range<Int>) throws(SourceError) -> Int {
    guard !range.isEmpty else { return 0 }
    guard inflation != nil else { return try readFile(into: &buffer, at: range) }
    return try readInflated(into: &buffer, at: range)
  }

  private mutating func readFile(into buffer: inout [UInt8], at range: Range<Int>) throws(SourceError) -> Int
  {
    do throws(SystemError) {
      let offset = isReopened ? byteCount : nil
      guard let count = try descriptor?.read(into: &buffer, at: range, offset: offset), count > 0 else {
        return 0
      }
      byteCount += count
      let last = buffer[range.lowerBound..<range.lowerBound + count].suffix(Self.tailLength)
      tail = last.count == Self.tailLength ? Array(last) : Array((tail + last).suffix(Self.tailLength))
      progress?(count)
      return count
    } catch {
      throw .system(error)
    }
  }

  /// The state of the decompression. A class: a structure with an array in it, taken out of this type and put back, was
  /// never freed (Swift 6.3.1).
  private final class Inflation {
    let stream: Inflater
    var input: [UInt8]
    var range: Range<Int>
    /// Whether the last stream ended and nothing came after it.
    var isBetweenStreams = false

    init(_ stream: Inflater, input: [UInt8], range: Range<Int>) {
      self.stream = stream
      self.input = input
      self.range = range
    }
  }

  private mutating func readInflated(into buffer: inout [UInt8], at range: Range<Int>) throws(SourceError)
    -> Int
  {
    guard let state = inflation else { return 0 }
    while true {
      if state.range.isEmpty {
        let count = try readFile(into: &state.input, at: 0..<state.input.count)
        state.range = 0..<count
        if count == 0 { return 0 }
      }
      if state.isBetweenStreams {
        // GZIP members may follow one another; some writers pad the end with zero bytes.
        while let first = state.range.first, state.input[first] == 0 { state.range.removeFirst() }
        if state.range.isEmpty { continue }
        try state.stream.restart()
        state.isBetweenStreams = false
      }
      let step = try state.stream.inflate(state.input, state.range, into: &buffer, range)
      state.range = state.range.lowerBound + step.consumed..<state.range.upperBound
      state.isBetweenStreams = step.isAtEnd
      if step.produced > 0 { return step.produced }
      if step.consumed == 0 && !step.isAtEnd { throw .compression("the stream makes no progress") }
    }
  }
}
