#include "tile_gradients.h"
#include "CKernels.h"

#include <stdlib.h>

#if defined(__x86_64__) && defined(__linux__)

#include "tile_product.h"

enum { strip = 64 };

/// Sixteen channels of a pixel from their two parts.
TILES_INLINE __m512 joined(const uint16_t *high, size_t part) {
  const __m512i h = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)high));
  const __m512i l = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(high + part)));
  return _mm512_castsi512_ps(_mm512_slli_epi32(h, 16)) +
      _mm512_castsi512_ps(_mm512_slli_epi32(l, 16));
}

static int blocks_of(mien_tiled_shape s) { return (s.channels + 31) / 32; }

/// Elements between blocks of 32 channels.
static size_t plane_of(mien_tiled_shape s) {
  return (size_t)(s.height + 2) * (size_t)(s.width + 2) * 32;
}

static size_t place_of(mien_tiled_shape s, int block, int row, int column) {
  return (size_t)block * plane_of(s) +
      ((size_t)(row + 1) * (size_t)(s.width + 2) + (size_t)column + 1) * 32;
}

typedef struct {
  const uint16_t *x;
  uint16_t *y;
  float *plain;
  mien_tiled_shape shape;
} pass;

TILES static void to_plain_row(void *context, size_t index) {
  const pass *j = context;
  const mien_tiled_shape s = j->shape;
  const size_t part = mien_tiled_part(s), pixels = (size_t)s.height * s.width;
  const int block = (int)(index / (size_t)s.height), row = (int)(index % (size_t)s.height);
  const uint16_t *from = j->x + place_of(s, block, row, 0);
  for (int x = 0; x < s.width; x++) {
    _Alignas(64) float v[32];
    _mm512_store_ps(v, joined(from + x * 32, part));
    _mm512_store_ps(v + 16, joined(from + x * 32 + 16, part));
    for (int c = block * 32; c < s.channels && c < block * 32 + 32; c++)
      j->plain[(size_t)c * pixels + (size_t)row * s.width + x] = v[c % 32];
  }
}

void mien_tiled_to_plain(const uint16_t *tiled, float *plain, mien_tiled_shape shape) {
  pass j = {.x = tiled, .plain = plain, .shape = shape};
  mien_parallel((size_t)(blocks_of(shape) * shape.height), &j, to_plain_row);
}

TILES static void pool_row(void *context, size_t index) {
  const pass *j = context;
  const mien_tiled_shape s = j->shape, half = {s.channels, s.height / 2, s.width / 2};
  const size_t part = mien_tiled_part(s), below = (size_t)(s.width + 2) * 32;
  const int block = (int)(index / (size_t)half.height), row = (int)(index % (size_t)half.height);
  const uint16_t *from = j->x + place_of(s, block, 2 * row, 0);
  uint16_t *to = j->y + place_of(half, block, row, 0);
  for (int x = 0; x < half.width; x++, from += 64, to += 32) {
    __m512 v[2];
    for (int i = 0; i < 2; i++) {
      const uint16_t *a = from + 16 * i, *b = a + below;
      v[i] = _mm512_max_ps(
          _mm512_max_ps(joined(a, part), joined(a + 32, part)),
          _mm512_max_ps(joined(b, part), joined(b + 32, part)));
    }
    store_parts(v[0], v[1], to, to + mien_tiled_part(half), 2);
  }
}

void mien_tiled_max_pool(const uint16_t *x, uint16_t *y, mien_tiled_shape shape) {
  pass j = {.x = x, .y = y, .shape = shape};
  mien_parallel((size_t)(blocks_of(shape) * (shape.height / 2)), &j, pool_row);
}

