#pragma once
#include "elements.h"

/// What one pass over two arrays of the same length found; passes over further parts add to it.
typedef struct {
  /// Sums over the elements where both are finite: x², y², x·y and (y − x)².
  double xx, yy, xy, dd;
  /// The greatest |y − x| over the same elements.
  double greatest;
  /// Elements whose bits differ (whose values differ, where the types do).
  uint64_t changed;
  /// NaN and infinite elements of each array.
  uint64_t nan_x, infinite_x, nan_y, infinite_y;
  /// The index of the first NaN or infinite element of each array; UINT64_MAX without one.
  uint64_t first_x, first_y;
} ck_comparison;

/// A comparison of nothing.
ck_comparison ck_comparison_empty(void);

/// Compares the elements `first` to `first + count` of x and y, at any alignment.
///
/// Products are taken in float32 with one float32 sum for each 128 elements and float64 sums of those; blocks whose
/// squares leave the range of float32, and element types of more precision, in float64 throughout.
void ck_compare(
  ck_element type_x, const void *x, ck_element type_y, const void *y, size_t first, size_t count,
  ck_comparison *comparison);
