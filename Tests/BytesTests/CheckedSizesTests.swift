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
}
