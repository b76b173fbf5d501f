import Bytes
import TestSupport
import Testing

@testable import EventFile

/// Numbers in tensors: every type, in every field that may hold it, in every shape of one element.
struct TensorScalarTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var dtype: Int
    var fields: WireMessage
    var want: Double
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "float in content", dtype: 1, fields: WireMessage().bytes(4, littleEndian(Float(0.1).bitPattern)),
      want: Double(Float(0.1))),
    Case(
      name: "float packed", dtype: 1, fields: WireMessage().bytes(5, littleEndian(Float(-2.5).bitPattern)),
      want: -2.5),
    Case(name: "float unpacked", dtype: 1, fields: WireMessage().float(5, 3.25), want: 3.25),
    Case(name: "float infinity", dtype: 1, fields: WireMessage().float(5, -.infinity), want: -.infinity),
    Case(
      name: "double in content", dtype: 2, fields: WireMessage().bytes(4, littleEndian(0.1.bitPattern)),
      want: 0.1),
    Case(
      name: "double packed", dtype: 2, fields: WireMessage().bytes(6, littleEndian(1e300.bitPattern)),
      want: 1e300),
    Case(name: "double unpacked", dtype: 2, fields: WireMessage().double(6, -0.0), want: -0.0),
    Case(
      name: "int32 packed", dtype: 3,
      fields: WireMessage().bytes(7, WireMessage.varint(UInt64(bitPattern: -5))), want: -5),
    Case(name: "int32 unpacked", dtype: 3, fields: WireMessage().varint(7, -5), want: -5),
    Case(
      name: "int32 in content", dtype: 3, fields: WireMessage().bytes(4, littleEndian(Int32(-7))), want: -7),
    Case(name: "uint8", dtype: 4, fields: WireMessage().bytes(7, [200, 1]), want: 200),
    Case(name: "uint8 in content", dtype: 4, fields: WireMessage().bytes(4, [200]), want: 200),
    Case(
      name: "int16 in content", dtype: 5, fields: WireMessage().bytes(4, littleEndian(Int16(-300))),
      want: -300),
    Case(name: "int8", dtype: 6, fields: WireMessage().varint(7, -3), want: -3),
    Case(name: "uint16", dtype: 17, fields: WireMessage().varint(7, 65_000), want: 65_000),
    Case(
      name: "int64 packed", dtype: 9, fields: WireMessage().bytes(10, WireMessage.varint(1 << 40)),
      want: 1_099_511_627_776),
    Case(
      name: "int64 in content", dtype: 9, fields: WireMessage().bytes(4, littleEndian(Int64(-9))), want: -9),
    Case(name: "bool packed", dtype: 10, fields: WireMessage().bytes(11, [1]), want: 1),
    Case(name: "bool in content", dtype: 10, fields: WireMessage().bytes(4, [1]), want: 1),
    Case(name: "uint32", dtype: 22, fields: WireMessage().varint(16, 4_000_000_000), want: 4_000_000_000),
    Case(name: "uint64", dtype: 23, fields: WireMessage().bytes(17, WireMessage.varint(.max)), want: 0x1p64),
    Case(name: "half 1", dtype: 19, fields: WireMessage().bytes(13, WireMessage.varint(0x3c00)), want: 1),
    Case(name: "half subnormal", dtype: 19, fields: WireMessage().varint(13, 0x0001), want: 0x1p-24),
    Case(name: "half -65504", dtype: 19, fields: WireMessage().varint(13, 0xfbff), want: -65504),
    Case(name: "half infinity", dtype: 19, fields: WireMessage().varint(13, 0x7c00), want: .infinity),
    Case(name: "half in content", dtype: 19, fields: WireMessage().bytes(4, [0x00, 0x38]), want: 0.5),
    Case(name: "bfloat16", dtype: 14, fields: WireMessage().varint(13, 0x4049), want: 3.140625),
    Case(name: "bfloat16 in content", dtype: 14, fields: WireMessage().bytes(4, [0x80, 0xbf]), want: -1),
    Case(name: "float without a value", dtype: 1, fields: WireMessage(), want: 0),
    Case(name: "int64 without a value", dtype: 9, fields: WireMessage(), want: 0),
  ]

  private static func shape(_ sizes: [Int]) -> WireMessage {
    sizes.reduce(WireMessage()) { $0.message(2, WireMessage().varint(1, $1)) }
  }

  private func read(_ tensor: WireMessage, plugin: String?) throws -> EventFileContents {
    var file = EventWriter.begun()
    file.add(EventWriter.event(1, nil, [EventWriter.value("t", tensor: tensor, plugin: plugin)]))
    return try contents(of: file.bytes)
  }

  @Test(arguments: cases)
  func `a number`(test: Case) throws {
    let shapes: [WireMessage?] = [nil, Self.shape([]), Self.shape([1]), Self.shape([1, 1, 1])]
    for shape in shapes {
      var tensor = WireMessage().varint(1, test.dtype)
      if let shape { tensor = tensor.message(2, shape) }
      tensor.bytes += test.fields.bytes
      for plugin in ["scalars", nil] {
        let read = try read(tensor, plugin: plugin)
        #expect(read.series.first?.values.map(\.bitPattern) == [test.want.bitPattern])
        #expect(read.tags == [TagSummary(tag: "t", plugin: "scalars", count: 1, isDeclared: plugin != nil)])
        #expect(read.faults.isEmpty)
      }
      // The fields in the opposite order say the same.
      var backwards = test.fields
      if let shape { backwards = backwards.message(2, shape) }
      backwards = backwards.varint(1, test.dtype)
      #expect(
        try self.read(backwards, plugin: nil).series.first?.values.map(\.bitPattern) == [test.want.bitPattern]
      )
    }
  }

  @Test func `not a number stays one`() throws {
    let tensor = WireMessage().varint(1, 19).varint(13, 0x7e01)
    #expect(try read(tensor, plugin: nil).series.first?.values.first?.isNaN == true)
    let float = WireMessage().varint(1, 1).float(5, .nan)
    #expect(try read(float, plugin: nil).series.first?.values.first?.isNaN == true)
  }

  @Test(arguments: [
    WireMessage().varint(1, 1).message(2, shape([2])).bytes(4, [UInt8](repeating: 0, count: 8)),
    WireMessage().varint(1, 1).message(2, shape([0])),
    WireMessage().varint(1, 1).message(2, shape([-1])).float(5, 1),
    WireMessage().varint(1, 1).message(2, shape([1 << 40, 1 << 40])).float(5, 1),
    WireMessage().varint(1, 1).bytes(4, [1, 2, 3]),
    WireMessage().varint(1, 1).float(5, 1).float(5, 2),
    WireMessage().varint(1, 8).bytes(4, [UInt8](repeating: 0, count: 8)),
    WireMessage().varint(1, 99).float(5, 1),
    WireMessage().float(5, 1),
  ])
  func `a tensor that is no number makes no point`(tensor: WireMessage) throws {
    let read = try read(tensor, plugin: nil)
    #expect(read.series.isEmpty)
    #expect(read.tags == [TagSummary(tag: "t", plugin: "tensors", count: 1)])
    #expect(read.faults.isEmpty)
  }

  @Test func `a broken tensor is told`() throws {
    let read = try read(WireMessage().varint(1, 1).bytes(2, [0xff]), plugin: nil)
    #expect(read.series.isEmpty)
    #expect(read.faults.map(\.kind) == [.undecodable(reason: "a tensor is no message")])
  }
}
