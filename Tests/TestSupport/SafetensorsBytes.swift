/// Safetensors files put together byte by byte.
public enum SafetensorsBytes {
  /// Length, `header` and `data`.
  public static func file(_ header: String, data: Int = 0) -> [UInt8] {
    file(Array(header.utf8), data: [UInt8](repeating: 0, count: data))
  }

  /// Length, `header` and `data`.
  public static func file(_ header: [UInt8], data: [UInt8]) -> [UInt8] {
    length(UInt64(header.count)) + header + data
  }

  /// A length as it stands at the start of a file.
  public static func length(_ count: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * UInt64($0))) }
  }

  /// A tensor of a file that is put together.
  public struct Tensor {
    /// The name.
    public var name: String
    var type: String
    var shape: [Int]
    var bytes: [UInt8]

    /// A tensor of the type that safetensors calls `type`, its elements as `bytes`.
    public init(_ name: String, _ type: String, _ shape: [Int], bytes: [UInt8]) {
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }

    /// A tensor of little-endian words.
    public init(_ name: String, _ type: String, _ shape: [Int], words: [some FixedWidthInteger]) {
      self.init(
        name, type, shape,
        bytes: words.flatMap { word in
          (0..<(word.bitWidth / 8)).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        })
    }

    /// A tensor of float32.
    public init(_ name: String, _ shape: [Int], _ values: [Float]) {
      self.init(name, "F32", shape, words: values.map(\.bitPattern))
    }
  }

  /// A file of `tensors`, one after another.
  public static func file(_ tensors: [Tensor], metadata: [(key: String, value: String)] = []) -> [UInt8] {
    var data: [UInt8] = []
    var entries: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.map { #""\#($0.key)":"\#($0.value)""# }
      entries.append(#""__metadata__":{\#(texts.joined(separator: ","))}"#)
    }
    for tensor in tensors {
      let start = data.count
      data += tensor.bytes
      entries.append(
        #""\#(tensor.name)":{"dtype":"\#(tensor.type)","shape":\#(tensor.shape),"data_offsets":[\#(start),\#(data.count)]}"#
      )
    }
    return file(Array("{\(entries.joined(separator: ","))}".utf8), data: data)
  }

  /// A valid file of three tensors, 8 + 4 + 0 bytes, one of them without elements.
  public static let small = file(
    Array(
      #"""
      {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},\#
      "b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},"c":{"dtype":"I64","shape":[0,3],"data_offsets":[12,12]}}
      """#.utf8), data: Array(1...12))
}
