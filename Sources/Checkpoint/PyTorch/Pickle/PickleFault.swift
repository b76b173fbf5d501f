internal import Bytes

/// Why bytes are not a pickle that is safe to read.
///
/// Every case is fatal for the pickle. What a pickle would call when Python loads it is no fault of this kind: it
/// is reported by name (`PickleGraph.globals`), and never called.
public enum PickleFault: Error, Equatable, Sendable {
  /// The bytes end before the pickle does.
  case truncated
  /// A protocol that is not known.
  case unknownProtocol(Int)
  /// An opcode that no protocol has.
  case unknownOpcode(UInt8)
  /// An opcode takes more values than there are.
  case emptyStack(opcode: UInt8)
  /// An opcode takes what stands after a mark, and there is none.
  case noMark(opcode: UInt8)
  /// A value is fetched from the memo under a number that nothing was stored under.
  case unknownMemo(UInt64)
  /// An opcode changes a value of a kind that it cannot change.
  case wrongTarget(opcode: UInt8, kind: String)
  /// A length goes beyond the bytes that remain.
  case length(UInt64, remaining: Int)
  /// A text that should be a number, or a line that is not one.
  case invalidText(opcode: UInt8)
  /// Keys without a value.
  case oddEntries
  /// Values within each other beyond the limit.
  case tooDeep(limit: Int)
  /// More values than the limit.
  case tooManyValues(limit: Int)
  /// More open marks than the limit.
  case tooManyMarks(limit: Int)
  /// A frame ends within an opcode or its argument, so that Python's readers go on at different bytes.
  case cutByFrame(opcode: UInt8)
  /// A frame begins within another.
  case frameWithinFrame
  /// Bytes behind the end of the only pickle.
  case trailingBytes(Int)
  /// Buffers that stand outside of the pickle (protocol 5), which no checkpoint has.
  case outOfBandBuffer
}

extension PickleFault: CustomStringConvertible {
  /// The fault in words.
  public var description: String {
    switch self {
    case .truncated: "the pickle is cut"
    case .unknownProtocol(let number): "pickle protocol \(number) is not known"
    case .unknownOpcode(let code): "0x\(String(code, radix: 16)) is no pickle opcode"
    case .emptyStack(let code): "pickle opcode \(Self.name(code)) takes a value that is not there"
    case .noMark(let code): "pickle opcode \(Self.name(code)) has no mark before it"
    case .unknownMemo(let number): "nothing was stored as number \(number) in the pickle's memo"
    case .wrongTarget(let code, let kind): "pickle opcode \(Self.name(code)) cannot change \(kind)"
    case .length(let length, let remaining):
      "a pickled value of \(length) bytes, where \(Thousands.text(remaining)) remain"
    case .invalidText(let code): "pickle opcode \(Self.name(code)) is followed by no value it can read"
    case .oddEntries: "a pickled dictionary has a key without a value"
    case .tooDeep(let limit): "the pickle has more than \(limit) levels of values within each other"
    case .tooManyValues(let limit): "the pickle has more than \(Thousands.text(limit)) values"
    case .tooManyMarks(let limit): "the pickle has more than \(Thousands.text(limit)) open marks"
    case .cutByFrame(let code):
      "a frame of the pickle ends within opcode \(Self.name(code)): Python reads on elsewhere, and may run what "
        + "does not show here"
    case .frameWithinFrame:
      "a frame of the pickle begins within another: Python may read what does not show here"
    case .trailingBytes(let count): "\(Thousands.text(count)) bytes stand behind the end of the pickle"
    case .outOfBandBuffer: "the pickle wants buffers from outside of it"
    }
  }

  private static func name(_ code: UInt8) -> String {
    PickleOpcode(rawValue: code).map { "\($0)" } ?? "0x" + String(code, radix: 16)
  }
}
