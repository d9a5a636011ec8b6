#pragma once
// A layer on tiles and one strip of it: where its results lie and how they are multiplied. Only for
// files compiled with AMX functions.

#include "CKernels.h"
#include "tile_epilogue.h"
#include "tile_pairs.h"
#include "tile_weights.h"

struct mien_tile_layer {
  int inputs, outputs;       // as the weights have them
  int in_blocks, out_blocks; // of 32 and of 16
  int height, width, up; // of a strided one, those of the result
  int strided;
  int paired; // rows of results two by two, from transformed rows
  int rows;    // of the input in a strip
  int whole;   // one strip, its outputs shared among the threads, then its rows
  size_t part; // bytes of one part of the weights
  char *weights;
};

static int phase_count(const mien_tile_layer *l) { return l->up || l->paired ? 4 : 1; }
static const tile_phase *phases(const mien_tile_layer *l) {
  return l->up ? up_phases : l->paired ? paired_phases : &plain_phase;
}
static int tap_count(const mien_tile_layer *l) { return l->paired ? 12 : 9; }
static int pairs_of(int rows) { return (rows + 1) / 2; }
static int group_count(const mien_tile_layer *l) { return (l->out_blocks + 1) / 2; }
/// Blocks of 16 outputs of a group.
static int wide(const mien_tile_layer *l, int group) {
  return l->out_blocks - group * 2 < 2 ? 1 : 2;
}
static int pitch(const mien_tile_layer *l) { return l->width + 2; }

/// Rows of the input a strip computes results for: the transposed convolution has one more.
static int result_rows(const mien_tile_layer *l) { return l->height + (l->up ? 1 : 0); }

/// Floats of one block of 16 outputs of a strip; a transposed convolution and one of pairs have
/// even and odd rows apart, so that the positions of a strip lie at one distance from each other.
static size_t half_floats(const mien_tile_layer *l, int rows) {
  const size_t lines = l->up ? 2 * (size_t)rows : (size_t)(l->paired ? pairs_of(rows) : rows);
  return (lines * pitch(l) + 64 + 1) * lanes;
}
static size_t block_floats(const mien_tile_layer *l, int rows) {
  return half_floats(l, rows) * (l->up || l->paired ? 2 : 1);
}
static size_t strip_floats(const mien_tile_layer *l, int rows) {
  return block_floats(l, rows) * l->out_blocks;
}

// Transformed rows of a strip are [planes][parts][blocks of 32 inputs][pairs][pitch][32] bfloat16,
// with room for the last tile's reads behind each block.
static size_t plane_block(const mien_tile_layer *l, int rows) {
  return ((size_t)pairs_of(rows) * pitch(l) + 48) * position_bytes;
}
static size_t plane_part(const mien_tile_layer *l, int rows) {
  return plane_block(l, rows) * l->in_blocks;
}

/// The input: tiled activations in one part or two.
typedef struct {
  const uint16_t *numbers;
  int parts;
} tile_source;

/// Convolution results of input rows first … end - 1 and the outputs of one group.
TILES static void multiply(
    const mien_tile_layer *l, tile_source from, float *strip, int rows, int first, int end,
    int group) {
  const size_t parity = mien_tiled_part((mien_tiled_shape){l->inputs, l->height, l->width}) * 2;
  const size_t part = parity * (l->strided ? 4 : 1);
  const size_t panel = (size_t)9 * l->in_blocks * group * 2 * tile_bytes;
  const char *weights = l->weights + panel;
  for (int n = 0; n < phase_count(l); n++) {
    const tile_phase *ph = &phases(l)[n];
    size_t taps[9];
    for (int t = 0; t < ph->count; t++) {
      int row = ph->taps[t].row, column = ph->taps[t].column;
      size_t plane = 0;
      if (l->strided) {
        plane = (size_t)(row % 2 * 2 + column % 2) * parity;
        row /= 2;
        column /= 2;
      }
      taps[t] = plane + ((size_t)row * pitch(l) + column) * position_bytes;
    }
    const char *source = (const char *)from.numbers + (size_t)first * pitch(l) * position_bytes;
    float *out = strip + (size_t)group * 2 * block_floats(l, rows);
    if (l->up) out += (size_t)(n / 2) * half_floats(l, rows) + (size_t)(n % 2) * lanes;
    const tile_sum sum = {
        .source = {source, source + part},
        .plane = (size_t)(l->height + 2) * pitch(l) * position_bytes,
        .blocks = l->in_blocks,
        .taps = taps,
        .count = ph->count,
        .weights = {weights, weights + l->part},
        .out = (char *)out,
        .out_plane = block_floats(l, rows) * sizeof(float),
        .out_position = (l->up ? 2 : 1) * (size_t)position_bytes,
    };
    const size_t positions = (size_t)(end - first - 1) * pitch(l) + l->width + (l->up ? 1 : 0);
    tile_sweep(&sum, positions, from.parts, wide(l, group));
    weights += (size_t)ph->count * l->in_blocks * wide(l, group) * tile_bytes;
  }
}

