#include "dense.h"

#include <string.h>

#include "targets.h"

// Tiles of ROWS × 8·VECTORS sums stay in registers: 16 of AVX-512's 32, 8 of AVX2's 16, 8 to 16 elsewhere.
#define SUFFIX _portable
#define TARGET
#define ROWS 4
#define VECTORS 1
#include "dense_kernel.h"
#undef SUFFIX
#undef TARGET
#undef ROWS
#undef VECTORS

#if CK_X86
#define SUFFIX _avx2
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define ROWS 4
#define VECTORS 1
#include "dense_kernel.h"
#undef SUFFIX
#undef TARGET
#undef ROWS
#undef VECTORS

#define SUFFIX _avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")))
#define ROWS 8
#define VECTORS 2
#include "dense_kernel.h"
#undef SUFFIX
#undef TARGET
#undef ROWS
#undef VECTORS
#endif

// Fills columns of a panel from one factor of any strides and type: column c of row k lies in block c / 8, whose `count`
// rows have eight columns each, so that what a tile reads is contiguous.
static void pack_any(const ck_factor *f, size_t column, size_t from, size_t count, double *panel) {
  const char *data = f->data;
  ptrdiff_t width = f->type == ck_f64 ? 8 : f->type == ck_f32 ? 4 : 2;
  enum { run = 64 };
  double values[run];
  if (f->step_i == 1) {
    for (size_t i = 0; i < f->rank; i += run) {
      size_t length = f->rank - i < run ? f->rank - i : run;
      for (size_t k = 0; k < count; k++) {
        const char *row = data + ((ptrdiff_t)(from + k) * f->step_k + (ptrdiff_t)i) * width;
        ck_to_double(f->type, row, 0, length, values);
        for (size_t j = 0; j < length; j++) {
          size_t c = column + i + j;
          panel[c / 8 * 8 * count + 8 * k + c % 8] = values[j] * f->scale;
        }
      }
    }
    return;
  }
  for (size_t i = 0; i < f->rank; i++) {
    double *to = panel + (column + i) / 8 * 8 * count + (column + i) % 8;
    const char *row = data + ((ptrdiff_t)i * f->step_i + (ptrdiff_t)from * f->step_k) * width;
    for (size_t k = 0; k < count; k += run) {
      size_t length = count - k < run ? count - k : run;
      if (f->step_k == 1) {
        ck_to_double(f->type, row + (ptrdiff_t)k * width, 0, length, values);
      } else {
        for (size_t j = 0; j < length; j++)
          ck_to_double(f->type, row + (ptrdiff_t)(k + j) * f->step_k * width, 0, 1, &values[j]);
      }
      for (size_t j = 0; j < length; j++) to[8 * (k + j)] = values[j] * f->scale;
    }
  }
}

static void pack(const ck_factor *f, size_t column, size_t from, size_t count, double *panel) {
  int isFast = f->rank % 8 == 0 && column % 8 == 0 && (f->type == ck_f32 || f->type == ck_bf16);
  if (isFast && f->step_i == 1) {
    DISPATCH(pack_columns, (f, from, count, panel + column * count));
  } else if (isFast && f->step_k == 1 && count % 8 == 0) {
    DISPATCH(pack_rows, (f, from, count, panel + column * count));
  } else {
    pack_any(f, column, from, count, panel);
  }
}

// Takes the first `rank` columns of a panel from the next.
static void subtract(size_t rank, size_t count, double *panel) {
  double *next = panel + rank * count;
  if (rank % 8 == 0) {
    for (size_t i = 0; i < rank * count; i++) next[i] -= panel[i];
    return;
  }
  for (size_t i = 0; i < rank; i++) {
    double *x = panel + i / 8 * 8 * count + i % 8, *y = panel + (rank + i) / 8 * 8 * count + (rank + i) % 8;
    for (size_t row = 0; row < count; row++) y[8 * row] -= x[8 * row];
  }
}

void ck_gram(
  ck_factor first, ck_factor second, int difference, size_t from, size_t to, size_t n, double *gram,
  double *panel) {
  // Columns beyond the last are 0. More than 128 rows of a block take its other half out of the first cache.
  size_t rank = first.rank, columns = rank + second.rank, size = (columns + 7) / 8 * 8;
  size_t depth = size == 0 ? to - from : ck_panel_count / size;
  if (depth > 128) depth = 128;
  if (depth >= 8) depth = depth / 8 * 8;
  for (size_t k = from; k < to; k += depth) {
    size_t count = to - k < depth ? to - k : depth;
    if (columns < size) memset(panel, 0, count * size * sizeof *panel);
    pack(&first, 0, k, count, panel);
    pack(&second, rank, k, count, panel);
    if (difference) subtract(rank, count, panel);
    DISPATCH(product, (count, size, 8, 8 * count, panel, panel, gram, n, 1));
  }
}

void ck_mirror(size_t n, double *matrix) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) matrix[i * n + j] = matrix[j * n + i];
}

void ck_multiply_transposed(size_t n, const double *a, const double *b, double *c) {
  memset(c, 0, n * n * sizeof *c);
  DISPATCH(product, (n, n, n, 8, a, b, c, n, 0));
}

size_t ck_cholesky(size_t n, double *a, double tolerance) {
  // The lower triangle's first column keeps the diagonal for the tolerance; the upper triangle is worked on.
  for (size_t k = 1; k < n; k++) a[k * n] = a[k * n + k];
  size_t rank = DISPATCH(cholesky, (n, a, tolerance));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      a[i * n + j] = a[j * n + i];
      a[j * n + i] = 0;
    }
  return rank;
}

int ck_eigen(size_t size, size_t n, double *a, double *values, double *vectors, double *work) {
  if (size == 0) return 0;
  double *e = work;
  DISPATCH(tridiagonal, (size, n, a, values, e, vectors, work + n));
  if (DISPATCH(ql, (size, n, values, e, vectors)) != 0) return -1;
  // Greatest first; the vectors move along.
  for (size_t i = 0; i + 1 < size; i++) {
    size_t greatest = i;
    for (size_t j = i + 1; j < size; j++)
      if (values[j] > values[greatest]) greatest = j;
    if (greatest == i) continue;
    double value = values[i];
    values[i] = values[greatest];
    values[greatest] = value;
    if (vectors)
      for (size_t k = 0; k < n; k++) {
        double x = vectors[i * n + k];
        vectors[i * n + k] = vectors[greatest * n + k];
        vectors[greatest * n + k] = x;
      }
  }
  return 0;
}
