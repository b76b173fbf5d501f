#include "compare.h"

#include <math.h>
#include <string.h>

#include "targets.h"

enum { block = 2048 };

ck_comparison ck_comparison_empty(void) {
  ck_comparison empty = {0};
  empty.first_x = empty.first_y = UINT64_MAX;
  return empty;
}

// The sums of one block, taken in float32.
typedef struct {
  double xx, yy, xy, dd;
  uint32_t greatest;
  uint64_t changed;
} block_sums;

typedef block_sums (*block_pass)(const void *x, const void *y, size_t count);

// One version of each pass for each instruction set.
#define SUFFIX _portable
#define TARGET
#define HAS_F16C 0
#include "compare_kernel.h"
#undef SUFFIX
#undef TARGET
#undef HAS_F16C

#if CK_X86
#define SUFFIX _avx2
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define HAS_F16C 1
#include "compare_kernel.h"
#undef SUFFIX
#undef TARGET
#undef HAS_F16C

#define SUFFIX _avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")))
#define HAS_F16C 1
#include "compare_kernel.h"
#undef SUFFIX
#undef TARGET
#undef HAS_F16C
#endif

static block_pass pass_for(ck_element type) {
#if CK_X86
  switch (ck_target()) {
  case ck_target_avx512:
    return type == ck_bf16 ? pass_bf16_avx512 : type == ck_f16 ? pass_f16_avx512 : pass_f32_avx512;
  case ck_target_avx2:
    return type == ck_bf16 ? pass_bf16_avx2 : type == ck_f16 ? pass_f16_avx2 : pass_f32_avx2;
  default: break;
  }
#endif
  return type == ck_bf16 ? pass_bf16_portable : type == ck_f16 ? pass_f16_portable : pass_f32_portable;
}

// The width in bytes of types whose elements stand on whole bytes, else 0.
static size_t width(ck_element type) {
  switch (type) {
  case ck_u16:
  case ck_i16:
  case ck_f16:
  case ck_bf16: return 2;
  case ck_u32:
  case ck_i32:
  case ck_f32: return 4;
  case ck_u64:
  case ck_i64:
  case ck_f64: return 8;
  case ck_f6_e2m3:
  case ck_f6_e3m2:
  case ck_f4: return 0;
  default: return 1;
  }
}

static void note(double value, uint64_t index, uint64_t *nan, uint64_t *infinite, uint64_t *first) {
  if (isfinite(value)) return;
  *(isnan(value) ? nan : infinite) += 1;
  if (index < *first) *first = index;
}

// One block in float64, with every case that the fast pass leaves out.
static void careful(
  ck_element tx, const void *x, ck_element ty, const void *y, size_t first, size_t count, ck_comparison *c) {
  double a[block], b[block];
  ck_to_double(tx, x, first, count, a);
  ck_to_double(ty, y, first, count, b);
  size_t w = tx == ty ? width(tx) : 0;
  const char *px = (const char *)x + first * w, *py = (const char *)y + first * w;
  for (size_t i = 0; i < count; i++) {
    // Of different types the values count, and one NaN is as good as another.
    c->changed += w ? memcmp(px + i * w, py + i * w, w) != 0 : a[i] != b[i] && !(isnan(a[i]) && isnan(b[i]));
    if (isfinite(a[i]) && isfinite(b[i])) {
      double d = b[i] - a[i];
      c->xx += a[i] * a[i];
      c->yy += b[i] * b[i];
      c->xy += a[i] * b[i];
      c->dd += d * d;
      if (fabs(d) > c->greatest) c->greatest = fabs(d);
    } else {
      note(a[i], first + i, &c->nan_x, &c->infinite_x, &c->first_x);
      note(b[i], first + i, &c->nan_y, &c->infinite_y, &c->first_y);
    }
  }
}

static int all_zero(const unsigned char *bytes, size_t count) {
  unsigned char any = 0;
  for (size_t i = 0; i < count; i++) any |= bytes[i];
  return any == 0;
}

// Whether a float32 sum of squares is exact enough: finite, and not so small that squares vanished.
static int usable(double sum, const void *bytes, size_t count) {
  return sum == 0 ? all_zero(bytes, count) : sum > 1e-24 && isfinite(sum);
}

void ck_compare(
  ck_element tx, const void *x, ck_element ty, const void *y, size_t first, size_t count, ck_comparison *c) {
  int fast = tx == ty && (tx == ck_bf16 || tx == ck_f16 || tx == ck_f32);
  block_pass pass = pass_for(tx);
  size_t w = width(tx);
  for (size_t done = 0; done < count; done += block) {
    size_t n = count - done < block ? count - done : block;
    size_t start = first + done;
    if (fast) {
      const char *from_x = (const char *)x + start * w, *from_y = (const char *)y + start * w;
      block_sums s = pass(from_x, from_y, n);
      int exact = s.dd == 0 ? s.changed == 0 : s.dd > 1e-24;
      if (usable(s.xx, from_x, n * w) && usable(s.yy, from_y, n * w) && exact) {
        c->xx += s.xx;
        c->yy += s.yy;
        c->xy += s.xy;
        c->dd += s.dd;
        float greatest;
        memcpy(&greatest, &s.greatest, 4);
        if (greatest > c->greatest) c->greatest = greatest;
        c->changed += s.changed;
        continue;
      }
    }
    careful(tx, x, ty, y, start, n, c);
  }
}
