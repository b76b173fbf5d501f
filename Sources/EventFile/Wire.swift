internal import CEventProto
internal import CProtobufC

/// Values of libprotobuf-c as values of Swift.
enum Wire {
  /// The start of the message: libprotobuf-c wants an address even for no byte.
  static func start(of bytes: UnsafeRawBufferPointer) -> UnsafePointer<UInt8>? {
    unsafe bytes.bindMemory(to: UInt8.self).baseAddress ?? UnsafePointer(bitPattern: 1)
  }

  static func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: data.data, count: data.len))
  }

  static func text(_ data: ProtobufCBinaryData) -> String {
    unsafe String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
  }

  static func list<Element>(_ start: UnsafeMutablePointer<Element>?, _ count: Int) -> [Element] {
    unsafe [Element](UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}
