internal import JSON

/// Puts a safetensors file together.
package enum SafetensorsWriter {
  /// A tensor with its values.
  package struct Tensor: Sendable {
    var name: String
    var type: ElementType
    var shape: [Int]
    var bytes: [UInt8]

    /// A tensor of `bytes` as they lie in files.
    package init(name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }

    /// A tensor of float32.
    package init(name: String, shape: [Int], floats: [Float]) {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(4 * floats.count)
      for value in floats {
        let bits = value.bitPattern
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
      }
      self.init(name: name, type: .float32, shape: shape, bytes: bytes)
    }
  }

  /// The file: its header's length, the header, the values one after another. The header is padded with spaces so that
  /// values begin at a multiple of eight, as the format's own library does.
  package static func file(_ tensors: [Tensor]) -> [UInt8] {
    var members = [JSONValue.Member("__metadata__", .object(["format": .string("pt")]))]
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.bytes.count
      members.append(
        .init(
          tensor.name,
          .object([
            "dtype": .string(tensor.type.rawValue), "shape": .array(tensor.shape.map { .number($0) }),
            "data_offsets": .array([.number(offset), .number(end)]),
          ])))
      offset = end
    }
    var header = Array(JSONValue.object(members).text.utf8)
    while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
    var file: [UInt8] = []
    file.reserveCapacity(8 + header.count + offset)
    for shift in stride(from: 0, to: 64, by: 8) {
      file.append(UInt8(truncatingIfNeeded: header.count >> shift))
    }
    file += header
    for tensor in tensors { file += tensor.bytes }
    return file
  }
}
