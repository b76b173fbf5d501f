#pragma once
#include <stddef.h>

// Products of float32 matrices, row-major, with sixteen vectors at once: a block of `count` rows of 16 elements, one
// vector to a column.

/// y = w·x, for w of rows × columns, x of columns × 16 and y of rows × 16.
void ck_block_multiply(size_t rows, size_t columns, const float *w, const float *x, float *y);

/// z = wᵀ·y, for w of rows × columns, y of rows × 16 and z of columns × 16.
void ck_block_multiply_transposed(size_t rows, size_t columns, const float *w, const float *y, float *z);

/// The sixteen products of the columns of x with those of y, summed in float64.
void ck_block_dots(size_t count, const float *x, const float *y, double *dots);

/// Subtracts `factors[k]` times the column k of x from that of y, for all sixteen.
void ck_block_subtract(size_t count, const float *factors, const float *x, float *y);

/// Makes the columns of y orthonormal (modified Gram–Schmidt); those whose squared norm is left at `limits` or below
/// become zero.
void ck_block_orthonormalise(size_t count, float *y, const double *limits);
