import Bytes
import Testing

struct CheckedSizesTests {
  @Test func `Sums and products that do not fit are nil`() {
    #expect(Int.max.checkedAdd(1) == nil)
    #expect(Int.max.checkedAdd(0) == .max)
    #expect(UInt8(200).checkedAdd(55) == 255)
    #expect(UInt8(200).checkedAdd(56) == nil)
    #expect((Int.max / 2).checkedMultiply(2) == Int.max - 1)
    #expect((Int.max / 2 + 1).checkedMultiply(2) == nil)
  }

  @Test func `The product of a shape is checked at every factor`() {
    #expect([Int]().checkedProduct() == 1)
    #expect([3, 4, 5].checkedProduct() == 60)
    #expect([1 << 32, 1 << 32].checkedProduct() == nil)
    // Wrapping would give 0 here, a size that any buffer has.
    #expect([1 << 32, 1 << 32, 0].checkedProduct() == nil)
  }

  @Test(arguments: [
    (0.0, 0), (-0.0, 0), (3.7, 3), (-3.7, -3), (.nan, 0), (.infinity, .max), (-.infinity, .min),
    (1e300, .max),
    (-1e300, .min), (0x1p63, .max), (-0x1p63, .min), (0x1.fffffffffffffp62, 9_223_372_036_854_774_784),
    (5e-324, 0),
  ])
  func `A number that does not fit becomes the nearest that does`(value: Double, expected: Int) {
    #expect(Int(clamping: value) == expected)
    #expect(Int64(clamping: value) == Int64(expected))
  }

  @Test func `Narrow and unsigned numbers are clamped at their own bounds`() {
    #expect(UInt8(clamping: 255.9) == 255)
    #expect(UInt8(clamping: 256.0) == 255)
    #expect(UInt8(clamping: -0.9) == 0)
    #expect(UInt8(clamping: -1e9) == 0)
    #expect(Int8(clamping: -128.5) == -128)
    #expect(Int8(clamping: 127.5) == 127)
    #expect(UInt64(clamping: 0x1p64) == .max)
    #expect(UInt64(clamping: 0x1.8p63) == 0xc000_0000_0000_0000)
  }

  @Test func `Sums and differences of steps stop at the ends`() {
    #expect(Int64.max.clampedAdd(1) == .max)
    #expect(Int64.min.clampedAdd(-1) == .min)
    #expect(Int64.min.clampedSubtract(1) == .min)
    #expect(Int64.max.clampedSubtract(-1) == .max)
    #expect(Int64(0).clampedSubtract(.min) == .max)
    #expect(UInt8(3).clampedSubtract(4) == 0)
    #expect(Int64(7).clampedSubtract(4) == 3)
  }

  @Test(arguments: 0...9)
  func `A split collection is cut where it is split`(place: Int) {
    #expect((0..<9).partitionIndex { $0 < place } == min(place, 9))
    #expect([Int]().partitionIndex { _ in true } == 0)
    #expect((5..<9).partitionIndex { _ in true } == 9)
  }
}
