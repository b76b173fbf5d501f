#pragma once
#include "elements.h"

// Small dense float64 matrices, row-major, with rows of `n` elements where n is a multiple of 16; what lies beyond a
// matrix's own size is zero. No function allocates.

/// One matrix of float16, bfloat16, float32 or float64 as it lies in a file: element (k, i) of `long × rank` is at k·step_k + i·step_i elements from `data`.
typedef struct {
  const void *data;
  ck_element type;
  size_t rank;
  ptrdiff_t step_k, step_i;
  double scale;
} ck_factor;

/// Adds the Gram matrix of the columns of [first | second] over the rows k of `from ..< to` to `gram`.
///
/// With `difference`, which wants equal ranks, the second half is second − first instead, subtracted element by
/// element in float64, so that small changes keep their digits. Only tiles that touch the lower triangle are
/// filled; `ck_mirror` completes them. `panel` has `ck_panel_count` elements. Where the input has NaN or
/// infinities so has the Gram matrix.
///
/// - n: the sum of the ranks, rounded up to a multiple of 16.
void ck_gram(
  ck_factor first, ck_factor second, int difference, size_t from, size_t to, size_t n, double *gram,
  double *panel);

/// The float64 elements that `ck_gram` wants as its panel.
enum { ck_panel_count = 8192 };

/// The greatest n that `ck_gram` takes.
enum { ck_rank_limit = 8192 };

/// Copies the lower triangle to the upper one.
void ck_mirror(size_t n, double *matrix);

/// c = aᵀ·b, all n × n.
void ck_multiply_transposed(size_t n, const double *a, const double *b, double *c);

/// Replaces the lower triangle of the semidefinite `a` by L with L·Lᵀ = a, and the upper one by zeros.
///
/// Columns whose pivot is within rounding (`tolerance` times its diagonal element) of zero become zero.
/// - Returns: the number of other columns, which is the rank of `a`.
size_t ck_cholesky(size_t n, double *a, double tolerance);

/// The eigenvalues of the symmetric `a` of size × size (rows of n), greatest first.
///
/// Householder's reduction to a tridiagonal matrix and the implicit QL method (EISPACK's tred2 and tql2).
/// `a` is destroyed. With `vectors`, its rows become the eigenvectors in the order of the values.
/// `work` has 3·n elements.
/// - Returns: 0, or −1 where the iteration did not converge (non-finite input).
int ck_eigen(size_t size, size_t n, double *a, double *values, double *vectors, double *work);
