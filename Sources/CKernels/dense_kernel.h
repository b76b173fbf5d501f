// The inner loops of dense.c, compiled for one instruction set: dense.c includes this file once for each.

#define NAMED2(name, suffix) name##suffix
#define NAMED1(name, suffix) NAMED2(name, suffix)
#define NAMED(name) NAMED1(name, SUFFIX)
#define INLINE TARGET static inline __attribute__((always_inline))

#ifndef CK_DENSE_VECTORS
#define CK_DENSE_VECTORS
typedef double f64x8 __attribute__((vector_size(64)));
typedef double f64x8u __attribute__((vector_size(64), aligned(8)));
typedef float f32x8u __attribute__((vector_size(32), aligned(4)));
typedef uint16_t u16x8u __attribute__((vector_size(16), aligned(2)));
typedef uint32_t u32x8 __attribute__((vector_size(32)));
typedef float f32x8 __attribute__((vector_size(32)));
#endif

// c[ROWS × 8·vectors] += xᵀ·y over `depth` rows: those of x and y are `row` elements apart, vectors of eight `block`.
INLINE void NAMED(tile)(
  size_t depth, size_t row, size_t block, const double *x, const double *y, double *c, size_t n, int vectors) {
  f64x8 sum[ROWS][VECTORS];
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < vectors; j++) sum[i][j] = *(const f64x8u *)(c + i * n + 8 * j);
  for (size_t k = 0; k < depth; k++, x += row, y += row) {
    f64x8 right[VECTORS];
    for (int j = 0; j < vectors; j++) right[j] = *(const f64x8u *)(y + j * block);
    for (int i = 0; i < ROWS; i++)
      for (int j = 0; j < vectors; j++) sum[i][j] += x[i] * right[j];
  }
  for (int i = 0; i < ROWS; i++)
    for (int j = 0; j < vectors; j++) *(f64x8u *)(c + i * n + 8 * j) = sum[i][j];
}

// c += xᵀ·y over the first `size` columns, a multiple of 8; with `lower`, only the tiles that touch the lower triangle.
TARGET static void NAMED(product)(
  size_t depth, size_t size, size_t row, size_t block, const double *x, const double *y, double *c, size_t n,
  int lower) {
  for (size_t j = 0; j < size; j += 8 * VECTORS)
    for (size_t i = lower ? j / ROWS * ROWS : 0; i < size; i += ROWS) {
      const double *left = x + i / 8 * block + i % 8, *right = y + j / 8 * block;
      if (j + 8 * VECTORS <= size)
        NAMED(tile)(depth, row, block, left, right, c + i * n + j, n, VECTORS);
      else
        NAMED(tile)(depth, row, block, left, right, c + i * n + j, n, 1);
    }
}

// Eight elements that lie contiguous in the file, times `scale`, in float64.
INLINE void NAMED(eight)(const void *from, ck_element type, double scale, f64x8 *to) {
  if (type == ck_f32) {
    *to = __builtin_convertvector(*(const f32x8u *)from, f64x8) * scale;
  } else {
    u32x8 bits = __builtin_convertvector(*(const u16x8u *)from, u32x8) << 16;
    *to = __builtin_convertvector((f32x8)bits, f64x8) * scale;
  }
}

