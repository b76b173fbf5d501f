/// Writes event files for tests, with checksums that are computed bit by bit.
public struct EventWriter: Sendable {
  /// The bytes of the file so far.
  public private(set) var bytes: [UInt8] = []
  /// The offsets of the records so far.
  public private(set) var offsets: [Int] = []

  /// A file without records.
  public init() {}

  /// A file that begins as TensorBoard's writers begin one.
  public static func begun(wallTime: Double = 1000) -> EventWriter {
    var writer = EventWriter()
    writer.add(WireMessage().double(1, wallTime).text(3, "brain.Event:2"))
    return writer
  }

  /// Adds a record with `message` as its payload.
  public mutating func add(_ message: WireMessage) {
    add(message.bytes)
  }

  /// Adds a record.
  public mutating func add(_ payload: [UInt8]) {
    offsets.append(bytes.count)
    let length = littleEndian(UInt64(payload.count))
    bytes += length + littleEndian(Self.masked(length)) + payload + littleEndian(Self.masked(payload))
  }

  /// Adds bytes that are no record.
  public mutating func append(_ garbage: [UInt8]) {
    bytes += garbage
  }

  /// Adds a scalar as HF Trainer and torch write it.
  public mutating func scalar(_ tag: String, _ step: Int64, _ value: Float, wallTime: Double? = nil) {
    add(Self.event(step, wallTime, [Self.value(tag, value)]))
  }

  /// Adds a `SessionLog.START`.
  public mutating func start(_ step: Int64, wallTime: Double = 0) {
    add(WireMessage().double(1, wallTime).varint(2, step).message(7, WireMessage().varint(1, 1)))
  }

  /// An event with a summary; its time is 1000 seconds and the step where none is given.
  public static func event(_ step: Int64, _ wallTime: Double? = nil, _ values: [WireMessage]) -> WireMessage {
    let summary = values.reduce(WireMessage()) { $0.message(1, $1) }
    return WireMessage().double(1, wallTime ?? 1000 + Double(step)).varint(2, step).message(5, summary)
  }

  /// A value with a tag and a number.
  public static func value(_ tag: String, _ value: Float) -> WireMessage {
    WireMessage().text(1, tag).float(2, value)
  }

  /// A value with a tag and a tensor, and metadata that name a plugin where one is given.
  public static func value(_ tag: String, tensor: WireMessage, plugin: String? = nil) -> WireMessage {
    let value = WireMessage().text(1, tag).message(8, tensor)
    guard let plugin else { return value }
    return value.message(9, metadata(plugin))
  }

  /// Metadata that name a plugin.
  public static func metadata(_ plugin: String) -> WireMessage {
    WireMessage().message(1, WireMessage().text(1, plugin))
  }

  /// The CRC-32C of `bytes`.
  public static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var state: UInt32 = 0xffff_ffff
    for byte in bytes {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state >> 1 ^ (state & 1 == 0 ? 0 : 0x82f6_3b78) }
    }
    return ~state
  }

  /// The CRC-32C of `bytes` as records hold it.
  public static func masked(_ bytes: [UInt8]) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xa282_ead8
  }
}
