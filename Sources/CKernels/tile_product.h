#pragma once
// The matrix product on AMX tiles: sixteen positions by thirty-two channels, times thirty-two
// channels by sixteen outputs. Only for files compiled with AMX functions.

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define TILES                                                                                      \
  __attribute__((target(                                                                           \
      "amx-tile,amx-bf16,avx512f,avx512vl,avx512bw,avx512dq,avx512bf16,fma,bmi2")))
#define TILES_INLINE TILES static inline __attribute__((always_inline))

enum { tile_bytes = 1024, tile_rows = 16, tile_channels = 32, position_bytes = 64 };

/// All eight registers as 16 rows of 64 bytes.
TILES_INLINE void tiles_begin(void) {
  struct {
    uint8_t palette, start, reserved[14];
    uint16_t columns[16];
    uint8_t rows[16];
  } shape;
  memset(&shape, 0, sizeof shape);
  shape.palette = 1;
  for (int i = 0; i < 8; i++) {
    shape.columns[i] = 64;
    shape.rows[i] = tile_rows;
  }
  _tile_loadconfig(&shape);
}

TILES_INLINE void tiles_end(void) { _tile_release(); }

/// 32 channels of one pixel in `parts` bfloat16 parts, 64 bytes each.
TILES_INLINE void store_parts(
    const __m512 first, const __m512 second, void *high, void *low, const int parts) {
  const __m512i h = (__m512i)_mm512_cvtne2ps_pbh(second, first);
  _mm512_store_si512(high, h);
  if (parts < 2) return;
  const __m512 h0 = _mm512_castsi512_ps(
      _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(h)), 16));
  const __m512 h1 = _mm512_castsi512_ps(
      _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(h, 1)), 16));
  _mm512_store_si512(low, (__m512i)_mm512_cvtne2ps_pbh(second - h1, first - h0));
}

/// Sixteen channels of a pixel from their two parts, `part` elements apart.
TILES_INLINE __m512 joined(const uint16_t *high, size_t part) {
  const __m512i h = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)high));
  const __m512i l = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(high + part)));
  return _mm512_castsi512_ps(_mm512_slli_epi32(h, 16)) +
      _mm512_castsi512_ps(_mm512_slli_epi32(l, 16));
}

/// Weights of the next sum: with every tap `bytes` of each part come closer, into the second-level
/// cache.
typedef struct {
  const char *at[2], *end; // of the first part
  int bytes;
} tile_ahead;

TILES_INLINE void bring_closer(tile_ahead *a, const int parts) {
  if (a->at[0] >= a->end) return;
  for (int p = 0; p < parts; p++) {
    for (int i = 0; i < a->bytes; i += 64) _mm_prefetch(a->at[p] + i, _MM_HINT_T1);
    a->at[p] += a->bytes;
  }
}

/// A convolution as a sum of products over channel blocks and taps.
typedef struct {
  const char *source[2]; // each part, at the first position without a tap's offset
  size_t plane;          // bytes from one block of 32 channels to the next
  int blocks;
  const size_t *taps; // bytes, `count` of them
  int count;
  const char *weights[2]; // each part: [blocks][taps][outputs / 16][tile]
  char *out;
  size_t out_plane;    // bytes from one block of 16 outputs to the next
  size_t out_position; // bytes from one position to the next
  tile_ahead *ahead;   // NULL for none
} tile_sum;

