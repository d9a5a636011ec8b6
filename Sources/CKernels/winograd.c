#include "CKernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// F(4×4, 3×3): 36 products in place of 144 for 4×4 outputs (Lavin and Gray, 1509.09308), points
// 0, ±1, ±2, ∞. Tiles are taken in groups small enough for the second-level cache: a group's
// inputs are transformed, multiplied by all weights and transformed back before the next group
// starts, so the 36-fold transformed picture never travels through memory.

#if defined(__x86_64__)

enum { points = 36, tile = 4, lanes = 16, chunk = 64, most_rows = 6 };

typedef float vec __attribute__((vector_size(64)));
#define AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma")))
#define INLINE AVX512 static inline __attribute__((always_inline))

struct mien_winograd {
  int inputs, outputs; // rounded to whole blocks
  int height, width;
  int group; // tiles in a group
  float *weights; // [outputs / 64][points][inputs][64 or what is left]
};

static int tiles(const mien_winograd *w) { return w->height / tile * (w->width / tile); }

static size_t group_floats(const mien_winograd *w) {
  return (size_t)points * w->group * w->inputs + (size_t)points * w->group * chunk;
}

int mien_winograd_available(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

mien_winograd *mien_winograd_create(
    const float *weights, int inputs, int outputs, int height, int width) {
  if (height % tile || width % tile || !mien_winograd_available()) return NULL;
  mien_winograd *w = calloc(1, sizeof *w);
  if (!w) return NULL;
  w->inputs = (inputs + lanes - 1) / lanes * lanes;
  w->outputs = (outputs + lanes - 1) / lanes * lanes;
  w->height = height;
  w->width = width;
  // A group's transformed inputs take up to 1.2 MB of the cache.
  int group = (int)(1200000 / ((size_t)points * w->inputs * sizeof(float)));
  group = group / most_rows * most_rows;
  if (group < 2 * most_rows) group = 2 * most_rows;
  if (group > 8 * most_rows) group = 8 * most_rows;
  if (group > tiles(w)) group = tiles(w);
  w->group = group;
  w->weights = aligned_alloc(64, (size_t)points * w->inputs * w->outputs * sizeof(float));
  if (!w->weights) {
    free(w);
    return NULL;
  }
  memset(w->weights, 0, (size_t)points * w->inputs * w->outputs * sizeof(float));
  static const double g[6][3] = {
      {1. / 4, 0, 0},
      {-1. / 6, -1. / 6, -1. / 6},
      {-1. / 6, 1. / 6, -1. / 6},
      {1. / 24, 1. / 12, 1. / 6},
      {1. / 24, -1. / 12, 1. / 6},
      {0, 0, 1}};
  for (int o = 0; o < outputs; o++) {
    const int first = o / chunk * chunk;
    const int span = w->outputs - first < chunk ? w->outputs - first : chunk;
    float *panel = w->weights + (size_t)points * w->inputs * first;
    for (int i = 0; i < inputs; i++) {
      const float *k = weights + ((size_t)o * inputs + i) * 9;
      double half[6][3];
      for (int r = 0; r < 6; r++)
        for (int c = 0; c < 3; c++)
          half[r][c] = g[r][0] * k[c] + g[r][1] * k[3 + c] + g[r][2] * k[6 + c];
      for (int r = 0; r < 6; r++)
        for (int c = 0; c < 6; c++)
          panel[((size_t)(r * 6 + c) * w->inputs + i) * span + o - first] =
              (float)(half[r][0] * g[c][0] + half[r][1] * g[c][1] + half[r][2] * g[c][2]);
    }
  }
  return w;
}

void mien_winograd_destroy(mien_winograd *w) {
  if (!w) return;
  free(w->weights);
  free(w);
}

size_t mien_winograd_scratch(const mien_winograd *w) {
  return group_floats(w) * (size_t)mien_thread_count();
}

size_t mien_winograd_weight_bytes(const mien_winograd *w) {
  return (size_t)points * w->inputs * w->outputs * sizeof(float);
}

/// Bᵀ d along one axis: six values `s` vectors apart to six.
INLINE void input_axis(const vec *d, vec *t, const int s) {
  const vec near = d[4 * s] - d[2 * s] * 4, odd = d[3 * s] - d[1 * s] * 4;
  const vec far = d[4 * s] - d[2 * s], twice = (d[3 * s] - d[1 * s]) * 2;
  t[0 * s] = d[0 * s] * 4 - d[2 * s] * 5 + d[4 * s];
  t[1 * s] = near + odd;
  t[2 * s] = near - odd;
  t[3 * s] = far + twice;
  t[4 * s] = far - twice;
  t[5 * s] = d[1 * s] * 4 - d[3 * s] * 5 + d[5 * s];
}

/// The transformed inputs of one tile: v[point][tile][inputs].
INLINE void transform_input(
    const mien_winograd *w, const float *source, int row, int column, float *v) {
  const size_t plane = (size_t)w->height * w->width, stride = (size_t)w->group * w->inputs;
  const int inside = row > 0 && column > 0 && row + tile < w->height && column + tile < w->width;
  for (int b = 0; b < w->inputs / lanes; b++) {
    const float *s = source + b * plane * lanes;
    vec d[36], t[36];
    if (inside) {
      for (int r = 0; r < 6; r++)
        for (int c = 0; c < 6; c++)
          d[r * 6 + c] =
              *(const vec *)(s + ((size_t)(row - 1 + r) * w->width + column - 1 + c) * lanes);
    } else {
      for (int r = 0; r < 6; r++)
        for (int c = 0; c < 6; c++) {
          const int y = row - 1 + r, x = column - 1 + c;
          d[r * 6 + c] = y >= 0 && y < w->height && x >= 0 && x < w->width
              ? *(const vec *)(s + ((size_t)y * w->width + x) * lanes) : (vec){0};
        }
    }
    for (int c = 0; c < 6; c++) input_axis(d + c, t + c, 6);
    for (int r = 0; r < 6; r++) input_axis(t + r * 6, d + r * 6, 1);
    for (int p = 0; p < points; p++) *(vec *)(v + p * stride + b * lanes) = d[p];
  }
}

/// m[rows][span] = v[rows][inputs] · u[inputs][span] with `vectors` vectors in a row of u.
INLINE void product(
    const float *v, const float *u, float *m, const int rows, const int vectors, int inputs) {
  vec sum[most_rows][4];
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < vectors; j++) sum[r][j] = (vec){0};
  for (int i = 0; i < inputs; i++) {
    vec weight[4];
    // Eight rows ahead: a panel of weights comes from the third-level cache the first time.
    for (int j = 0; j < vectors; j++) __builtin_prefetch(u + ((i + 8) * vectors + j) * lanes);
    for (int j = 0; j < vectors; j++) weight[j] = *(const vec *)(u + (i * vectors + j) * lanes);
    for (int r = 0; r < rows; r++) {
      const float x = v[(size_t)r * inputs + i];
      for (int j = 0; j < vectors; j++) sum[r][j] += weight[j] * x;
    }
  }
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < vectors; j++) *(vec *)(m + ((size_t)r * vectors + j) * lanes) = sum[r][j];
}

