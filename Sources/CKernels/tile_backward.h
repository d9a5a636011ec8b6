#pragma once
// What follows a backward convolution on tiles, a row at a time: `mien_epilogue_backward` from tiled
// activations. Only for files compiled with AMX functions.

#include "gradients.h"
#include "tile_epilogue.h"

TILES_INLINE void add_sums(double *to, __m512 v) {
  _mm512_storeu_pd(
      to, _mm512_loadu_pd(to) + _mm512_cvtps_pd(_mm512_castps512_ps256(v)));
  _mm512_storeu_pd(
      to + 8, _mm512_loadu_pd(to + 8) + _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1)));
}

/// Channel values of one block of sixteen, and what its pixels add up to.
typedef struct {
  __m512 style, inverse, demodulation, bias, color[most_colors];
  __m512 style_sum, y_sum, color_sum[most_colors];
} back_block;

TILES_INLINE void back_begin(
    back_block *k, const mien_epilogue_gradient *e, int block, const int colors) {
  const int c = block * lanes;
  const __m512 one = _mm512_set1_ps(1), zero = _mm512_setzero_ps();
  k->style = e->style ? _mm512_loadu_ps(e->style + c) : one;
  k->inverse = _mm512_maskz_div_ps(
      _mm512_cmp_ps_mask(k->style, zero, _CMP_NEQ_OQ), one, k->style);
  k->demodulation = _mm512_loadu_ps(e->demodulation + c);
  k->bias = _mm512_loadu_ps(e->bias + c);
  k->style_sum = k->y_sum = zero;
  for (int i = 0; i < colors; i++) {
    k->color[i] = _mm512_loadu_ps(e->rgb_weight + (size_t)i * e->channels + c);
    k->color_sum[i] = zero;
  }
}

TILES_INLINE void back_end(
    const back_block *k, const mien_epilogue_gradient *e, int block, double *sums,
    const int colors) {
  const size_t channels = (size_t)e->channels;
  sums += block * lanes;
  add_sums(sums, k->style_sum);
  add_sums(sums + channels, k->y_sum);
  for (int i = 0; i < colors; i++) add_sums(sums + (2 + i) * channels, k->color_sum[i]);
}

typedef struct {
  __m512 gain, negative, back, back_negative, clamp;
} back_activation;

/// Two parts and a style back and forth leave an activation at the clamp this much below it at most.
static const float at_clamp = 1 - 0x1p-17f;

/// Sixteen channels of one pixel: the gradient of the convolution's result; du is added to `grain`.
TILES_INLINE __m512 back_pixel(
    back_block *k, const back_activation *a, __m512 out, __m512 gradient, const __m512 *picture,
    __m512 added, __m512 *grain, const int colors) {
  const __m512 zero = _mm512_setzero_ps(), v = out * k->inverse;
  __m512 dv = gradient * k->style;
  k->style_sum = _mm512_fmadd_ps(gradient, v, k->style_sum);
  for (int i = 0; i < colors; i++) {
    dv = _mm512_fmadd_ps(picture[i], k->color[i], dv);
    k->color_sum[i] = _mm512_fmadd_ps(picture[i], v, k->color_sum[i]);
  }
  const __mmask16 up = _mm512_cmp_ps_mask(v, zero, _CMP_GT_OQ);
  const __mmask16 inside = _mm512_cmp_ps_mask(_mm512_abs_ps(v), a->clamp, _CMP_LT_OQ);
  const __m512 du =
      _mm512_maskz_mul_ps(inside, dv, _mm512_mask_mov_ps(a->negative, up, a->gain));
  const __m512 u = v * _mm512_mask_mov_ps(a->back_negative, up, a->back);
  k->y_sum = _mm512_fmadd_ps(du, u - added - k->bias, k->y_sum);
  *grain += du;
  return du * k->demodulation;
}

/// One row. `lines` has the gradient of the activations; NULL where nothing but a picture came of
/// them. `blocks` of sixteen channels are there, the rest is zero.
TILES_INLINE void back_stretches(
    const mien_epilogue_gradient *e, const tile_lines *lines, int blocks, int row, double *sums,
    const int colors) {
  const mien_tiled_shape shape = {e->channels, e->height, e->width};
  const size_t part = mien_tiled_part(shape), plane = (size_t)e->height * e->width;
  const size_t tiled_plane = (size_t)(e->height + 2) * (e->width + 2) * 32;
  const __m512 zero = _mm512_setzero_ps();
  const back_activation a = {
      _mm512_set1_ps(e->gain), _mm512_set1_ps(e->gain * e->slope), _mm512_set1_ps(1 / e->gain),
      _mm512_set1_ps(1 / (e->gain * e->slope)), _mm512_set1_ps(e->clamp * at_clamp)};
  __m512 grain[stretch];
  for (int x = 0; x < e->width; x += stretch) {
    const int n = e->width - x < stretch ? e->width - x : stretch;
    const size_t pixel = (size_t)row * e->width + x;
    const size_t place = ((size_t)(row + 1) * (e->width + 2) + x + 1) * 32;
    for (int i = 0; i < n; i++) grain[i] = zero;
    for (int pair = 0; pair < e->channels / 32; pair++) {
      const size_t at = (size_t)pair * tiled_plane + place;
      back_block k[2];
      const float *line[2];
      for (int h = 0; h < 2; h++) {
        back_begin(&k[h], e, 2 * pair + h, colors);
        line[h] = lines && 2 * pair + h < blocks
            ? lines->row[0] + (size_t)(2 * pair + h) * lines->plane[0] + (size_t)x * lanes
            : 0;
      }
      for (int i = 0; i < n; i++) {
        const __m512 added =
            e->noise ? _mm512_set1_ps(e->noise[pixel + i] * e->noise_strength) : zero;
        __m512 picture[most_colors], dy[2];
        for (int c = 0; c < colors; c++)
          picture[c] = _mm512_set1_ps(e->grad_rgb[c * plane + pixel + i]);
        for (int h = 0; h < 2; h++)
          dy[h] = back_pixel(
              &k[h], &a, joined(e->tiled + at + i * 32 + h * lanes, part),
              line[h] ? _mm512_load_ps(line[h] + i * lanes) : zero, picture, added, &grain[i],
              colors);
        if (e->grad_tiled) {
          uint16_t *to = e->grad_tiled + at + i * 32;
          store_parts(dy[0], dy[1], to, to + part, 2);
        } else {
          float *to = e->grad_y + ((size_t)(2 * pair) * plane + pixel + i) * lanes;
          _mm512_storeu_ps(to, dy[0]);
          _mm512_storeu_ps(to + plane * lanes, dy[1]);
        }
      }
      for (int h = 0; h < 2; h++) back_end(&k[h], e, 2 * pair + h, sums, colors);
    }
    if (e->noise_grad)
      for (int i = 0; i < n; i++) e->noise_grad[pixel + i] = _mm512_reduce_add_ps(grain[i]);
  }
}

/// See `back_stretches`.
TILES static void finish_backward(
    const mien_epilogue_gradient *e, const tile_lines *lines, int blocks, int row, double *sums) {
  switch (e->rgb_weight ? e->rgb_channels : 0) {
  case 0: back_stretches(e, lines, blocks, row, sums, 0); break;
  case 1: back_stretches(e, lines, blocks, row, sums, 1); break;
  case 2: back_stretches(e, lines, blocks, row, sums, 2); break;
  case 3: back_stretches(e, lines, blocks, row, sums, 3); break;
  default: back_stretches(e, lines, blocks, row, sums, 4); break;
  }
}
