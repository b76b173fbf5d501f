import Bytes
import Testing

struct HalfFloatTests {
  @Test func `halves come out as they went in`() {
    for bits in UInt16.min...UInt16.max where !HalfFloat.value(of: bits).isNaN {
      #expect(HalfFloat.bits(of: HalfFloat.value(of: bits)) == bits)
    }
    #expect(HalfFloat.value(of: 0x7e00).isNaN && HalfFloat.bits(of: .nan) == 0x7e00)
    #expect(HalfFloat.value(of: 0x3555) == 0.33325195)
    #expect(HalfFloat.bits(of: 65536) == 0x7c00 && HalfFloat.bits(of: -1e9) == 0xfc00)
    #expect(HalfFloat.bits(of: 65519) == 0x7bff && HalfFloat.bits(of: 1e-9) == 0)
  }
}
