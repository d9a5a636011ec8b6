#pragma once
// Winograd's F(2, 3) down the rows of a plain 3×3 convolution: from four rows d of the input two of
// the result, with four planes of three taps each, 12 products where 18 would do (Lavin and Gray,
// "Fast Algorithms for Convolutional Neural Networks", 2015):
//
//   m0 = (d1 + d2) (g0 + g1 + g2) / 2    m2 = (d0 − d2) g0    upper row m0 + m1 + m2
//   m1 = (d2 − d1) (g0 − g1 + g2) / 2    m3 = (d3 − d1) g2    lower row m0 − m1 + m3
//
// Down the rows rather than along them: columns stay neighbours, so three taps read one tile's
// lines of the first-level cache, and no row is transformed for two strips. Only for files compiled
// with AMX functions.

#include "tile_product.h"

/// 32 channels of a pixel as float32: those of even numbers and those of odd ones.
typedef struct {
  __m512 even, odd;
} pixel32;

TILES_INLINE pixel32 pixel_from(const char *high, size_t part, const int parts) {
  const __m512i odd = _mm512_set1_epi32((int)0xffff0000);
  const __m512i h = _mm512_load_si512(high);
  pixel32 p = {
      _mm512_castsi512_ps(_mm512_slli_epi32(h, 16)),
      _mm512_castsi512_ps(_mm512_and_si512(h, odd))};
  if (parts < 2) return p;
  const __m512i l = _mm512_load_si512(high + part);
  p.even += _mm512_castsi512_ps(_mm512_slli_epi32(l, 16));
  p.odd += _mm512_castsi512_ps(_mm512_and_si512(l, odd));
  return p;
}

/// Rounded to the nearest; a tie between two high parts is settled by the low one.
TILES_INLINE void pixel_to(const pixel32 p, char *high, size_t part, const int parts) {
  const __m512i odd = _mm512_set1_epi32((int)0xffff0000), half = _mm512_set1_epi32(0x8000);
  const __m512i e = _mm512_castps_si512(p.even), o = _mm512_castps_si512(p.odd);
  const __m512i he = _mm512_and_si512(_mm512_add_epi32(e, half), odd);
  const __m512i ho = _mm512_and_si512(_mm512_add_epi32(o, half), odd);
  _mm512_store_si512(high, _mm512_or_si512(_mm512_srli_epi32(he, 16), ho));
  if (parts < 2) return;
  const __m512i le = _mm512_add_epi32(
      _mm512_castps_si512(p.even - _mm512_castsi512_ps(he)), half);
  const __m512i lo = _mm512_add_epi32(
      _mm512_castps_si512(p.odd - _mm512_castsi512_ps(ho)), half);
  // le >> 16 | lo & odd
  _mm512_store_si512(
      high + part, _mm512_ternarylogic_epi32(_mm512_srli_epi32(le, 16), lo, odd, 0xf8));
}

/// The sum of two rows, or their difference.
TILES_INLINE void transform_row(
    const char *a, const char *b, size_t from_part, char *to, size_t to_part, size_t pixels,
    const int parts, const int sum) {
  for (size_t x = 0; x < pixels; x++) {
    const size_t at = x * position_bytes;
    const pixel32 p = pixel_from(a + at, from_part, parts);
    const pixel32 q = pixel_from(b + at, from_part, parts);
    const pixel32 v = sum ? (pixel32){p.even + q.even, p.odd + q.odd}
                          : (pixel32){p.even - q.even, p.odd - q.odd};
    pixel_to(v, to + at, to_part, parts);
  }
}

/// What becomes of a plane's products: m0 is written, m1 added to it and taken from it, m2 and m3
/// are added to what comes of that.
typedef enum { plane_written, plane_crossed, plane_added } plane_use;

/// `first` + b and `first` − b of `high` × 16 positions and `wide` × 16 outputs.
TILES_INLINE void cross(
    char *first, char *second, size_t plane, const float *b, const int high, const int wide) {
  for (int w = 0; w < wide; w++)
    for (int i = 0; i < high * tile_rows; i++) {
      const size_t at = w * plane + i * (size_t)position_bytes;
      const __m512 m = _mm512_load_ps(first + at), n = _mm512_load_ps(b + (w * 32 + i) * 16);
      _mm512_store_ps(first + at, m + n);
      _mm512_store_ps(second + at, m - n);
    }
}

TILES_INLINE void pair_block(
    const tile_sum *s, size_t first, char *crossed, const plane_use use, const int parts,
    const int high, const int wide) {
  char *out = s->out + first * s->out_position;
  if (use != plane_crossed) {
    tile_block(s, first, out, use == plane_added, parts, high, wide);
    return;
  }
  float b[2 * 32 * 16] __attribute__((aligned(64)));
  tile_sum t = *s;
  t.out_plane = 2 * tile_bytes;
  tile_block(&t, first, (char *)b, 0, parts, high, wide);
  cross(out, crossed + first * s->out_position, s->out_plane, b, high, wide);
}

TILES_INLINE void pair_positions(
    const tile_sum *s, char *crossed, size_t positions, const plane_use use, const int parts,
    const int wide) {
  const size_t tiles = (positions + tile_rows - 1) / tile_rows;
  size_t i = 0;
  for (; i + 2 <= tiles; i += 2) pair_block(s, i * tile_rows, crossed, use, parts, 2, wide);
  if (i < tiles) pair_block(s, i * tile_rows, crossed, use, parts, 1, wide);
}

#define PAIR_SWEEP(name, use)                                                                      \
  TILES static void name(                                                                          \
      const tile_sum *s, char *crossed, size_t positions, int parts, int wide) {                   \
    if (parts == 2) {                                                                              \
      if (wide == 2) pair_positions(s, crossed, positions, use, 2, 2);                             \
      else pair_positions(s, crossed, positions, use, 2, 1);                                       \
    } else {                                                                                       \
      if (wide == 2) pair_positions(s, crossed, positions, use, 1, 2);                             \
      else pair_positions(s, crossed, positions, use, 1, 1);                                       \
    }                                                                                              \
  }
PAIR_SWEEP(sweep_written, plane_written)
PAIR_SWEEP(sweep_crossed, plane_crossed)
PAIR_SWEEP(sweep_added, plane_added)
