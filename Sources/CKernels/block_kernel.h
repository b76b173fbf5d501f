// The inner loops of block.c, compiled for one instruction set: block.c includes this file once for each.

#define NAMED2(name, suffix) name##suffix
#define NAMED1(name, suffix) NAMED2(name, suffix)
#define NAMED(name) NAMED1(name, SUFFIX)

TARGET static void NAMED(multiply)(size_t rows, size_t columns, const float *w, const float *x, float *y) {
  size_t r = 0;
  for (; r + ROWS <= rows; r += ROWS) {
    f32x16 sum[ROWS] = {0};
    const float *from = w + r * columns;
    for (size_t c = 0; c < columns; c++) {
      f32x16 right = *(const f32x16u *)(x + 16 * c);
      for (int i = 0; i < ROWS; i++) sum[i] += from[i * columns + c] * right;
    }
    for (int i = 0; i < ROWS; i++) *(f32x16u *)(y + 16 * (r + i)) = sum[i];
  }
  for (; r < rows; r++) {
    f32x16 sum = {0};
    for (size_t c = 0; c < columns; c++) sum += w[r * columns + c] * *(const f32x16u *)(x + 16 * c);
    *(f32x16u *)(y + 16 * r) = sum;
  }
}

// By 64 rows at a time, which stay in a cache while the columns are gone through.
TARGET static void NAMED(multiply_transposed)(
  size_t rows, size_t columns, const float *w, const float *y, float *z) {
  for (size_t from = 0; from < rows; from += 64) {
    size_t to = rows - from < 64 ? rows : from + 64, c = 0;
    for (; c + ROWS <= columns; c += ROWS) {
      f32x16 sum[ROWS];
      for (int i = 0; i < ROWS; i++) sum[i] = *(const f32x16u *)(z + 16 * (c + i));
      for (size_t r = from; r < to; r++) {
        f32x16 right = *(const f32x16u *)(y + 16 * r);
        for (int i = 0; i < ROWS; i++) sum[i] += w[r * columns + c + i] * right;
      }
      for (int i = 0; i < ROWS; i++) *(f32x16u *)(z + 16 * (c + i)) = sum[i];
    }
    for (; c < columns; c++) {
      f32x16 sum = *(const f32x16u *)(z + 16 * c);
      for (size_t r = from; r < to; r++) sum += w[r * columns + c] * *(const f32x16u *)(y + 16 * r);
      *(f32x16u *)(z + 16 * c) = sum;
    }
  }
}

TARGET static void NAMED(dots)(size_t count, const float *x, const float *y, double *dots) {
  for (int k = 0; k < 16; k++) dots[k] = 0;
  for (size_t from = 0; from < count; from += 64) {
    size_t to = count - from < 64 ? count : from + 64;
    f32x16 sum = {0};
    for (size_t r = from; r < to; r++) sum += *(const f32x16u *)(x + 16 * r) * *(const f32x16u *)(y + 16 * r);
    for (int k = 0; k < 16; k++) dots[k] += sum[k];
  }
}

TARGET static void NAMED(subtract)(size_t count, const float *factors, const float *x, float *y) {
  f32x16 by = *(const f32x16u *)factors;
  for (size_t r = 0; r < count; r++) *(f32x16u *)(y + 16 * r) -= by * *(const f32x16u *)(x + 16 * r);
}

TARGET static void NAMED(orthonormalise)(size_t count, float *y, const double *limits) {
  for (int j = 0; j < 16; j++) {
    // The products of the column j with all of them, its own square among them.
    double dots[16] = {0};
    for (size_t from = 0; from < count; from += 64) {
      size_t to = count - from < 64 ? count : from + 64;
      f32x16 sum = {0};
      for (size_t r = from; r < to; r++) sum += y[16 * r + j] * *(const f32x16u *)(y + 16 * r);
      for (int k = 0; k < 16; k++) dots[k] += sum[k];
    }
    if (!(dots[j] > limits[j])) {
      for (size_t r = 0; r < count; r++) y[16 * r + j] = 0;
      continue;
    }
    float scale = (float)(1 / __builtin_sqrt(dots[j]));
    f32x16 by = {0};
    for (int k = j + 1; k < 16; k++) by[k] = (float)(dots[k] / dots[j]);
    for (size_t r = 0; r < count; r++) {
      float own = y[16 * r + j];
      *(f32x16u *)(y + 16 * r) -= own * by;
      y[16 * r + j] = own * scale;
    }
  }
}

#undef NAMED
#undef NAMED1
#undef NAMED2