/// 1 / sqrt(Σ_channels x² + tiny) of `n` pixels of one row.
TILES_INLINE void inverse_norms(
    const uint16_t *x, mien_tiled_shape s, int row, int first, int n, float *inverse) {
  const size_t part = mien_tiled_part(s);
  __m512 sums[strip];
  for (int i = 0; i < n; i++) sums[i] = _mm512_setzero_ps();
  for (int b = 0; b < blocks_of(s); b++) {
    const uint16_t *from = x + place_of(s, b, row, first);
    for (int i = 0; i < n; i++) {
      const __m512 u = joined(from + i * 32, part), v = joined(from + i * 32 + 16, part);
      sums[i] = _mm512_fmadd_ps(v, v, _mm512_fmadd_ps(u, u, sums[i]));
    }
  }
  for (int i = 0; i < n; i++)
    inverse[i] = 1 / __builtin_sqrtf(_mm512_reduce_add_ps(sums[i]) + 1e-20f);
}

TILES static void unit_row(void *context, size_t index) {
  const pass *j = context;
  const mien_tiled_shape s = j->shape;
  const size_t part = mien_tiled_part(s), pixels = (size_t)s.height * s.width;
  const int row = (int)index;
  for (int first = 0; first < s.width; first += strip) {
    const int n = s.width - first < strip ? s.width - first : strip;
    float inverse[strip];
    inverse_norms(j->x, s, row, first, n, inverse);
    for (int b = 0; b < blocks_of(s); b++) {
      const uint16_t *from = j->x + place_of(s, b, row, first);
      float *to = j->plain + ((size_t)b * pixels + (size_t)row * s.width + first) * 32;
      for (int i = 0; i < n; i++) {
        const __m512 factor = _mm512_set1_ps(inverse[i]);
        _mm512_storeu_ps(to + i * 32, joined(from + i * 32, part) * factor);
        _mm512_storeu_ps(to + i * 32 + 16, joined(from + i * 32 + 16, part) * factor);
      }
    }
  }
}

void mien_tiled_unit_channels(const uint16_t *x, float *y, mien_tiled_shape shape) {
  pass j = {.x = x, .plain = y, .shape = shape};
  mien_parallel((size_t)shape.height, &j, unit_row);
}

typedef struct {
  const mien_tiled_lpips_tap *t;
  double *distances; // a cache line for each thread's
} tap_job;

/// The pooled gradient where this pixel is the first of the largest of its 2 × 2 in reading order:
/// those before must be smaller, those after not larger.
TILES_INLINE __m512 unpooled(
    __m512 v, __m512 gradient, const uint16_t *a, size_t part, ptrdiff_t beside, ptrdiff_t across,
    int right, int lower) {
  const __m512 side = joined(a + beside, part), other = joined(a + across, part);
  const __m512 opposite = joined(a + across + beside, part);
  const __mmask16 wins_side = right ? _mm512_cmp_ps_mask(v, side, _CMP_GT_OQ)
                                    : _mm512_cmp_ps_mask(v, side, _CMP_GE_OQ);
  const __mmask16 wins_rest = lower
      ? _mm512_cmp_ps_mask(v, other, _CMP_GT_OQ) & _mm512_cmp_ps_mask(v, opposite, _CMP_GT_OQ)
      : _mm512_cmp_ps_mask(v, other, _CMP_GE_OQ) & _mm512_cmp_ps_mask(v, opposite, _CMP_GE_OQ);
  return _mm512_maskz_mov_ps(wins_side & wins_rest, gradient);
}

