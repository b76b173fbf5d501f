#include "crc32c.h"

#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

// All functions below work on the register of the CRC, which is the complement of its value.
//
// Bits are reflected: bit 31 of a register stands for x^0, and a shift to the right multiplies by x.
#define POLYNOMIAL 0x82f63b78u

static uint64_t load64(const uint8_t *bytes) {
  uint64_t value;
  memcpy(&value, bytes, 8);
  return value;
}

// MARK: Portable: eight tables, eight bytes a step.

static uint32_t tables[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void make_tables(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? POLYNOMIAL : 0);
    tables[0][byte] = value;
  }
  for (int table = 1; table < 8; table++)
    for (int byte = 0; byte < 256; byte++) {
      uint32_t value = tables[table - 1][byte];
      tables[table][byte] = (value >> 8) ^ tables[0][value & 0xff];
    }
}

static uint32_t portable(uint32_t state, const uint8_t *bytes, size_t count) {
  pthread_once(&tables_once, make_tables);
  for (; count >= 8; bytes += 8, count -= 8) {
    uint32_t low = state ^ ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                            (uint32_t)bytes[3] << 24);
    state = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^
            tables[4][low >> 24] ^ tables[3][bytes[4]] ^ tables[2][bytes[5]] ^ tables[1][bytes[6]] ^
            tables[0][bytes[7]];
  }
  while (count--) state = (state >> 8) ^ tables[0][(state ^ *bytes++) & 0xff];
  return state;
}

// MARK: The processor's own instruction.

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static inline uint32_t one_stream(uint32_t state, const uint8_t *bytes, size_t count) {
  uint64_t wide = state;
  for (; count >= 8; bytes += 8, count -= 8) wide = _mm_crc32_u64(wide, load64(bytes));
  state = (uint32_t)wide;
  if (count & 4) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    state = _mm_crc32_u32(state, value);
    bytes += 4;
  }
  if (count & 2) {
    uint16_t value;
    memcpy(&value, bytes, 2);
    state = _mm_crc32_u16(state, value);
    bytes += 2;
  }
  if (count & 1) state = _mm_crc32_u8(state, *bytes);
  return state;
}

// The instruction has a latency of three cycles and starts once a cycle, so three streams are three times as fast.
// A stream that lies n bytes before another one is brought to it by a multiplication with x^8n: the carry-less
// product with x^(8n-33) is one x too high and is reduced, times x^32, by the CRC instruction itself.
enum { LONG_STREAM = 4096, SHORT_STREAM = 256 };
static uint32_t long_shift[2], short_shift[2];

static uint32_t power_of_x(unsigned exponent) {
  uint32_t value = 0x80000000u;
  while (exponent--) value = (value >> 1) ^ (value & 1 ? POLYNOMIAL : 0);
  return value;
}

static void make_shifts(void) {
  long_shift[0] = power_of_x(8 * LONG_STREAM - 33);
  long_shift[1] = power_of_x(16 * LONG_STREAM - 33);
  short_shift[0] = power_of_x(8 * SHORT_STREAM - 33);
  short_shift[1] = power_of_x(16 * SHORT_STREAM - 33);
}

__attribute__((target("sse4.2,pclmul"))) static inline uint64_t shifted(uint64_t state, uint32_t factor) {
  __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)state), _mm_cvtsi32_si128((int32_t)factor), 0);
  return _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(product));
}

__attribute__((target("sse4.2,pclmul"))) static inline uint32_t joined(
    uint32_t state, const uint8_t *bytes, size_t stream, const uint32_t shift[2]) {
  uint64_t first = state, second = 0, third = 0;
  for (size_t offset = 0; offset < stream; offset += 8) {
    first = _mm_crc32_u64(first, load64(bytes + offset));
    second = _mm_crc32_u64(second, load64(bytes + stream + offset));
    third = _mm_crc32_u64(third, load64(bytes + 2 * stream + offset));
  }
  return (uint32_t)(shifted(first, shift[1]) ^ shifted(second, shift[0]) ^ third);
}

