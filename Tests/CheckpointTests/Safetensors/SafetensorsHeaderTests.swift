import Checkpoint
import JSON
import TestSupport
import Testing

@Suite struct SafetensorsHeaderTests {
  private func fault(_ header: String, data: Int = 0) -> SafetensorsFault? {
    SafetensorsBytes.fault(SafetensorsBytes.file(header, data: data))?.fault
  }

  private func tensor(
    _ name: String, _ type: String, _ shape: String, _ begin: String, _ end: String
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
  }

  @Test func `a valid file gives its tensors, their places and its texts`() throws {
    let header = try SafetensorsBytes.parse(SafetensorsBytes.small)
    #expect(header.tensors.map(\.name) == ["a", "b", "c"])
    #expect(header.tensors.map(\.elementType) == [.float32, .bfloat16, .int64])
    #expect(header.tensors.map(\.shape) == [[2, 1], [2], [0, 3]])
    #expect(header.tensors.map(\.byteCount) == [8, 4, 0])
    #expect(header.offsets.map { $0 - header.byteCount } == [0, 8, 12])
    #expect(header.metadata == [.init("format", "pt")])
    #expect(header.byteCount == SafetensorsBytes.small.count - 12)
  }

  @Test func `tensors come in the order of their bytes, whatever the header's order`() throws {
    let text = "{" + tensor("z", "U8", "[1]", "1", "2") + "," + tensor("a", "U8", "[1]", "0", "1") + "}"
    let header = try SafetensorsBytes.parse(SafetensorsBytes.file(text, data: 2))
    #expect(header.tensors.map(\.name) == ["a", "z"])
  }

  @Test(arguments: [
    ("BOOL", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6), ("U8", 8), ("I8", 8), ("F8_E5M2", 8),
    ("F8_E4M3", 8), ("F8_E8M0", 8), ("F8_E4M3FNUZ", 8), ("F8_E5M2FNUZ", 8), ("I16", 16), ("U16", 16),
    ("F16", 16), ("BF16", 16), ("I32", 32), ("U32", 32), ("F32", 32), ("C64", 64), ("F64", 64), ("I64", 64),
    ("U64", 64),
  ])
  func `every dtype has its width`(name: String, bits: Int) throws {
    let text = "{" + tensor("t", name, "[4]", "0", "\(bits / 2)") + "}"
    let header = try SafetensorsBytes.parse(SafetensorsBytes.file(text, data: bits / 2))
    #expect(header.tensors[0].elementType.rawValue == name)
    #expect(header.tensors[0].elementType.bitWidth == bits)
  }

  @Test(arguments: [
    #" {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}   "#,
    #"{"__metadata__":null,"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":[{"x":[1.5e-3,true,false,null,"\u00e9"]}]}}"#,
    #"{"a":["U8",[1],[0,1]]}"#,
    #"{"":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
    #"{"\u0000":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
    #"{"\ud83d\ude00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
    "{\"a\":{\"dtype\":\"U8\",\"shape\":[1\(String(repeating: ",1", count: 999))],\"data_offsets\":[0,1]}}",
  ])
  func `what the reference accepts is accepted`(header: String) {
    #expect(throws: Never.self) { try SafetensorsBytes.parse(SafetensorsBytes.file(header, data: 1)) }
  }

  @Test func `an empty header is an empty checkpoint`() throws {
    #expect(try SafetensorsBytes.parse(SafetensorsBytes.file("{}")).tensors.isEmpty)
  }

  @Test func `HeaderTooSmall: fewer than 8 bytes`() {
    for count in 0..<8 {
      let found = SafetensorsBytes.fault([UInt8](repeating: 0, count: count))
      #expect(found?.fault == .headerTooSmall(byteCount: count))
    }
  }

