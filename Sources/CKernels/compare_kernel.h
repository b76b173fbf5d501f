// The fast pass over two blocks, compiled for one instruction set: see compare.c, which includes this file once
// for each. Vectors of 16 lanes are the compiler's own; it splits them where registers are narrower.

#define NAMED2(name, suffix) name##suffix
#define NAMED1(name, suffix) NAMED2(name, suffix)
#define NAMED(name) NAMED1(name, SUFFIX)

#ifndef CK_COMPARE_VECTORS
#define CK_COMPARE_VECTORS
typedef float f32x16 __attribute__((vector_size(64)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint16_t u16x16 __attribute__((vector_size(32)));
typedef double f64x16 __attribute__((vector_size(128)));
#endif

#define INLINE TARGET static inline __attribute__((always_inline))

// 16 elements as the bits of float32.
INLINE void NAMED(load_f32)(const char *from, u32x16 *bits) { __builtin_memcpy(bits, from, 64); }

INLINE void NAMED(load_bf16)(const char *from, u32x16 *bits) {
  u16x16 half;
  __builtin_memcpy(&half, from, 32);
  *bits = __builtin_convertvector(half, u32x16) << 16;
}

INLINE void NAMED(load_f16)(const char *from, u32x16 *bits) {
#if HAS_F16C
  typedef _Float16 f16x16 __attribute__((vector_size(32)));
  f16x16 half;
  __builtin_memcpy(&half, from, 32);
  *bits = (u32x16)__builtin_convertvector(half, f32x16);
#else
  // The exponent's bias is corrected by a product, which makes subnormals right too; infinities and NaN keep all
  // ones in the exponent.
  u16x16 half;
  __builtin_memcpy(&half, from, 32);
  u32x16 wide = __builtin_convertvector(half, u32x16);
  u32x16 magnitude = (wide & 0x7fff) << 13;
  f32x16 value = (f32x16)magnitude * 0x1p112f;
  u32x16 special = (u32x16)(magnitude >= 0x0f800000);
  *bits = (u32x16)value | (special & 0x7f800000) | (wide & 0x8000) << 16;
#endif
}

// Two independent sets of sums hide the latency of the additions.
#define PASS(name, load, size)                                                                     \
  TARGET static block_sums NAMED(name)(const void *x, const void *y, size_t count) {               \
    f32x16 xx[2] = {0}, yy[2] = {0}, xy[2] = {0}, dd[2] = {0};                                     \
    u32x16 greatest = {0};                                                                         \
    i32x16 changed = {0};                                                                          \
    const char *px = x, *py = y;                                                                   \
    char tail[2][32 * size];                                                                       \
    for (size_t i = 0; i < count; i += 32) {                                                       \
      const char *from_x = px + i * size, *from_y = py + i * size;                                 \
      if (count - i < 32) {                                                                        \
        __builtin_memset(tail, 0, sizeof tail);                                                    \
        __builtin_memcpy(tail[0], from_x, (count - i) * size);                                     \
        __builtin_memcpy(tail[1], from_y, (count - i) * size);                                     \
        from_x = tail[0];                                                                          \
        from_y = tail[1];                                                                          \
      }                                                                                            \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < 2; k++) {                             \
        u32x16 bx, by;                                                                             \
        NAMED(load)(from_x + 16 * k * size, &bx);                                                  \
        NAMED(load)(from_y + 16 * k * size, &by);                                                  \
        f32x16 a = (f32x16)bx, b = (f32x16)by, d = b - a;                                          \
        xx[k] += a * a;                                                                            \
        yy[k] += b * b;                                                                            \
        xy[k] += a * b;                                                                            \
        dd[k] += d * d;                                                                            \
        greatest = __builtin_elementwise_max(greatest, (u32x16)d & 0x7fffffff);                    \
        changed -= (i32x16)(bx != by);                                                             \
      }                                                                                            \
    }                                                                                              \
    block_sums sums = {0};                                                                         \
    f64x16 wide[4] = {                                                                             \
      __builtin_convertvector(xx[0], f64x16) + __builtin_convertvector(xx[1], f64x16),             \
      __builtin_convertvector(yy[0], f64x16) + __builtin_convertvector(yy[1], f64x16),             \
      __builtin_convertvector(xy[0], f64x16) + __builtin_convertvector(xy[1], f64x16),             \
      __builtin_convertvector(dd[0], f64x16) + __builtin_convertvector(dd[1], f64x16)};            \
    for (int lane = 0; lane < 16; lane++) {                                                        \
      sums.xx += wide[0][lane];                                                                    \
      sums.yy += wide[1][lane];                                                                    \
      sums.xy += wide[2][lane];                                                                    \
      sums.dd += wide[3][lane];                                                                    \
      sums.changed += (uint32_t)changed[lane];                                                     \
      if (greatest[lane] > sums.greatest) sums.greatest = greatest[lane];                          \
    }                                                                                              \
    return sums;                                                                                   \
  }

PASS(pass_f32, load_f32, 4)
PASS(pass_bf16, load_bf16, 2)
PASS(pass_f16, load_f16, 2)

#undef PASS
#undef INLINE
#undef NAMED
#undef NAMED1
#undef NAMED2