/// Pixels of one row from `first` on: their share of the distance, and their gradient.
TILES_INLINE double tap_strip(const mien_tiled_lpips_tap *t, int row, int first, int n) {
  const mien_tiled_shape s = t->shape, half = {s.channels, s.height / 2, s.width / 2};
  const size_t part = mien_tiled_part(s), pixels = (size_t)s.height * s.width;
  const size_t goal_at = ((size_t)row * s.width + first) * 32;
  float inverse[strip], projection[strip];
  inverse_norms(t->activations, s, row, first, n, inverse);
  __m512 dots[strip], far = _mm512_setzero_ps();
  for (int i = 0; i < n; i++) dots[i] = _mm512_setzero_ps();
  const __m512 two = _mm512_set1_ps(2), zero = _mm512_setzero_ps();
  double distance = 0;
  for (int b = 0; b < blocks_of(s); b++) {
    const uint16_t *from = t->activations + place_of(s, b, row, first);
    const float *goal = t->target + (size_t)b * pixels * 32 + goal_at;
    far = zero;
    for (int h = 0; h < 32; h += 16) {
      const __m512 weight = _mm512_loadu_ps(t->weight + b * 32 + h);
      for (int i = 0; i < n; i++) {
        const __m512 a = joined(from + i * 32 + h, part);
        const __m512 e =
            _mm512_fmsub_ps(a, _mm512_set1_ps(inverse[i]), _mm512_loadu_ps(goal + i * 32 + h));
        const __m512 q = weight * e;
        far = _mm512_fmadd_ps(q, e, far);
        dots[i] = _mm512_fmadd_ps(q, a, dots[i]);
      }
    }
    distance += _mm512_reduce_add_ps(far);
  }
  for (int i = 0; i < n; i++)
    projection[i] =
        2 * _mm512_reduce_add_ps(dots[i]) * inverse[i] * inverse[i] * inverse[i];
  const int lower = row % 2, has_pooled = t->grad_pooled && row / 2 < half.height;
  const size_t half_part = mien_tiled_part(half);
  const ptrdiff_t line = (ptrdiff_t)(s.width + 2) * 32, across = lower ? -line : line;
  for (int b = 0; b < blocks_of(s); b++) {
    const size_t at = place_of(s, b, row, first);
    const uint16_t *from = t->activations + at;
    const float *goal = t->target + (size_t)b * pixels * 32 + goal_at;
    uint16_t *to = t->grad + at;
    for (int i = 0; i < n; i++) {
      const int x = first + i, right = x % 2;
      const uint16_t *pooled = has_pooled && x / 2 < half.width
          ? t->grad_pooled + place_of(half, b, row / 2, x / 2)
          : 0;
      __m512 g[2];
      for (int k = 0; k < 2; k++) {
        const uint16_t *a = from + i * 32 + 16 * k;
        const __m512 v = joined(a, part);
        const __m512 e = _mm512_fmsub_ps(
            v, _mm512_set1_ps(inverse[i]), _mm512_loadu_ps(goal + i * 32 + 16 * k));
        const __m512 weight = _mm512_loadu_ps(t->weight + b * 32 + 16 * k);
        g[k] = two * weight * e * _mm512_set1_ps(inverse[i]) - v * _mm512_set1_ps(projection[i]);
        if (pooled)
          g[k] += unpooled(
              v, joined(pooled + 16 * k, half_part), a, part, right ? -32 : 32, across, right,
              lower);
        g[k] = _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(v, zero, _CMP_GT_OQ), g[k]);
      }
      store_parts(g[0], g[1], to + i * 32, to + part + i * 32, 2);
    }
  }
  return distance;
}

TILES static void tap_row(void *context, size_t row) {
  const tap_job *j = context;
  const int width = j->t->shape.width;
  double distance = 0;
  for (int x = 0; x < width; x += strip)
    distance += tap_strip(j->t, (int)row, x, width - x < strip ? width - x : strip);
  j->distances[mien_thread_index() * 8] += distance;
}

double mien_tiled_lpips_backward(const mien_tiled_lpips_tap *t) {
  const size_t threads = (size_t)mien_thread_count();
  tap_job j = {t, calloc(threads * 8, sizeof(double))};
  if (!j.distances) return -1;
  mien_parallel((size_t)t->shape.height, &j, tap_row);
  double sum = 0;
  for (size_t i = 0; i < threads; i++) sum += j.distances[i * 8];
  free(j.distances);
  return sum;
}

#else

void mien_tiled_to_plain(const uint16_t *tiled, float *plain, mien_tiled_shape shape) {
  (void)tiled, (void)plain, (void)shape;
  abort();
}
void mien_tiled_max_pool(const uint16_t *x, uint16_t *y, mien_tiled_shape shape) {
  (void)x, (void)y, (void)shape;
  abort();
}
void mien_tiled_unit_channels(const uint16_t *x, float *y, mien_tiled_shape shape) {
  (void)x, (void)y, (void)shape;
  abort();
}
double mien_tiled_lpips_backward(const mien_tiled_lpips_tap *t) {
  (void)t;
  abort();
}

#endif
