#pragma once
// Weights of a 3×3 convolution as the tiles multiply them, in two bfloat16 parts. Only for files
// compiled with AMX functions.

#include "CKernels.h"
#include "tile_product.h"

/// The outputs of even or odd rows and columns of a transposed convolution, or all of a plain one.
typedef struct {
  int count;
  struct { int row, column, tap; } taps[9]; // of the bordered input, from the output's position
} tile_phase;

static const tile_phase plain_phase = {
    9,
    {{0, 0, 0}, {0, 1, 1}, {0, 2, 2}, {1, 0, 3}, {1, 1, 4}, {1, 2, 5}, {2, 0, 6}, {2, 1, 7},
     {2, 2, 8}}};

static const tile_phase up_phases[4] = {
    {4, {{1, 1, 0}, {1, 0, 2}, {0, 1, 6}, {0, 0, 8}}},
    {2, {{1, 1, 1}, {0, 1, 7}}},
    {2, {{1, 1, 3}, {1, 0, 5}}},
    {1, {{1, 1, 4}}}};

/// Winograd's F(2, 3) down the rows (`tile_pairs.h`): of each column's three weights g, top to
/// bottom, (g0 + g1 + g2) / 2, (g0 − g1 + g2) / 2, g0 and g2.
static const tile_phase paired_phases[4] = {
    {3, {{0, 0, 0}, {0, 1, 1}, {0, 2, 2}}},
    {3, {{0, 0, 0}, {0, 1, 1}, {0, 2, 2}}},
    {3, {{0, 0, 0}, {0, 1, 1}, {0, 2, 2}}},
    {3, {{0, 0, 6}, {0, 1, 7}, {0, 2, 8}}}};

/// What the weights are and where they go: [parts][groups of 32 outputs][phases][blocks of 32
/// inputs][taps][outputs / 16][tile].
typedef struct {
  const float *weights; // [outputs][inputs][3][3]
  const float *style;   // [inputs], multiplied into them; NULL for 1
  int inputs, outputs;
  int in_blocks, out_blocks; // of 32 and of 16
  const tile_phase *phases;
  int phase_count;
  int paired; // the phases are `paired_phases`
  char *packed;
  size_t part; // bytes
} tile_packing;

static size_t packed_part(int taps, int in_blocks, int out_blocks) {
  return (size_t)taps * in_blocks * out_blocks * tile_bytes;
}

/// Sixteen outputs' weights of one input and tap.
TILES_INLINE __m512 tap_weights(
    const tile_packing *p, int phase, const float *from, __m512i each, __mmask16 there) {
  const __m512 zero = _mm512_setzero_ps();
  const __m512 g = _mm512_mask_i32gather_ps(zero, there, each, from, 4);
  if (!p->paired || phase > 1) return g;
  const __m512 g1 = _mm512_mask_i32gather_ps(zero, there, each, from + 3, 4);
  const __m512 outer = g + _mm512_mask_i32gather_ps(zero, there, each, from + 6, 4);
  return _mm512_set1_ps(.5f) * (phase == 0 ? outer + g1 : outer - g1);
}

/// Weights of one block of 16 outputs.
TILES static void pack_block(void *context, size_t block) {
  const tile_packing *p = context;
  const int group = (int)block / 2, first = group * 2;
  const int wide = p->out_blocks - first < 2 ? 1 : 2;
  const int outputs = p->outputs - (int)block * 16;
  const __mmask16 there = outputs >= 16 ? 0xffff : (__mmask16)((1u << outputs) - 1);
  const __m512i each = _mm512_mullo_epi32(
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
      _mm512_set1_epi32(p->inputs * 9));
  int taps = 0;
  for (int n = 0; n < p->phase_count; n++) taps += p->phases[n].count;
  char *out = p->packed + (size_t)taps * p->in_blocks * first * tile_bytes +
      (block % 2) * tile_bytes;
  for (int n = 0; n < p->phase_count; n++) {
    const tile_phase *ph = &p->phases[n];
    for (int b = 0; b < p->in_blocks; b++)
      for (int t = 0; t < ph->count; t++) {
        const float *from = p->weights + block * 16 * p->inputs * 9 + ph->taps[t].tap;
        for (int k = 0; k < 16; k++) {
          const int c = b * 32 + 2 * k;
          __m512 v[2];
          for (int i = 0; i < 2; i++) {
            v[i] = c + i < p->inputs
                ? tap_weights(p, n, from + (size_t)(c + i) * 9, each, there)
                : _mm512_setzero_ps();
            if (p->style && c + i < p->inputs) v[i] *= _mm512_set1_ps(p->style[c + i]);
          }
          // Channel pairs stand side by side.
          const __m512i h0 = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(v[0]));
          const __m512i h1 = _mm512_slli_epi32(
              _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(v[1])), 16);
          const __m512 r0 = v[0] - _mm512_castsi512_ps(_mm512_slli_epi32(h0, 16));
          const __m512 r1 = v[1] - _mm512_castsi512_ps(h1);
          const __m512i l0 = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(r0));
          const __m512i l1 = _mm512_slli_epi32(
              _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(r1)), 16);
          _mm512_store_si512(out + k * 64, _mm512_or_si512(h0, h1));
          _mm512_store_si512(out + p->part + k * 64, _mm512_or_si512(l0, l1));
        }
        out += wide * tile_bytes;
      }
  }
}

static void pack_weights(tile_packing *p) {
  mien_parallel((size_t)p->out_blocks, p, pack_block);
}
