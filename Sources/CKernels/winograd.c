#include "CKernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// F(4×4, 3×3): 36 products in place of 144 for 4×4 outputs (Lavin and Gray, 1509.09308), points
// 0, ±1, ±2, ∞. Tiles are taken in groups small enough for the second-level cache: a group's
// inputs are transformed, multiplied by all weights and transformed back before the next group
// starts, so the 36-fold transformed picture never travels through memory.

#if defined(__x86_64__)

#include "winograd_product.h"

enum { points = 36, tile = 4 };

struct mien_winograd {
  int inputs, outputs; // rounded to whole blocks
  int height, width;
  int group; // tiles in a group
  float *weights; // [outputs / 64][points][inputs][64 or what is left]
};

static int tiles(const mien_winograd *w) { return w->height / tile * (w->width / tile); }

// One cache line more than a group's rows: at a multiple of 4 KB all 36 points of a tile would fall
// into one set of the cache.
static size_t input_stride(const mien_winograd *w) { return (size_t)w->group * w->inputs + lanes; }
static size_t output_stride(const mien_winograd *w, int span) {
  return (size_t)w->group * span + lanes;
}

static size_t group_floats(const mien_winograd *w) {
  return points * (input_stride(w) + output_stride(w, chunk));
}

int mien_winograd_available(void) {
  return mien_vector_level() >= mien_limit_avx512;
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

/// Bᵀ d along one axis: six values `from` vectors apart to six, `to` apart.
INLINE void input_axis(const vec *d, const size_t from, vec *t, const size_t to) {
  const vec d0 = d[0], d1 = d[from], d2 = d[2 * from], d3 = d[3 * from], d4 = d[4 * from];
  const vec d5 = d[5 * from];
  const vec near = d4 - d2 * 4, odd = d3 - d1 * 4, far = d4 - d2, twice = (d3 - d1) * 2;
  t[0] = d0 * 4 - d2 * 5 + d4;
  t[to] = near + odd;
  t[2 * to] = near - odd;
  t[3 * to] = far + twice;
  t[4 * to] = far - twice;
  t[5 * to] = d1 * 4 - d3 * 5 + d5;
}

/// The transformed inputs of one tile: v[point][tile][inputs].
INLINE void transform_input(
    const mien_winograd *w, const float *source, int row, int column, float *v) {
  const size_t plane = (size_t)w->height * w->width, stride = input_stride(w) / lanes;
  const int inside = row > 0 && column > 0 && row + tile < w->height && column + tile < w->width;
  for (int b = 0; b < w->inputs / lanes; b++) {
    const float *s = source + b * plane * lanes;
    vec copy[36], t[36];
    const vec *d = copy;
    size_t across = 6;
    if (inside) {
      d = (const vec *)(s + ((size_t)(row - 1) * w->width + column - 1) * lanes);
      across = (size_t)w->width;
    } else {
      for (int r = 0; r < 6; r++)
        for (int c = 0; c < 6; c++) {
          const int y = row - 1 + r, x = column - 1 + c;
          copy[r * 6 + c] = y >= 0 && y < w->height && x >= 0 && x < w->width
              ? *(const vec *)(s + ((size_t)y * w->width + x) * lanes) : (vec){0};
        }
    }
    vec *out = (vec *)(v + b * lanes);
    for (int c = 0; c < 6; c++) input_axis(d + c, across, t + c, 6);
    for (int r = 0; r < 6; r++) input_axis(t + r * 6, 1, out + r * 6 * stride, stride);
  }
}

/// Aᵀ m along one axis: six values `from` vectors apart to four, `to` apart.
INLINE void output_axis(const vec *m, const size_t from, vec *y, const size_t to) {
  const vec m1 = m[from], m2 = m[2 * from], m3 = m[3 * from], m4 = m[4 * from];
  const vec sum = m1 + m2, difference = m1 - m2, far_sum = m3 + m4, far_difference = m3 - m4;
  y[0] = m[0] + sum + far_sum;
  y[to] = difference + far_difference * 2;
  y[2 * to] = sum + far_sum * 4;
  y[3 * to] = difference + far_difference * 8 + m[5 * from];
}

/// One tile of `vectors` output blocks, from m[point][tile][span].
INLINE void transform_output(
    const mien_winograd *w, const float *m, size_t stride, int vectors, int row, int column,
    float *destination) {
  const size_t plane = (size_t)w->height * w->width;
  for (int j = 0; j < vectors; j++) {
    vec half[24];
    const vec *in = (const vec *)(m + j * lanes);
    vec *out = (vec *)(destination + (j * plane + (size_t)row * w->width + column) * lanes);
    for (int c = 0; c < 6; c++) output_axis(in + c * stride, 6 * stride, half + c, 6);
    for (int r = 0; r < 4; r++) output_axis(half + r * 6, 1, out + (size_t)r * w->width, 1);
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
  float *m = v + points * input_stride(w);
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
        const float *vp = v + p * input_stride(w);
        const float *up = u + (size_t)p * w->inputs * span;
        float *mp = m + p * output_stride(w, span);
        products(vp, up, mp, n, w->inputs, span);
      }
      for (int t = 0; t < n; t++)
        transform_output(
            w, m + (size_t)t * span, output_stride(w, span) / lanes, span / lanes,
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