  @Test func `HeaderTooLarge: more than a hundred million bytes`() {
    #expect(
      SafetensorsBytes.fault(SafetensorsBytes.length(100_000_001))?.fault == .headerTooLarge(100_000_001))
    #expect(SafetensorsBytes.fault(SafetensorsBytes.length(.max) + [1])?.fault == .headerTooLarge(.max))
    #expect(
      SafetensorsBytes.fault(SafetensorsBytes.length(100_000_000))?.fault
        == .headerBeyondFile(end: 100_000_008, byteCount: 8))
  }

  @Test func `InvalidHeaderLength: the header ends after the file`() {
    let bytes = SafetensorsBytes.length(3) + Array("{}".utf8)
    #expect(SafetensorsBytes.fault(bytes)?.fault == .headerBeyondFile(end: 11, byteCount: 10))
  }

  @Test func `InvalidHeader: bytes that are not UTF-8, told by their place`() throws {
    let found = try #require(
      SafetensorsBytes.fault(SafetensorsBytes.file(Array("{\"é".utf8) + [0xff], data: [])))
    #expect(found.fault == .headerNotUTF8)
    #expect(found.offset == 8 + 4)
  }

  @Test(arguments: [
    ("", JSONError.Reason.unexpectedEnd, 8), ("{\"a\"", .unexpectedEnd, 12),
    ("\u{feff}{}", .unexpected(0xef, expected: "a value"), 8),
    ("{} {}", .trailingText, 11), ("{}\u{0}", .trailingText, 10),
    (#"{"\ud800":1}"#, .invalidString, 10), ("{\"\u{1}\":1}", .invalidString, 10),
    (#"{"a":}"#, .unexpected(0x7d, expected: "a value"), 13),
    (#"{"a":{"x":01}}"#, .invalidNumber, 18), (#"{"a":{"dtype":"U8","shape":[01]}}"#, .invalidNumber, 36),
    (#"{"a":{"x":1.}}"#, .invalidNumber, 18),
    (#"{"a":{"x":nul}}"#, .unexpected(0x7d, expected: "\"null\""), 21),
    (#"{"a":{},}"#, .unexpected(0x7d, expected: "a key"), 16),
  ])
  func `InvalidHeaderDeserialization: no JSON`(header: String, reason: JSONError.Reason, offset: Int) throws {
    let found = try #require(SafetensorsBytes.fault(SafetensorsBytes.file(header)))
    if header == #"{"a":{},}"# {
      // The tensor without fields is found before the stray comma.
      #expect(found.fault == .structure(.missingField("dtype", tensor: "a")))
      return
    }
    #expect(found.fault == .headerNotJSON(reason))
    #expect(found.offset == offset)
  }

  @Test func `the depth of what is passed over is bounded`() {
    func nested(_ depth: Int) -> String {
      let open = String(repeating: "[", count: depth), close = String(repeating: "]", count: depth)
      return #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":"# + open + close + "}}"
    }
    #expect(fault(nested(126)) == nil)
    #expect(fault(nested(127)) == .headerNotJSON(.tooDeep(limit: 128)))
    #expect(fault(nested(1_000_000)) == .headerNotJSON(.tooDeep(limit: 128)))
  }

  @Test(arguments: [
    ("[]", SafetensorsFault.Structure.expected("an object", at: "as the header")),
    (#"{"a":1}"#, .expected("an object", at: "as tensor \"a\"")),
    (#"{"a":{"shape":[],"data_offsets":[0,0]}}"#, .missingField("dtype", tensor: "a")),
    (#"{"a":{"dtype":"U8","data_offsets":[0,0]}}"#, .missingField("shape", tensor: "a")),
    (#"{"a":{"dtype":"U8","shape":[0]}}"#, .missingField("data_offsets", tensor: "a")),
    (#"{"a":{"dtype":"U8","dtype":"U8"}}"#, .duplicateField("dtype", tensor: "a")),
    (#"{"a":{"shape":[],"shape":[]}}"#, .duplicateField("shape", tensor: "a")),
    (#"{"a":{"data_offsets":[0,0],"data_offsets":[0,0]}}"#, .duplicateField("data_offsets", tensor: "a")),
    (#"{"__metadata__":{},"__metadata__":{}}"#, .duplicateField("__metadata__", tensor: "")),
    (#"{"__metadata__":{"a":1}}"#, .expected("a text", at: "as \"a\" of __metadata__")),
    (#"{"__metadata__":[]}"#, .expected("an object of texts", at: "as __metadata__")),
    (#"{"a":{"dtype":"F128"}}"#, .unknownElementType("F128", tensor: "a")),
    (#"{"a":{"dtype":"C128"}}"#, .unknownElementType("C128", tensor: "a")),
    (#"{"a":{"dtype":7}}"#, .expected("a text", at: "as dtype of tensor \"a\"")),
    (#"{"a":{"shape":[16.0]}}"#, .notACount(tensor: "a")),
    (#"{"a":{"shape":[4e0]}}"#, .notACount(tensor: "a")),
    (#"{"a":{"shape":[-0]}}"#, .notACount(tensor: "a")), (#"{"a":{"shape":[-1]}}"#, .notACount(tensor: "a")),
    (#"{"a":{"shape":[18446744073709551616]}}"#, .notACount(tensor: "a")),
    (#"{"a":{"shape":["1"]}}"#, .notACount(tensor: "a")),
    (#"{"a":{"data_offsets":[0]}}"#, .expected("two numbers", at: "as data_offsets of tensor \"a\"")),
    (#"{"a":{"data_offsets":[0,0,0]}}"#, .expected("two numbers", at: "as data_offsets of tensor \"a\"")),
    (#"{"a":["U8"]}"#, .expected("dtype, shape and data_offsets", at: "in tensor \"a\"")),
  ])
  func `InvalidHeaderDeserialization: JSON of another structure`(
    header: String, structure: SafetensorsFault.Structure
  ) {
    #expect(fault(header) == .structure(structure))
  }

  @Test func `a name that stands twice is told`() {
    let text = "{" + tensor("a", "U8", "[1]", "0", "1") + "," + tensor("a", "U8", "[1]", "0", "1") + "}"
    let found = SafetensorsBytes.fault(SafetensorsBytes.file(text, data: 1))
    #expect(found?.fault == .duplicateTensor("a"))
    #expect(found?.offset == 8 + 2 + tensor("a", "U8", "[1]", "0", "1").utf8.count)
  }

  @Test func `InvalidOffset: a gap, an overlap, an end before the begin`() {
    let first = tensor("a", "U8", "[2]", "0", "2")
    #expect(
      fault("{" + first + "," + tensor("b", "U8", "[1]", "3", "4") + "}", data: 4)
        == .invalidOffset("b", begin: 3, end: 4, expectedBegin: 2))
    #expect(
      fault("{" + first + "," + tensor("b", "U8", "[1]", "1", "2") + "}", data: 2)
        == .invalidOffset("b", begin: 1, end: 2, expectedBegin: 2))
    #expect(
      fault("{" + tensor("a", "U8", "[1]", "1", "2") + "}", data: 2)
        == .invalidOffset("a", begin: 1, end: 2, expectedBegin: 0))
    #expect(
      fault("{" + first + "," + tensor("b", "U8", "[1]", "2", "1") + "}", data: 2)
        == .invalidOffset("b", begin: 2, end: 1, expectedBegin: 2))
    #expect(
      fault("{" + tensor("a", "U8", "[0]", "2", "2") + "}", data: 2)
        == .invalidOffset("a", begin: 2, end: 2, expectedBegin: 0))
  }

  @Test func `ValidationOverflow: a size beyond all bytes`() {
    #expect(fault("{" + tensor("a", "U8", "[4294967296,4294967296]", "0", "0") + "}") == .sizeOverflow("a"))
    #expect(fault("{" + tensor("a", "F64", "[1152921504606846976]", "0", "0") + "}") == .sizeOverflow("a"))
    #expect(fault("{" + tensor("a", "U8", "[18446744073709551615]", "0", "0") + "}") == .sizeOverflow("a"))
  }

  @Test func `MisalignedSlice: elements that end within a byte`() {
    #expect(fault("{" + tensor("a", "F4", "[3]", "0", "2") + "}", data: 2) == .partialByte("a", bits: 12))
    #expect(
      fault("{" + tensor("a", "F6_E2M3", "[2]", "0", "2") + "}", data: 2) == .partialByte("a", bits: 12))
  }

  @Test func `TensorInvalidInfo: another span than the shape needs`() {
    #expect(
      fault("{" + tensor("a", "F32", "[2]", "0", "7") + "}", data: 7)
        == .sizeMismatch("a", span: 7, needed: 8))
  }

  @Test func `MetadataIncompleteBuffer: a file that is cut, or has more`() {
    let text = "{" + tensor("a", "U8", "[4]", "0", "4") + "}"
    let end = 8 + text.utf8.count + 4
    #expect(fault(text, data: 3) == .dataLengthMismatch(end: end, byteCount: end - 1))
    #expect(fault(text, data: 5) == .dataLengthMismatch(end: end, byteCount: end + 1))
    #expect(
      fault(text, data: 3)?.description
        == "the header says \(end) bytes, the file has \(end - 1): cut off")
  }

  @Test func `every cut of a small file ends in a typed error`() {
    for count in 0..<SafetensorsBytes.small.count {
      #expect(SafetensorsBytes.fault(Array(SafetensorsBytes.small[..<count])) != nil, "cut at \(count)")
    }
  }

  @Test func `every flipped bit ends in a typed error or in tensors within the file`() {
    let headerEnd = SafetensorsBytes.small.count - 12
    for bit in 0..<headerEnd * 8 {
      var bytes = SafetensorsBytes.small
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let header = try? SafetensorsBytes.parse(bytes) else { continue }
      #expect(header.tensors.reduce(0) { $0 + $1.byteCount } == bytes.count - header.byteCount, "bit \(bit)")
    }
  }
}
