#include "elements.h"

#include <math.h>
#include <string.h>

// The value of a small float: `exponent` bits with `bias`, `mantissa` bits, subnormals as IEEE 754 has them.
static double small_float(uint32_t bits, int exponent, int mantissa, int bias) {
  uint32_t sign = bits >> (exponent + mantissa) & 1;
  int power = (int)(bits >> mantissa & ((1u << exponent) - 1));
  uint32_t fraction = bits & ((1u << mantissa) - 1);
  double value = power == 0 ? ldexp((double)fraction, 1 - bias - mantissa)
                            : ldexp((double)(fraction | 1u << mantissa), power - bias - mantissa);
  return sign ? -value : value;
}

static double from_f8(ck_element type, uint8_t b) {
  switch (type) {
  case ck_f8_e4m3: return (b & 0x7f) == 0x7f ? NAN : small_float(b, 4, 3, 7);
  case ck_f8_e5m2:
    if ((b & 0x7c) == 0x7c) return (b & 3) ? NAN : (b & 0x80) ? -INFINITY : INFINITY;
    return small_float(b, 5, 2, 15);
  case ck_f8_e8m0: return b == 0xff ? NAN : ldexp(1, (int)b - 127);
  case ck_f8_e4m3fnuz: return b == 0x80 ? NAN : small_float(b, 4, 3, 8);
  default: return b == 0x80 ? NAN : small_float(b, 5, 2, 16);
  }
}

static double from_f16(uint16_t h) {
  // A product corrects the exponent's bias, which makes subnormals right too.
  uint32_t bits = (uint32_t)(h & 0x7fff) << 13;
  float value;
  memcpy(&value, &bits, 4);
  value *= 0x1p112f;
  if ((h & 0x7c00) == 0x7c00) value = (h & 0x3ff) ? NAN : INFINITY;
  return (h & 0x8000) ? -value : value;
}

// Bits `width * index` and following of a packed array.
static uint32_t packed(const uint8_t *source, size_t index, unsigned width) {
  size_t bit = index * width;
  uint32_t word = source[bit / 8];
  if (bit % 8 + width > 8) word |= (uint32_t)source[bit / 8 + 1] << 8;
  return word >> (bit % 8) & ((1u << width) - 1);
}

#define EACH(type, expression)                                                                    \
  {                                                                                               \
    const char *from = (const char *)source + first * sizeof(type);                               \
    for (size_t i = 0; i < count; i++) {                                                          \
      type v;                                                                                     \
      memcpy(&v, from + i * sizeof(type), sizeof(type));                                          \
      target[i] = (expression);                                                                   \
    }                                                                                             \
    return;                                                                                       \
  }

void ck_to_double(ck_element type, const void *source, size_t first, size_t count, double *target) {
  switch (type) {
  case ck_bool: EACH(uint8_t, v != 0)
  case ck_u8: EACH(uint8_t, v)
  case ck_i8: EACH(int8_t, v)
  case ck_u16: EACH(uint16_t, v)
  case ck_i16: EACH(int16_t, v)
  case ck_u32: EACH(uint32_t, v)
  case ck_i32: EACH(int32_t, v)
  case ck_u64: EACH(uint64_t, (double)v)
  case ck_i64: EACH(int64_t, (double)v)
  case ck_f16: EACH(uint16_t, from_f16(v))
  case ck_bf16: {
    const char *from = (const char *)source + first * 2;
    for (size_t i = 0; i < count; i++) {
      uint16_t h;
      memcpy(&h, from + i * 2, 2);
      uint32_t bits = (uint32_t)h << 16;
      float v;
      memcpy(&v, &bits, 4);
      target[i] = v;
    }
    return;
  }
  case ck_f32: EACH(float, v)
  case ck_f64: EACH(double, v)
  case ck_f8_e4m3:
  case ck_f8_e5m2:
  case ck_f8_e8m0:
  case ck_f8_e4m3fnuz:
  case ck_f8_e5m2fnuz: {
    double table[256];
    for (int b = 0; b < 256; b++) table[b] = from_f8(type, (uint8_t)b);
    for (size_t i = 0; i < count; i++) target[i] = table[((const uint8_t *)source)[first + i]];
    return;
  }
  case ck_f6_e2m3:
    for (size_t i = 0; i < count; i++) target[i] = small_float(packed(source, first + i, 6), 2, 3, 1);
    return;
  case ck_f6_e3m2:
    for (size_t i = 0; i < count; i++) target[i] = small_float(packed(source, first + i, 6), 3, 2, 3);
    return;
  case ck_f4:
    for (size_t i = 0; i < count; i++) target[i] = small_float(packed(source, first + i, 4), 2, 1, 1);
    return;
  }
}
