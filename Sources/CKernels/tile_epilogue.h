#pragma once
// What follows a convolution on tiles, a row at a time: the epilogue of `mien_epilogue` with its
// result in tiled form. Only for files compiled with AMX functions.

#include "CKernels.h"
#include "tile_product.h"

// Pixels taken at a time: their toRGB sums (16 KB) and two blocks of filtered columns stay in the
// first-level cache.
enum { stretch = 64, lanes = 16, most_colors = 4 };

/// Where a row of activations goes: the first pixel of each part, and elements between blocks of 32
/// channels.
typedef struct {
  uint16_t *part[2];
  size_t plane;
  const uint16_t *mask; // the same place in activations, for `finish_masked`; NULL for none
} tile_target;

/// Rows of convolution results above each other, [blocks of 16][pixels][16]: one, or the four that
/// the filter of an up-convolution reaches; NULL above the first.
typedef struct {
  const float *row[4];
  size_t plane[4]; // floats between blocks
} tile_lines;

/// Sixteen sums of sixteen lanes each.
TILES_INLINE __m512 sums_of(const __m512 *v, const int step) {
  __m512 pair[8], four[4], eight[2];
  for (int i = 0; i < 8; i++) {
    const __m512 a = v[2 * i * step], b = v[(2 * i + 1) * step];
    pair[i] = _mm512_unpacklo_ps(a, b) + _mm512_unpackhi_ps(a, b);
  }
  for (int i = 0; i < 4; i++) {
    const __m512d a = _mm512_castps_pd(pair[2 * i]), b = _mm512_castps_pd(pair[2 * i + 1]);
    four[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b)) +
        _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
  }
  for (int i = 0; i < 2; i++)
    eight[i] = _mm512_shuffle_f32x4(four[2 * i], four[2 * i + 1], 0x88) +
        _mm512_shuffle_f32x4(four[2 * i], four[2 * i + 1], 0xdd);
  return _mm512_shuffle_f32x4(eight[0], eight[1], 0x88) +
      _mm512_shuffle_f32x4(eight[0], eight[1], 0xdd);
}

/// Columns x - 1 … x + n + 1 of a block, the filter (1, 3, 3, 1) applied down; zero outside.
TILES_INLINE void filter_down(
    const tile_lines *lines, int block, int x, int n, __m512 *column) {
  const float *r[4];
  for (int i = 0; i < 4; i++)
    r[i] = lines->row[i] ? lines->row[i] + (size_t)block * lines->plane[i] + ((ptrdiff_t)x - 1) * lanes
                         : 0;
  const __m512 three = _mm512_set1_ps(3);
  int i = 0;
  if (x == 0) column[i++] = _mm512_setzero_ps();
  if (r[0])
    for (; i < n + 3; i++)
      column[i] = _mm512_fmadd_ps(
          three, _mm512_load_ps(r[1] + i * lanes) + _mm512_load_ps(r[2] + i * lanes),
          _mm512_load_ps(r[0] + i * lanes) + _mm512_load_ps(r[3] + i * lanes));
  else
    for (; i < n + 3; i++)
      column[i] = _mm512_fmadd_ps(
          three, _mm512_load_ps(r[1] + i * lanes) + _mm512_load_ps(r[2] + i * lanes),
          _mm512_load_ps(r[3] + i * lanes));
}

typedef struct {
  __m512 demodulation, bias, style, color[most_colors];
} channel_values;

TILES_INLINE channel_values channels_of(const mien_epilogue *e, int block, int colors, int up) {
  channel_values c;
  c.demodulation = _mm512_loadu_ps(e->demodulation + block * lanes);
  // The filter's sixteenth.
  if (up) c.demodulation *= _mm512_set1_ps(1.f / 16);
  c.bias = _mm512_loadu_ps(e->bias + block * lanes);
  c.style = e->style ? _mm512_loadu_ps(e->style + block * lanes) : _mm512_set1_ps(1);
  for (int k = 0; k < colors; k++)
    c.color[k] = _mm512_loadu_ps(e->rgb_weight + (size_t)k * e->channels + block * lanes);
  return c;
}

typedef struct {
  __m512 gain, negative, clamp, floor;
} tile_activation;

TILES_INLINE __m512 activated(
    __m512 y, __m512 grain, const channel_values *c, const tile_activation *a) {
  const __m512 x = _mm512_fmadd_ps(y, c->demodulation, grain + c->bias);
  const __m512 v = _mm512_max_ps(x * a->gain, x * a->negative);
  return _mm512_max_ps(_mm512_min_ps(v, a->clamp), a->floor);
}