/// Row `pair` of a block of 32 channels of plane m0 … m3, of a strip of pairs from input row
/// `first`.
TILES static void transform(
    const mien_tile_layer *l, tile_source from, char *to, int rows, int first, int block, int pair,
    int plane) {
  static const struct { int a, b; } of[4] = {{1, 2}, {2, 1}, {0, 2}, {3, 1}};
  const size_t row = (size_t)pitch(l) * position_bytes, to_part = plane_part(l, rows);
  const size_t part = mien_tiled_part((mien_tiled_shape){l->inputs, l->height, l->width}) * 2;
  const char *top = (const char *)from.numbers +
      ((size_t)block * (l->height + 2) + first + 2 * pair) * row;
  const char *a = top + of[plane].a * row, *b = top + of[plane].b * row;
  to += (size_t)block * plane_block(l, rows) + (size_t)pair * row;
  if (from.parts == 2) {
    if (plane == 0) transform_row(a, b, part, to, to_part, pitch(l), 2, 1);
    else transform_row(a, b, part, to, to_part, pitch(l), 2, 0);
  } else {
    if (plane == 0) transform_row(a, b, part, to, to_part, pitch(l), 1, 1);
    else transform_row(a, b, part, to, to_part, pitch(l), 1, 0);
  }
}

static const char *plane_weights(const mien_tile_layer *l, int group, int plane) {
  return l->weights +
      ((size_t)12 * group * 2 + (size_t)3 * wide(l, group) * plane) * l->in_blocks * tile_bytes;
}

/// The products of a plane of a strip of pairs and the weights of a group; `next` are the weights
/// that follow, NULL where that is not known.
TILES static void multiply_plane(
    const mien_tile_layer *l, const char *transformed, int parts, float *strip, int rows, int pairs,
    int group, int plane, const char *next) {
  static const size_t taps[3] = {0, position_bytes, 2 * position_bytes};
  const char *weights = plane_weights(l, group, plane);
  const size_t positions = (size_t)(pairs - 1) * pitch(l) + l->width;
  const size_t bytes = (size_t)3 * l->in_blocks * wide(l, group) * tile_bytes;
  const size_t steps = (positions + 2 * tile_rows - 1) / (2 * tile_rows) * 3 * l->in_blocks;
  tile_ahead ahead = {
      .at = {next, next ? next + l->part : NULL},
      .end = next ? next + bytes : NULL,
      .bytes = (int)((bytes / 64 + steps - 1) / steps * 64),
  };
  char *upper = (char *)(strip + (size_t)group * 2 * block_floats(l, rows));
  char *lower = upper + half_floats(l, rows) * sizeof(float);
  const tile_sum sum = {
      .source = {transformed, transformed + plane_part(l, rows)},
      .plane = plane_block(l, rows),
      .blocks = l->in_blocks,
      .taps = taps,
      .count = 3,
      .weights = {weights, weights + l->part},
      .out = plane == 3 ? lower : upper,
      .out_plane = block_floats(l, rows) * sizeof(float),
      .out_position = position_bytes,
      .ahead = next ? &ahead : NULL,
  };
  (plane == 0 ? sweep_written : plane == 1 ? sweep_crossed : sweep_added)(
      &sum, lower, positions, parts, wide(l, group));
}

/// A strip of pairs from input row `first`, two planes at a time: they and the results stay in the
/// second-level cache.
TILES static void multiply_pairs(
    const mien_tile_layer *l, tile_source from, float *strip, char *planes, int rows, int first,
    int end) {
  const int pairs = pairs_of(end - first), groups = group_count(l);
  for (int plane = 0; plane < 4; plane += 2) {
    for (int n = 0; n < 2; n++)
      for (int b = 0; b < l->in_blocks; b++)
        for (int p = 0; p < pairs; p++)
          transform(l, from, planes + n * 2 * plane_part(l, rows), rows, first, b, p, plane + n);
    for (int g = 0; g < groups; g++)
      for (int n = 0; n < 2; n++) {
        const char *next = n == 0 ? plane_weights(l, g, plane + 1)
            : g + 1 < groups      ? plane_weights(l, g + 1, plane)
            : plane == 0          ? plane_weights(l, 0, 2)
                                  : NULL;
        multiply_plane(
            l, planes + n * 2 * plane_part(l, rows), from.parts, strip, rows, pairs, g, plane + n,
            next);
      }
  }
}

/// Result row `row` of a strip that starts at input row `first`.
static const float *result_row(
    const mien_tile_layer *l, const float *strip, int rows, int first, int row) {
  if (l->paired)
    return strip + (size_t)((row - first) & 1) * half_floats(l, rows) +
        (size_t)((row - first) >> 1) * pitch(l) * lanes;
  if (!l->up) return strip + (size_t)(row - first) * pitch(l) * lanes;
  return strip + (size_t)(row & 1) * half_floats(l, rows) +
      (size_t)((row >> 1) - first) * 2 * pitch(l) * lanes;
}
