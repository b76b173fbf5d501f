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

// Fills the columns of one factor in a panel, from any strides and types.
static void pack_any(const ck_factor *f, size_t column, size_t from, size_t count, size_t n, double *panel) {
  const char *data = f->data;
  ptrdiff_t width = f->type == ck_f64 ? 8 : f->type == ck_f32 ? 4 : 2;
  if (f->step_i == 1) {
    for (size_t k = 0; k < count; k++) {
      double *to = panel + k * n + column;
      ck_to_double(f->type, data + (ptrdiff_t)(from + k) * f->step_k * width, 0, f->rank, to);
      for (size_t i = 0; i < f->rank; i++) to[i] *= f->scale;
    }
    return;
  }
  enum { run = 64 };
  double values[run];
  for (size_t i = 0; i < f->rank; i++) {
    const char *row = data + ((ptrdiff_t)i * f->step_i + (ptrdiff_t)from * f->step_k) * width;
    for (size_t k = 0; k < count; k += run) {
      size_t length = count - k < run ? count - k : run;
      if (f->step_k == 1) {
        ck_to_double(f->type, row + (ptrdiff_t)k * width, 0, length, values);
      } else {
        for (size_t j = 0; j < length; j++)
          ck_to_double(f->type, row + (ptrdiff_t)(k + j) * f->step_k * width, 0, 1, &values[j]);
      }
      for (size_t j = 0; j < length; j++) panel[(k + j) * n + column + i] = values[j] * f->scale;
    }
  }
}

static int fast_type(ck_element type) { return type == ck_f32 || type == ck_bf16; }

void ck_gram(
  ck_factor first, ck_factor second, int difference, size_t from, size_t to, size_t n, double *gram,
  double *panel) {
  size_t rank = first.rank;
  int paired = rank == second.rank && rank % 8 == 0 && n == 2 * rank && first.type == second.type &&
               fast_type(first.type);
  int rows = paired && first.step_k == 1 && second.step_k == 1;
  int columns = paired && first.step_i == 1 && second.step_i == 1;
  size_t depth = ck_panel_count / n;
  if (depth >= 8) depth = depth / 8 * 8;
  for (size_t k = from; k < to; k += depth) {
    size_t count = to - k < depth ? to - k : depth;
    if (columns) {
      DISPATCH(pack_columns, (&first, &second, difference, k, count, n, panel));
    } else if (rows && count % 8 == 0) {
      DISPATCH(pack_rows, (&first, &second, difference, k, count, n, panel));
    } else {
      memset(panel, 0, count * n * sizeof *panel);
      pack_any(&first, 0, k, count, n, panel);
      pack_any(&second, rank, k, count, n, panel);
      if (difference)
        for (size_t r = 0; r < count; r++)
          for (size_t i = 0; i < rank; i++) panel[r * n + rank + i] -= panel[r * n + i];
    }
    DISPATCH(product, (count, n, panel, panel, gram, 1));
  }
}

void ck_mirror(size_t n, double *matrix) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) matrix[i * n + j] = matrix[j * n + i];
}

void ck_multiply_transposed(size_t n, const double *a, const double *b, double *c) {
  memset(c, 0, n * n * sizeof *c);
  DISPATCH(product, (n, n, a, b, c, 0));
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
