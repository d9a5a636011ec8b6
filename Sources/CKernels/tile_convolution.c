#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

#include <stdatomic.h>

#include "tile_product.h"
#include "tile_weights.h"

struct mien_tile_convolution {
  mien_tile_kind kind;
  int inputs, outputs;       // as the weights have them
  int in_blocks, out_blocks; // of 32 and of 16
  int side, result;
  int rows, pitch; // of a converted plane
  size_t part;     // bytes of one part of the weights
  char *weights;   // [groups of 32 outputs][phase][in_blocks][taps][outputs / 16][tile]
};

static int group_count(const mien_tile_convolution *c) { return (c->out_blocks + 1) / 2; }
static int phase_count(const mien_tile_convolution *c) {
  return c->kind == mien_tile_transposed ? 4 : 1;
}
static const tile_phase *phases(const mien_tile_convolution *c) {
  return c->kind == mien_tile_transposed ? up_phases : &plain_phase;
}

/// Bytes of all planes of one part: the strided convolution has even and odd rows and columns
/// apart, so that the inputs of neighbouring results lie side by side.
static size_t plane_bytes(const mien_tile_convolution *c) {
  return (size_t)c->rows * c->pitch * position_bytes;
}
static size_t parity_bytes(const mien_tile_convolution *c) { return c->in_blocks * plane_bytes(c); }
static size_t part_bytes(const mien_tile_convolution *c) {
  return parity_bytes(c) * (c->kind == mien_tile_strided ? 4 : 1);
}
// Tiles of positions read up to sixteen past a row, and a row and two pixels beyond the last.
static size_t input_bytes(const mien_tile_convolution *c) {
  return (2 * part_bytes(c) + (size_t)(c->pitch + 32) * position_bytes + 4095) / 4096 * 4096;
}
/// Two rows of 32 outputs of a transposed convolution, with room for whole tiles.
static size_t line_bytes(const mien_tile_convolution *c) {
  return c->kind == mien_tile_transposed ? (size_t)2 * 2 * (c->side + 32) * position_bytes : 0;
}

size_t mien_tile_convolution_scratch(const mien_tile_convolution *c) {
  return (input_bytes(c) + line_bytes(c) * (size_t)mien_thread_count()) / sizeof(float);
}

mien_tile_convolution *mien_tile_convolution_create(
    mien_tile_kind kind, int inputs, int outputs, int side, const float *weights) {
  const int result = kind == mien_tile_plain ? side
      : kind == mien_tile_transposed         ? 2 * side + 1
                                             : (side - 1) / 2;
  if (!mien_tiles_available()) return NULL;
  if (kind != mien_tile_transposed && result % tile_rows) return NULL;
  if (kind == mien_tile_strided && side % 2 == 0) return NULL;
  mien_tile_convolution *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  c->kind = kind;
  c->inputs = inputs;
  c->outputs = outputs;
  c->in_blocks = (inputs + 31) / 32;
  c->out_blocks = (outputs + 15) / 16;
  c->side = side;
  c->result = result;
  c->rows = c->pitch = kind == mien_tile_strided ? result + 1 : side + 2;
  c->part = packed_part(c->in_blocks, c->out_blocks);
  c->weights = aligned_alloc(4096, (2 * c->part + 4095) / 4096 * 4096);
  if (!c->weights) {
    free(c);
    return NULL;
  }
  tile_packing p = {
      .weights = weights,
      .inputs = inputs,
      .outputs = outputs,
      .in_blocks = c->in_blocks,
      .out_blocks = c->out_blocks,
      .phases = phases(c),
      .phase_count = phase_count(c),
      .packed = c->weights,
      .part = c->part,
  };
  pack_weights(&p);
  return c;
}

void mien_tile_convolution_destroy(mien_tile_convolution *c) {
  if (!c) return;
  free(c->weights);
  free(c);
}

typedef struct {
  const mien_tile_convolution *c;
  const float *source;
  float *destination;
  char *input;
  char *lines;
  int strip, strips, groups_first;
  atomic_int next;
} job;

/// Two parts of 32 channels of one pixel; the second half may be missing.
TILES_INLINE void split(const float *first, const float *second, char *high, char *low) {
  store_parts(
      _mm512_load_ps(first), second ? _mm512_load_ps(second) : _mm512_setzero_ps(), high, low, 2);
}

/// One row of 32 channels of the source into its plane.
TILES static void convert_row(void *context, size_t index) {
  const job *j = context;
  const mien_tile_convolution *c = j->c;
  const int strided = c->kind == mien_tile_strided;
  const int rows = strided ? c->side : c->rows;
  const size_t block = index / (size_t)rows, row = index % (size_t)rows;
  const size_t part = part_bytes(c), plane = (size_t)c->side * c->side * 16;
  const int both = (int)block * 32 + 16 < (c->inputs + 15) / 16 * 16;
  if (strided) {
    const float *from = j->source + 2 * block * plane + row * (size_t)c->side * 16;
    for (int x = 0; x < c->side; x++) {
      const size_t parity = (row % 2) * 2 + (size_t)(x % 2);
      char *to = j->input + parity * parity_bytes(c) + block * plane_bytes(c) +
          (row / 2 * (size_t)c->pitch + (size_t)(x / 2)) * position_bytes;
      split(from + (size_t)x * 16, both ? from + plane + (size_t)x * 16 : 0, to, to + part);
    }
    return;
  }
  char *to = j->input + block * plane_bytes(c) + row * (size_t)c->pitch * position_bytes;
  const size_t line = (size_t)c->pitch * position_bytes;
  if (row == 0 || row + 1 == (size_t)rows) {
    memset(to, 0, line);
    memset(to + part, 0, line);
    return;
  }
  for (int p = 0; p < 2; p++) {
    memset(to + p * part, 0, position_bytes);
    memset(to + p * part + line - position_bytes, 0, position_bytes);
  }
  const float *from = j->source + 2 * block * plane + (row - 1) * (size_t)c->side * 16;
  to += position_bytes;
  for (int x = 0; x < c->side; x++, to += position_bytes)
    split(from + (size_t)x * 16, both ? from + plane + (size_t)x * 16 : 0, to, to + part);
}