#define PRODUCTS(n)                                                                                \
  AVX512 static void products_##n(                                                                 \
      const float *v, const float *u, float *m, int count, int inputs) {                           \
    int r = 0;                                                                                     \
    for (; r + most_rows <= count; r += most_rows)                                                 \
      product(v + (size_t)r * inputs, u, m + (size_t)r * n * lanes, most_rows, n, inputs);         \
    for (; r + 2 <= count; r += 2)                                                                 \
      product(v + (size_t)r * inputs, u, m + (size_t)r * n * lanes, 2, n, inputs);                 \
    for (; r < count; r++)                                                                         \
      product(v + (size_t)r * inputs, u, m + (size_t)r * n * lanes, 1, n, inputs);                 \
  }
PRODUCTS(1)
PRODUCTS(2)
PRODUCTS(3)
PRODUCTS(4)

/// Aᵀ m along one axis: six values `s` vectors apart to four, `q` apart.
INLINE void output_axis(const vec *m, const int s, vec *y, const int q) {
  const vec sum = m[1 * s] + m[2 * s], difference = m[1 * s] - m[2 * s];
  const vec far_sum = m[3 * s] + m[4 * s], far_difference = m[3 * s] - m[4 * s];
  y[0 * q] = m[0 * s] + sum + far_sum;
  y[1 * q] = difference + far_difference * 2;
  y[2 * q] = sum + far_sum * 4;
  y[3 * q] = difference + far_difference * 8 + m[5 * s];
}