// Writes an 8 × 8 block transposed.
INLINE void NAMED(transpose)(const f64x8 *r, double *to) {
  f64x8 a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    a[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int k = 0; k < 2; k++) {
      b[i + k] = __builtin_shufflevector(a[i + k], a[i + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      b[i + k + 2] = __builtin_shufflevector(a[i + k], a[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int k = 0; k < 4; k++) {
    *(f64x8u *)(to + 8 * k) = __builtin_shufflevector(b[k], b[k + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(f64x8u *)(to + 8 * k + 32) = __builtin_shufflevector(b[k], b[k + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

// Fills the blocks of one factor, `count` rows of eight columns each, from rows (fixed i, running k) that lie contiguous;
// a rank and a count of 8·m.
TARGET static void NAMED(pack_rows)(const ck_factor *f, size_t from, size_t count, double *panel) {
  ptrdiff_t width = f->type == ck_f32 ? 4 : 2;
  for (size_t i = 0; i < f->rank; i += 8, panel += 8 * count) {
    const char *data = (const char *)f->data + ((ptrdiff_t)i * f->step_i + (ptrdiff_t)from) * width;
    for (size_t k = 0; k < count; k += 8) {
      f64x8 rows[8];
      for (int row = 0; row < 8; row++)
        NAMED(eight)(data + (row * f->step_i + (ptrdiff_t)k) * width, f->type, f->scale, &rows[row]);
      NAMED(transpose)(rows, panel + 8 * k);
    }
  }
}

// The same for a factor whose columns (fixed k, running i) lie contiguous, and any count.
TARGET static void NAMED(pack_columns)(const ck_factor *f, size_t from, size_t count, double *panel) {
  ptrdiff_t width = f->type == ck_f32 ? 4 : 2;
  for (size_t i = 0; i < f->rank; i += 8, panel += 8 * count) {
    const char *data = (const char *)f->data + ((ptrdiff_t)from * f->step_k + (ptrdiff_t)i) * width;
    for (size_t k = 0; k < count; k++) {
      f64x8 x;
      NAMED(eight)(data + (ptrdiff_t)k * f->step_k * width, f->type, f->scale, &x);
      *(f64x8u *)(panel + 8 * k) = x;
    }
  }
}

// y += a·x over n elements, a multiple of 8.
INLINE void NAMED(axpy)(size_t n, double a, const double *x, double *y) {
  for (size_t i = 0; i < n; i += 8) *(f64x8u *)(y + i) += a * *(const f64x8u *)(x + i);
}

INLINE double NAMED(dot)(size_t n, const double *x, const double *y) {
  f64x8 sum = {0};
  for (size_t i = 0; i < n; i += 8) sum += *(const f64x8u *)(x + i) * *(const f64x8u *)(y + i);
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

// Works on the upper triangle by rows, R = Lᵀ, so that every inner loop is contiguous; then transposes.
TARGET static size_t NAMED(cholesky)(size_t n, double *a, double tolerance) {
  size_t rank = 0;
  for (size_t k = 0; k < n; k++) {
    double *row = a + k * n;
    double pivot = row[k];
    // The diagonal element before any elimination is kept below the diagonal of column 0 … see `ck_cholesky`.
    double limit = tolerance * (k == 0 ? pivot : a[k * n]);
    if (!(pivot > limit) || !(pivot > 0)) {
      for (size_t j = k; j < n; j++) row[j] = 0;
      continue;
    }
    rank++;
    double root = __builtin_sqrt(pivot), inverse = 1 / root;
    row[k] = root;
    for (size_t j = k + 1; j < n; j++) row[j] *= inverse;
    for (size_t i = k + 1; i < n; i++) {
      double factor = -row[i];
      if (factor == 0) continue;
      // From the multiple of 8 below i on: what it touches left of the diagonal is not read, but for column 0.
      size_t start = i / 8 * 8;
      double keep = a[i * n];
      NAMED(axpy)(n - start, factor, row + start, a + i * n + start);
      if (start == 0) a[i * n] = keep;
    }
  }
  return rank;
}

// Householder's reduction of the full symmetric a (rows of n, size used) to diagonal d and off-diagonal e, with
// e[i] beside d[i] and d[i + 1]. Where z is not null, its rows become those of Qᵀ with a = Q·T·Qᵀ.
TARGET static void NAMED(tridiagonal)(
  size_t size, size_t n, double *a, double *d, double *e, double *z, double *work) {
  double *v = work, *w = work + n;
  if (z) {
    __builtin_memset(z, 0, n * n * sizeof *z);
    for (size_t i = 0; i < size; i++) z[i * n + i] = 1;
  }
  for (size_t k = 0; k + 2 < size; k++) {
    // The reflection that clears row k beyond k + 1; v is 0 up to k.
    size_t start = (k + 1) / 8 * 8, length = n - start;
    double *row = a + k * n;
    for (size_t i = 0; i < n; i++) v[i] = i > k && i < size ? row[i] : 0;
    d[k] = row[k];
    double alpha = v[k + 1], tail = NAMED(dot)(length, v + start, v + start) - alpha * alpha;
    if (!(tail > 0)) {
      e[k] = alpha;
      continue;
    }
    double norm = __builtin_sqrt(alpha * alpha + tail), beta = alpha > 0 ? -norm : norm;
    e[k] = beta;
    v[k + 1] = alpha - beta;
    // H = I − v·vᵀ/h, with h = vᵀv/2.
    double h = beta * (beta - alpha), inverse = 1 / h;
    for (size_t i = 0; i < n; i++) w[i] = 0;
    for (size_t i = k + 1; i < size; i++) w[i] = NAMED(dot)(length, a + i * n + start, v + start) * inverse;
    double half = NAMED(dot)(length, v + start, w + start) * inverse / 2;
    NAMED(axpy)(length, -half, v + start, w + start);
    for (size_t i = k + 1; i < size; i++) {
      double vi = v[i], wi = w[i];
      double *to = a + i * n + start;
      for (size_t j = 0; j < length; j += 8)
        *(f64x8u *)(to + j) -=
          vi * *(const f64x8u *)(w + start + j) + wi * *(const f64x8u *)(v + start + j);
    }
    if (z) {
      for (size_t i = 0; i < n; i++) w[i] = 0;
      for (size_t i = k + 1; i < size; i++) NAMED(axpy)(n, v[i] * inverse, z + i * n, w);
      for (size_t i = k + 1; i < size; i++) NAMED(axpy)(n, -v[i], w, z + i * n);
    }
  }
  if (size >= 2) {
    d[size - 2] = a[(size - 2) * n + size - 2];
    e[size - 2] = a[(size - 2) * n + size - 1];
  }
  d[size - 1] = a[(size - 1) * n + size - 1];
  e[size - 1] = 0;
}

// The implicit QL method; rows of z are rotated along.
TARGET static int NAMED(ql)(size_t size, size_t n, double *d, double *e, double *z) {
  for (size_t l = 0; l < size; l++) {
    for (int iteration = 0;; iteration++) {
      size_t m = l;
      for (; m + 1 < size; m++) {
        double scale = __builtin_fabs(d[m]) + __builtin_fabs(d[m + 1]);
        if (__builtin_fabs(e[m]) <= 2.3e-16 * scale) break;
      }
      if (m == l) break;
      if (iteration == 60) return -1;
      double g = (d[l + 1] - d[l]) / (2 * e[l]), r = __builtin_sqrt(g * g + 1);
      g = d[m] - d[l] + e[l] / (g + (g < 0 ? -r : r));
      double s = 1, c = 1, p = 0;
      size_t i = m;
      while (i-- > l) {
        double f = s * e[i], b = c * e[i];
        r = __builtin_sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r == 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        double inverse = 1 / r;
        s = f * inverse;
        c = g * inverse;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        if (z) {
          double *upper = z + i * n, *lower = upper + n;
          for (size_t k = 0; k < n; k += 8) {
            f64x8 x = *(f64x8u *)(upper + k), y = *(f64x8u *)(lower + k);
            *(f64x8u *)(lower + k) = s * x + c * y;
            *(f64x8u *)(upper + k) = c * x - s * y;
          }
        }
      }
      if (r == 0 && i + 1 > l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
  return 0;
}

#undef INLINE
#undef NAMED
#undef NAMED1
#undef NAMED2