static size_t tap_offset(const mien_tile_convolution *c, const tile_phase *ph, int t) {
  int row = ph->taps[t].row, column = ph->taps[t].column;
  size_t offset = 0;
  if (c->kind == mien_tile_strided) {
    offset = (size_t)(row % 2 * 2 + column % 2) * parity_bytes(c);
    row /= 2;
    column /= 2;
  }
  return offset + ((size_t)row * c->pitch + (size_t)column) * position_bytes;
}

/// One row of one group of outputs; of a transposed convolution, the two rows that come of it.
TILES static void multiply_row(const job *j, int group, int row, char *lines) {
  const mien_tile_convolution *c = j->c;
  const size_t part = part_bytes(c), plane = (size_t)c->result * c->result * position_bytes;
  const int wide = c->out_blocks - group * 2 < 2 ? 1 : 2;
  const char *source = j->input + (size_t)row * c->pitch * position_bytes;
  const char *weights = c->weights + (size_t)9 * c->in_blocks * group * 2 * tile_bytes;
  char *destination = (char *)j->destination + (size_t)group * 2 * plane;
  const size_t line = (size_t)2 * (c->side + 32) * position_bytes;
  for (int n = 0; n < phase_count(c); n++) {
    const tile_phase *ph = &phases(c)[n];
    const int up = c->kind == mien_tile_transposed;
    size_t taps[9];
    for (int t = 0; t < ph->count; t++) taps[t] = tap_offset(c, ph, t);
    const tile_sum sum = {
        .source = {source, source + part},
        .plane = plane_bytes(c),
        .blocks = c->in_blocks,
        .taps = taps,
        .count = ph->count,
        .weights = {weights, weights + c->part},
        .out = up ? lines + n % 2 * position_bytes
                  : destination + (size_t)row * c->result * position_bytes,
        .out_plane = up ? line : plane,
        .out_position = (up ? 2 : 1) * (size_t)position_bytes,
    };
    weights += (size_t)ph->count * c->in_blocks * wide * tile_bytes;
    const int below = n / 2;
    if (up && below && row == c->side) return;
    tile_sweep(&sum, up ? (size_t)c->side + 1 : (size_t)c->result, 2, wide);
    if (up && n % 2)
      for (int k = 0; k < wide; k++)
        memcpy(
            destination + k * plane +
                (size_t)(2 * row + below) * c->result * position_bytes,
            lines + k * line, (size_t)c->result * position_bytes);
  }
}

static int row_count(const mien_tile_convolution *c) {
  return c->kind == mien_tile_transposed ? c->side + 1 : c->result;
}

TILES static void multiply_strips(void *context, size_t thread) {
  job *j = context;
  const mien_tile_convolution *c = j->c;
  const int groups = group_count(c), rows = row_count(c);
  char *lines = j->lines + thread * line_bytes(c);
  tiles_begin();
  for (;;) {
    const int task = atomic_fetch_add(&j->next, 1);
    if (task >= groups * j->strips) break;
    const int group = j->groups_first ? task / j->strips : task % groups;
    const int strip = j->groups_first ? task % j->strips : task / groups;
    const int end = (strip + 1) * j->strip < rows ? (strip + 1) * j->strip : rows;
    for (int row = strip * j->strip; row < end; row++) multiply_row(j, group, row, lines);
  }
  tiles_end();
}

void mien_tile_convolution_run(
    const mien_tile_convolution *c, const float *source, float *destination, float *scratch) {
  job j = {.c = c, .source = source, .destination = destination, .input = (char *)scratch};
  j.lines = j.input + input_bytes(c);
  const int rows = c->kind == mien_tile_strided ? c->side : c->rows;
  mien_parallel((size_t)(c->in_blocks * rows), &j, convert_row);
  // A strip's inputs fit the second-level cache; what is read again and again is the smaller of
  // inputs, once for every group of outputs, and weights, once for every strip.
  const size_t input = 2 * part_bytes(c), row = input / (size_t)c->rows;
  j.strip = (int)(700000 / row);
  if (j.strip < 2) j.strip = 2;
  if (j.strip > row_count(c)) j.strip = row_count(c);
  j.strips = (row_count(c) + j.strip - 1) / j.strip;
  j.groups_first =
      input * (size_t)group_count(c) < 2 * c->part * (size_t)j.strips;
  mien_parallel((size_t)mien_thread_count(), &j, multiply_strips);
}

#else

mien_tile_convolution *mien_tile_convolution_create(
    mien_tile_kind kind, int inputs, int outputs, int side, const float *weights) {
  (void)kind, (void)inputs, (void)outputs, (void)side, (void)weights;
  return NULL;
}
void mien_tile_convolution_destroy(mien_tile_convolution *c) { (void)c; }
size_t mien_tile_convolution_scratch(const mien_tile_convolution *c) { (void)c; return 0; }
void mien_tile_convolution_run(
    const mien_tile_convolution *c, const float *source, float *destination, float *scratch) {
  (void)c, (void)source, (void)destination, (void)scratch;
  abort();
}

#endif