/// One tile of `vectors` output blocks, from m[point][tile][span].
INLINE void transform_output(
    const mien_winograd *w, const float *m, size_t stride, int vectors, int row, int column,
    float *destination) {
  const size_t plane = (size_t)w->height * w->width;
  for (int j = 0; j < vectors; j++) {
    vec d[36], half[24], y[16];
    for (int p = 0; p < points; p++) d[p] = *(const vec *)(m + p * stride + j * lanes);
    for (int c = 0; c < 6; c++) output_axis(d + c, 6, half + c, 6);
    for (int r = 0; r < 4; r++) output_axis(half + r * 6, 1, y + r * 4, 1);
    float *out = destination + j * plane * lanes;
    for (int r = 0; r < 4; r++)
      for (int c = 0; c < 4; c++)
        *(vec *)(out + ((size_t)(row + r) * w->width + column + c) * lanes) = y[r * 4 + c];
  }
}

typedef struct {
  const mien_winograd *w;
  const float *source;
  float *destination, *scratch;
  atomic_int next;
} job;

AVX512 static void run_groups(void *context, size_t thread) {
  job *j = context;
  const mien_winograd *w = j->w;
  const int count = tiles(w), across = w->width / tile;
  const size_t plane = (size_t)w->height * w->width;
  float *v = j->scratch + thread * group_floats(w);
  float *m = v + (size_t)points * w->group * w->inputs;
  for (;;) {
    const int first = atomic_fetch_add(&j->next, w->group);
    if (first >= count) return;
    const int n = count - first < w->group ? count - first : w->group;
    for (int t = 0; t < n; t++)
      transform_input(
          w, j->source, (first + t) / across * tile, (first + t) % across * tile,
          v + (size_t)t * w->inputs);
    for (int o = 0; o < w->outputs; o += chunk) {
      const int span = w->outputs - o < chunk ? w->outputs - o : chunk;
      const float *u = w->weights + (size_t)points * w->inputs * o;
      for (int p = 0; p < points; p++) {
        const float *vp = v + (size_t)p * w->group * w->inputs;
        const float *up = u + (size_t)p * w->inputs * span;
        float *mp = m + (size_t)p * w->group * span;
        switch (span / lanes) {
        case 4: products_4(vp, up, mp, n, w->inputs); break;
        case 3: products_3(vp, up, mp, n, w->inputs); break;
        case 2: products_2(vp, up, mp, n, w->inputs); break;
        default: products_1(vp, up, mp, n, w->inputs); break;
        }
      }
      for (int t = 0; t < n; t++)
        transform_output(
            w, m + (size_t)t * span, (size_t)w->group * span, span / lanes,
            (first + t) / across * tile, (first + t) % across * tile, j->destination + o * plane);
    }
  }
}

void mien_winograd_run(
    const mien_winograd *w, const float *source, float *destination, float *scratch) {
  job j = {w, source, destination, scratch, 0};
  mien_parallel((size_t)mien_thread_count(), &j, run_groups);
}

#else

int mien_winograd_available(void) { return 0; }
mien_winograd *mien_winograd_create(
    const float *weights, int inputs, int outputs, int height, int width) {
  (void)weights, (void)inputs, (void)outputs, (void)height, (void)width;
  return NULL;
}
void mien_winograd_destroy(mien_winograd *w) { (void)w; }
size_t mien_winograd_scratch(const mien_winograd *w) { (void)w; return 0; }
size_t mien_winograd_weight_bytes(const mien_winograd *w) { (void)w; return 0; }
void mien_winograd_run(
    const mien_winograd *w, const float *source, float *destination, float *scratch) {
  (void)w, (void)source, (void)destination, (void)scratch;
  abort();
}

#endif
