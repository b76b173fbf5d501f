#include "block.h"

#include <string.h>

#include "targets.h"

typedef float f32x16 __attribute__((vector_size(64)));
typedef float f32x16u __attribute__((vector_size(64), aligned(4)));

#define SUFFIX _portable
#define TARGET
#define ROWS 2
#include "block_kernel.h"
#undef SUFFIX
#undef TARGET
#undef ROWS

#if CK_X86
#define SUFFIX _avx2
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define ROWS 4
#include "block_kernel.h"
#undef SUFFIX
#undef TARGET
#undef ROWS

#define SUFFIX _avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")))
#define ROWS 16
#include "block_kernel.h"
#undef SUFFIX
#undef TARGET
#undef ROWS
#endif

void ck_block_multiply(size_t rows, size_t columns, const float *w, const float *x, float *y) {
  DISPATCH(multiply, (rows, columns, w, x, y));
}

void ck_block_multiply_transposed(size_t rows, size_t columns, const float *w, const float *y, float *z) {
  memset(z, 0, columns * 16 * sizeof *z);
  DISPATCH(multiply_transposed, (rows, columns, w, y, z));
}

void ck_block_dots(size_t count, const float *x, const float *y, double *dots) {
  DISPATCH(dots, (count, x, y, dots));
}

void ck_block_subtract(size_t count, const float *factors, const float *x, float *y) {
  DISPATCH(subtract, (count, factors, x, y));
}

void ck_block_orthonormalise(size_t count, float *y, const double *limits) {
  DISPATCH(orthonormalise, (count, y, limits));
}