/// The two blocks `2 pair` and `2 pair + 1` of `n` pixels.
TILES_INLINE void finish_pair(
    const mien_epilogue *e, const tile_activation *a, const tile_lines *lines, int pair,
    int last_block, int x, int n, const float *noise, __m512 *sums, const tile_target *target,
    const int parts, const int up, const int colors) {
  const int both = 2 * pair + 1 < last_block;
  const channel_values c0 = channels_of(e, 2 * pair, colors, up);
  const channel_values c1 = channels_of(e, 2 * pair + 1, colors, up);
  __m512 column0[stretch + 3], column1[stretch + 3];
  const __m512 *line0 = 0, *line1 = 0;
  if (up) {
    filter_down(lines, 2 * pair, x, n, column0);
    if (both) filter_down(lines, 2 * pair + 1, x, n, column1);
  } else {
    line0 = (const __m512 *)(lines->row[0] + (size_t)(2 * pair) * lines->plane[0] + (size_t)x * lanes);
    line1 = (const __m512 *)((const float *)line0 + lines->plane[0]);
  }
  const __m512 three = _mm512_set1_ps(3), strength = _mm512_set1_ps(e->noise_strength);
  uint16_t *high = target ? target->part[0] + (size_t)pair * target->plane + (size_t)x * 32 : 0;
  uint16_t *low =
      target && parts == 2 ? target->part[1] + (size_t)pair * target->plane + (size_t)x * 32 : 0;
  for (int i = 0; i < n; i++) {
    const __m512 grain = noise ? _mm512_set1_ps(noise[i]) * strength : _mm512_setzero_ps();
    __m512 y0, y1 = _mm512_setzero_ps();
    if (up) {
      y0 = _mm512_fmadd_ps(three, column0[i + 1] + column0[i + 2], column0[i] + column0[i + 3]);
      if (both)
        y1 = _mm512_fmadd_ps(three, column1[i + 1] + column1[i + 2], column1[i] + column1[i + 3]);
    } else {
      y0 = line0[i];
      if (both) y1 = line1[i];
    }
    const __m512 v0 = activated(y0, grain, &c0, a);
    const __m512 v1 = both ? activated(y1, grain, &c1, a) : _mm512_setzero_ps();
    for (int k = 0; k < colors; k++) {
      __m512 *sum = sums + i * colors + k;
      *sum = _mm512_fmadd_ps(v1, c1.color[k], _mm512_fmadd_ps(v0, c0.color[k], *sum));
    }
    if (!target) continue;
    const __m512 s0 = v0 * c0.style, s1 = v1 * c1.style;
    store_parts(s0, s1, high + i * 32, low + i * 32, parts);
  }
}

TILES_INLINE void finish_stretches(
    const mien_epilogue *e, const tile_lines *lines, int blocks, int row,
    const tile_target *target, const int parts, const int up, const int colors) {
  const tile_activation a = {
      _mm512_set1_ps(e->gain), _mm512_set1_ps(e->gain * e->slope), _mm512_set1_ps(e->clamp),
      _mm512_set1_ps(-e->clamp)};
  __m512 sums[stretch * most_colors];
  for (int x = 0; x < e->width; x += stretch) {
    const int n = e->width - x < stretch ? e->width - x : stretch;
    const size_t pixel = (size_t)row * e->width + x;
    for (int i = 0; i < (n + 15) / 16 * 16 * colors; i++) sums[i] = _mm512_setzero_ps();
    for (int pair = 0; pair < (blocks + 1) / 2; pair++)
      finish_pair(
          e, &a, lines, pair, blocks, x, n, e->noise ? e->noise + pixel : 0, sums, target, parts,
          up, colors);
    for (int k = 0; k < colors; k++)
      for (int i = 0; i < n; i += 16) {
        const __mmask16 there = n - i >= 16 ? 0xffff : (__mmask16)((1u << (n - i)) - 1);
        _mm512_mask_storeu_ps(
            e->rgb + (size_t)k * e->width * e->height + pixel + i, there,
            sums_of(sums + i * colors + k, colors));
      }
  }
}

#define FINISH(name, parts, up, colors)                                                            \
  TILES static void name(                                                                          \
      const mien_epilogue *e, const tile_lines *lines, int blocks, int row,                        \
      const tile_target *target) {                                                                 \
    finish_stretches(e, lines, blocks, row, target, parts, up, colors);                            \
  }
FINISH(finish_up_1, 1, 1, 0)
FINISH(finish_up_2, 2, 1, 0)
FINISH(finish_plain_1, 1, 0, 0)
FINISH(finish_plain_2, 2, 0, 0)
FINISH(finish_picture_1, 1, 0, 3)
FINISH(finish_picture_2, 2, 0, 3)
FINISH(finish_gray_1, 1, 0, 1)
FINISH(finish_gray_2, 2, 0, 1)
FINISH(finish_two_1, 1, 0, 2)
FINISH(finish_two_2, 2, 0, 2)
FINISH(finish_four_1, 1, 0, 4)
FINISH(finish_four_2, 2, 0, 4)

/// The convolution alone, zero where the activations are not above zero.
TILES static void finish_masked(
    const mien_epilogue *e, const tile_lines *lines, int blocks, int row,
    const tile_target *target) {
  (void)row;
  for (int pair = 0; pair < (blocks + 1) / 2; pair++) {
    const float *line0 = lines->row[0] + (size_t)(2 * pair) * lines->plane[0];
    const float *line1 = 2 * pair + 1 < blocks ? line0 + lines->plane[0] : 0;
    const size_t at = (size_t)pair * target->plane;
    uint16_t *high = target->part[0] + at, *low = target->part[1] + at;
    const uint16_t *mask = target->mask ? target->mask + at : 0;
    for (int i = 0; i < e->width; i++) {
      // bfloat16 above zero are integers above zero.
      const __mmask32 kept = mask
          ? _mm512_cmpgt_epi16_mask(_mm512_loadu_si512(mask + i * 32), _mm512_setzero_si512())
          : 0xffffffff;
      const __m512 y1 = line1 ? _mm512_load_ps(line1 + i * lanes) : _mm512_setzero_ps();
      store_parts(
          _mm512_maskz_load_ps((__mmask16)kept, line0 + i * lanes),
          _mm512_maskz_mov_ps((__mmask16)(kept >> 16), y1), high + i * 32, low + i * 32, 2);
    }
  }
}