/// Positions `first` … of `high` × 16, `wide` × 16 outputs to `out`, added to what is there
/// (`more`) or not; high and wide are 1 or 2.
TILES_INLINE void tile_block(
    const tile_sum *s, size_t first, char *out, const int more, const int parts, const int high,
    const int wide) {
  const size_t below = tile_rows * s->out_position;
  if (more) {
    _tile_loadd(0, out, s->out_position);
    if (wide == 2) _tile_loadd(1, out + s->out_plane, s->out_position);
    if (high == 2) _tile_loadd(2, out + below, s->out_position);
    if (high == 2 && wide == 2) _tile_loadd(3, out + below + s->out_plane, s->out_position);
  } else {
    _tile_zero(0);
    if (wide == 2) _tile_zero(1);
    if (high == 2) _tile_zero(2);
    if (high == 2 && wide == 2) _tile_zero(3);
  }
  const char *b0 = s->weights[0], *b1 = s->weights[1];
  const size_t step = (size_t)wide * tile_bytes;
  for (int block = 0; block < s->blocks; block++) {
    const size_t from = (size_t)block * s->plane + first * position_bytes;
    for (int t = 0; t < s->count; t++) {
      const char *a0 = s->source[0] + from + s->taps[t];
      if (s->ahead) bring_closer(s->ahead, parts);
      if (parts == 2) {
        const char *a1 = s->source[1] + from + s->taps[t];
        _tile_loadd(4, a1, position_bytes);
        _tile_loadd(6, b0, 64);
        _tile_dpbf16ps(0, 4, 6);
        if (wide == 2) {
          _tile_loadd(7, b0 + tile_bytes, 64);
          _tile_dpbf16ps(1, 4, 7);
        }
        if (high == 2) {
          _tile_loadd(5, a1 + tile_bytes, position_bytes);
          _tile_dpbf16ps(2, 5, 6);
          if (wide == 2) _tile_dpbf16ps(3, 5, 7);
        }
        _tile_loadd(4, a0, position_bytes);
        _tile_dpbf16ps(0, 4, 6);
        if (wide == 2) _tile_dpbf16ps(1, 4, 7);
        if (high == 2) {
          _tile_loadd(5, a0 + tile_bytes, position_bytes);
          _tile_dpbf16ps(2, 5, 6);
          if (wide == 2) _tile_dpbf16ps(3, 5, 7);
        }
        _tile_loadd(6, b1, 64);
        _tile_dpbf16ps(0, 4, 6);
        if (wide == 2) {
          _tile_loadd(7, b1 + tile_bytes, 64);
          _tile_dpbf16ps(1, 4, 7);
        }
        if (high == 2) {
          _tile_dpbf16ps(2, 5, 6);
          if (wide == 2) _tile_dpbf16ps(3, 5, 7);
        }
        b1 += step;
      } else {
        _tile_loadd(4, a0, position_bytes);
        _tile_loadd(6, b0, 64);
        _tile_dpbf16ps(0, 4, 6);
        if (wide == 2) {
          _tile_loadd(7, b0 + tile_bytes, 64);
          _tile_dpbf16ps(1, 4, 7);
        }
        if (high == 2) {
          _tile_loadd(5, a0 + tile_bytes, position_bytes);
          _tile_dpbf16ps(2, 5, 6);
          if (wide == 2) _tile_dpbf16ps(3, 5, 7);
        }
      }
      b0 += step;
    }
  }
  _tile_stored(0, out, s->out_position);
  if (wide == 2) _tile_stored(1, out + s->out_plane, s->out_position);
  if (high == 2) {
    _tile_stored(2, out + below, s->out_position);
    if (wide == 2) _tile_stored(3, out + below + s->out_plane, s->out_position);
  }
}

TILES_INLINE void tile_positions(
    const tile_sum *s, size_t positions, const int parts, const int wide) {
  const size_t tiles = (positions + tile_rows - 1) / tile_rows;
  size_t t = 0;
  for (; t + 2 <= tiles; t += 2)
    tile_block(s, t * tile_rows, s->out + t * tile_rows * s->out_position, 0, parts, 2, wide);
  if (t < tiles)
    tile_block(s, t * tile_rows, s->out + t * tile_rows * s->out_position, 0, parts, 1, wide);
}

/// All positions of 16 · `wide` outputs.
TILES static void tile_sweep(const tile_sum *s, size_t positions, int parts, int wide) {
  if (parts == 2) {
    if (wide == 2) tile_positions(s, positions, 2, 2);
    else tile_positions(s, positions, 2, 1);
  } else {
    if (wide == 2) tile_positions(s, positions, 1, 2);
    else tile_positions(s, positions, 1, 1);
  }
}