__attribute__((target("sse4.2,pclmul"))) static uint32_t three_streams(
    uint32_t state, const uint8_t *bytes, size_t count) {
  for (; count >= 3 * LONG_STREAM; bytes += 3 * LONG_STREAM, count -= 3 * LONG_STREAM)
    state = joined(state, bytes, LONG_STREAM, long_shift);
  for (; count >= 3 * SHORT_STREAM; bytes += 3 * SHORT_STREAM, count -= 3 * SHORT_STREAM)
    state = joined(state, bytes, SHORT_STREAM, short_shift);
  return one_stream(state, bytes, count);
}

static int detect(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("sse4.2")) return 0;
  if (!__builtin_cpu_supports("pclmul")) return 1;
  make_shifts();
  return 2;
}

#elif defined(__aarch64__)

__attribute__((target("crc"))) static uint32_t one_stream(uint32_t state, const uint8_t *bytes, size_t count) {
  for (; count >= 8; bytes += 8, count -= 8) state = __builtin_arm_crc32cd(state, load64(bytes));
  while (count--) state = __builtin_arm_crc32cb(state, *bytes++);
  return state;
}

static uint32_t three_streams(uint32_t state, const uint8_t *bytes, size_t count) {
  return one_stream(state, bytes, count);
}

static int detect(void) {
#if defined(__APPLE__)
  return 1;
#elif defined(__linux__)
  return getauxval(AT_HWCAP) & HWCAP_CRC32 ? 1 : 0;
#else
  return 0;
#endif
}

#else

static uint32_t one_stream(uint32_t state, const uint8_t *bytes, size_t count) {
  return portable(state, bytes, count);
}

static uint32_t three_streams(uint32_t state, const uint8_t *bytes, size_t count) {
  return portable(state, bytes, count);
}

static int detect(void) { return 0; }

#endif

// MARK: Dispatch

// Set before main, so that no call has to ask whether it is.
static int best_way;
__attribute__((constructor)) static void choose_way(void) { best_way = detect(); }

static uint32_t update(int way, uint32_t state, const uint8_t *bytes, size_t count) {
  switch (way) {
  case 2: return count >= 3 * 256 ? three_streams(state, bytes, count) : one_stream(state, bytes, count);
  case 1: return one_stream(state, bytes, count);
  default: return portable(state, bytes, count);
  }
}

int kernel_crc32c_way(void) { return best_way; }

uint32_t kernel_crc32c_by(int way, uint32_t crc, const void *bytes, size_t count) {
  return ~update(way < best_way ? way : best_way, ~crc, bytes, count);
}

uint32_t kernel_crc32c_extend(uint32_t crc, const void *bytes, size_t count) {
  return ~update(best_way, ~crc, bytes, count);
}

uint32_t kernel_crc32c(const void *bytes, size_t count) { return kernel_crc32c_extend(0, bytes, count); }

static uint32_t masked(uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8u; }

uint32_t kernel_crc32c_masked(const void *bytes, size_t count) { return masked(kernel_crc32c(bytes, count)); }

// MARK: Records

static uint64_t little64(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int index = 7; index >= 0; index--) value = value << 8 | bytes[index];
  return value;
}

static uint32_t little32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static int64_t sound_record(const uint8_t *bytes, size_t count) {
  if (count < 16 || kernel_crc32c_masked(bytes, 8) != little32(bytes + 8)) return -1;
  uint64_t length = little64(bytes);
  if (length > count - 16) return -1;
  return kernel_crc32c_masked(bytes + 12, length) == little32(bytes + 12 + length) ? (int64_t)length : -1;
}

#if defined(__x86_64__)
// Most records are so short that the calls would cost as much as the checksums.
__attribute__((target("sse4.2"))) static int64_t sound_short_record(const uint8_t *bytes, size_t count) {
  if (count < 16) return -1;
  uint64_t length = little64(bytes);
  if (length > count - 16 || masked(~(uint32_t)_mm_crc32_u64(~0u, length)) != little32(bytes + 8)) return -1;
  if (length >= 3 * SHORT_STREAM) return sound_record(bytes, count);
  uint32_t crc = ~one_stream(~0u, bytes + 12, length);
  return masked(crc) == little32(bytes + 12 + length) ? (int64_t)length : -1;
}
#endif

int64_t kernel_sound_record(const void *bytes, size_t count) {
#if defined(__x86_64__)
  if (best_way > 0) return sound_short_record(bytes, count);
#endif
  return sound_record(bytes, count);
}
