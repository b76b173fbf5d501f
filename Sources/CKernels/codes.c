#include "codes.h"

#include <string.h>

#include "targets.h"

#if CK_X86
#include <immintrin.h>
#endif

typedef float f32x2 __attribute__((vector_size(8)));

// Whole bytes, both codes of one at a time.
static void bytes_portable(
  const uint8_t *codes, size_t count, const f32x2 *pairs, const float *map, float scale, float *target) {
  (void)map;
  for (size_t i = 0; i < count; i++) {
    f32x2 pair = pairs[codes[i]] * scale;
    memcpy(target + 2 * i, &pair, sizeof pair);
  }
}

#if CK_X86
// Eight bytes at a time: the table lies in two registers, and the highest bit of a code says in which.
__attribute__((target("avx2"))) static void bytes_avx2(
  const uint8_t *codes, size_t count, const f32x2 *pairs, const float *map, float scale, float *target) {
  const __m256 lower = _mm256_mul_ps(_mm256_loadu_ps(map), _mm256_set1_ps(scale));
  const __m256 upper = _mm256_mul_ps(_mm256_loadu_ps(map + 8), _mm256_set1_ps(scale));
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    __m256i low = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(codes + i)));
    __m256i high = _mm256_srli_epi32(low, 4);
    // Of an index only the lower three bits count, of a choice only the sign.
    __m256 first = _mm256_blendv_ps(
      _mm256_permutevar8x32_ps(lower, high), _mm256_permutevar8x32_ps(upper, high),
      _mm256_castsi256_ps(_mm256_slli_epi32(low, 24)));
    __m256 second = _mm256_blendv_ps(
      _mm256_permutevar8x32_ps(lower, low), _mm256_permutevar8x32_ps(upper, low),
      _mm256_castsi256_ps(_mm256_slli_epi32(low, 28)));
    __m256 even = _mm256_unpacklo_ps(first, second), odd = _mm256_unpackhi_ps(first, second);
    _mm256_storeu_ps(target + 2 * i, _mm256_permute2f128_ps(even, odd, 0x20));
    _mm256_storeu_ps(target + 2 * i + 8, _mm256_permute2f128_ps(even, odd, 0x31));
  }
  bytes_portable(codes + i, count - i, pairs, map, scale, target + 2 * i);
}

// Sixteen bytes at a time: the table lies in one register.
__attribute__((target("avx512f"))) static void bytes_avx512(
  const uint8_t *codes, size_t count, const f32x2 *pairs, const float *map, float scale, float *target) {
  const __m512 table = _mm512_mul_ps(_mm512_loadu_ps(map), _mm512_set1_ps(scale));
  const __m512i low = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(8));
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    __m512i bytes = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(codes + i)));
    __m512 first = _mm512_permutexvar_ps(_mm512_srli_epi32(bytes, 4), table);
    // Of an index only the lower four bits count.
    __m512 second = _mm512_permutexvar_ps(bytes, table);
    _mm512_storeu_ps(target + 2 * i, _mm512_permutex2var_ps(first, low, second));
    _mm512_storeu_ps(target + 2 * i + 16, _mm512_permutex2var_ps(first, high, second));
  }
  bytes_portable(codes + i, count - i, pairs, map, scale, target + 2 * i);
}
#endif

void ck_decode_nibbles(
  const uint8_t *codes, size_t first, size_t count, size_t block, const float *map, const float *scales, float *target) {
  f32x2 pairs[256];
  for (size_t byte = 0; byte < 256; byte++) pairs[byte] = (f32x2){map[byte >> 4], map[byte & 15]};
  void (*bytes)(const uint8_t *, size_t, const f32x2 *, const float *, float, float *) = bytes_portable;
#if CK_X86
  if (ck_target() == ck_target_avx2) bytes = bytes_avx2;
  if (ck_target() >= ck_target_avx512) bytes = bytes_avx512;
#endif
  size_t index = first, last = first + count;
  while (index < last) {
    size_t end = (index / block + 1) * block;
    if (end > last) end = last;
    float scale = scales[index / block];
    if (index & 1) {
      *target++ = map[codes[index / 2] & 15] * scale;
      index++;
    }
    size_t whole = (end - index) / 2;
    bytes(codes + index / 2, whole, pairs, map, scale, target);
    target += 2 * whole;
    index += 2 * whole;
    if (index < end) {
      *target++ = map[codes[index / 2] >> 4] * scale;
      index++;
    }
  }
}
