#define _GNU_SOURCE
#include "CKernels.h"
#include "tile_gradients.h"

#include <stdlib.h>
#include <string.h>

static size_t blocks_of(int channels) { return ((size_t)channels + 31) / 32; }

size_t mien_tiled_part(mien_tiled_shape s) {
  return blocks_of(s.channels) * (size_t)(s.height + 2) * (size_t)(s.width + 2) * 32;
}

// The last tile of positions reads up to 32 of them past the end, and one row and a pixel further.
size_t mien_tiled_count(mien_tiled_shape s) {
  return 2 * mien_tiled_part(s) + (size_t)(s.width + 2 + 48) * 32;
}

#if defined(__x86_64__) && defined(__linux__)

#include <cpuid.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tile_epilogue.h"
#include "tile_weights.h"

static int ask(void) {
  unsigned a, b, c, d;
  if (mien_instruction_limit() < mien_limit_tiles || mien_vector_level() < mien_limit_avx512 ||
      !__builtin_cpu_supports("avx512bf16"))
    return 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  const unsigned bf16 = 1u << 22, tile = 1u << 24;
  if ((d & bf16) == 0 || (d & tile) == 0) return 0;
  // ARCH_REQ_XCOMP_PERM for the tile data, for this process and the threads it will start.
  return syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}

int mien_tiles_available(void) {
  static atomic_int known; // 0: not asked yet, 1: no, 2: yes
  int state = atomic_load_explicit(&known, memory_order_relaxed);
  if (!state) {
    state = ask() ? 2 : 1;
    atomic_store_explicit(&known, state, memory_order_relaxed);
  }
  return state == 2;
}

static float widened(uint16_t b) {
  const uint32_t bits = (uint32_t)b << 16;
  float f;
  memcpy(&f, &bits, sizeof f);
  return f;
}

/// To nearest, ties to even.
static uint16_t narrowed(float f) {
  uint32_t bits;
  memcpy(&bits, &f, sizeof bits);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

void mien_tiled_from_plain(
    const float *plain, const float *style, uint16_t *tiled, mien_tiled_shape s, int parts) {
  const size_t part = mien_tiled_part(s), pitch = (size_t)s.width + 2;
  for (int c = 0; c < s.channels; c++)
    for (int y = 0; y < s.height; y++)
      for (int x = 0; x < s.width; x++) {
        const float v =
            plain[((size_t)c * s.height + y) * s.width + x] * (style ? style[c] : 1);
        uint16_t *out = tiled +
            (((size_t)(c / 32) * (s.height + 2) + y + 1) * pitch + x + 1) * 32 + c % 32;
        *out = narrowed(v);
        if (parts == 2) out[part] = narrowed(v - widened(*out));
      }
}

struct mien_tile_layer {
  int inputs, outputs;       // as the weights have them
  int in_blocks, out_blocks; // of 32 and of 16
  int height, width, up;
  int rows;    // of the input in a strip
  int whole;   // one strip, its outputs shared among the threads, then its rows
  size_t part; // bytes of one part of the weights
  char *weights;
};

static int phase_count(const mien_tile_layer *l) { return l->up ? 4 : 1; }
static const tile_phase *phases(const mien_tile_layer *l) { return l->up ? up_phases : &plain_phase; }
static int group_count(const mien_tile_layer *l) { return (l->out_blocks + 1) / 2; }
static int pitch(const mien_tile_layer *l) { return l->width + 2; }

/// Rows of the input a strip computes results for: the transposed convolution has one more.
static int result_rows(const mien_tile_layer *l) { return l->height + (l->up ? 1 : 0); }

// Two threads share a zone of rows and work towards each other, so that a core that is slow for a
// while (its neighbour on the chip, another process) leaves rows to the other one.
enum { most_zones = 64 };
static int zone_count(void) { return (mien_thread_count() + 1) / 2; }

/// Floats of one block of 16 outputs of a strip; a transposed convolution has even and odd rows
/// apart, so that the positions of a strip lie at one distance from each other.
static size_t half_floats(const mien_tile_layer *l, int rows) {
  return ((size_t)(l->up ? 2 : 1) * rows * pitch(l) + 64 + 1) * lanes;
}
static size_t block_floats(const mien_tile_layer *l, int rows) {
  return half_floats(l, rows) * (l->up ? 2 : 1);
}
static size_t strip_floats(const mien_tile_layer *l, int rows) {
  return block_floats(l, rows) * l->out_blocks;
}
/// Rows there is room for in a strip: its own, one left over by the other thread, and the one that
/// the filter reaches beyond the first strip.
static int room(const mien_tile_layer *l) { return l->whole ? l->rows : l->rows + 2; }

void mien_tile_layer_set_rows(mien_tile_layer *l, int rows) {
  // Results of a strip take up to a megabyte of the second-level cache.
  if (rows <= 0)
    rows = l->height * l->width <= 32 * 32 ? l->height
                                           : (int)(1100000 / (sizeof(float) * strip_floats(l, 1)));
  if (rows < 2) rows = 2;
  // Zones are to have two rows or more.
  l->whole = rows >= l->height || l->height < 4 * zone_count() || zone_count() > most_zones;
  l->rows = l->whole ? result_rows(l) : rows;
}

int mien_tile_layer_rows(const mien_tile_layer *l) { return l->whole ? l->height : l->rows; }

mien_tile_layer *mien_tile_layer_create(int inputs, int outputs, int height, int width, int up) {
  if (!mien_tiles_available()) return NULL;
  mien_tile_layer *l = calloc(1, sizeof *l);
  if (!l) return NULL;
  l->inputs = inputs;
  l->outputs = outputs;
  l->in_blocks = (inputs + 31) / 32;
  l->out_blocks = (outputs + 15) / 16;
  l->height = height;
  l->width = width;
  l->up = up;
  mien_tile_layer_set_rows(l, 0);
  l->part = packed_part(l->in_blocks, l->out_blocks);
  l->weights = aligned_alloc(4096, (2 * l->part + 4095) / 4096 * 4096);
  if (!l->weights) {
    free(l);
    return NULL;
  }
  return l;
}

void mien_tile_layer_destroy(mien_tile_layer *l) {
  if (!l) return;
  free(l->weights);
  free(l);
}

size_t mien_tile_layer_weight_bytes(const mien_tile_layer *l) { return 2 * l->part; }

size_t mien_tile_layer_scratch(const mien_tile_layer *l) {
  const size_t strip = strip_floats(l, room(l));
  return l->whole ? strip : strip * (l->up ? 2 : 1) * (size_t)mien_thread_count();
}

void mien_tile_layer_pack(mien_tile_layer *l, const float *weights, const float *style) {
  tile_packing p = {
      .weights = weights,
      .style = style,
      .inputs = l->inputs,
      .outputs = l->outputs,
      .in_blocks = l->in_blocks,
      .out_blocks = l->out_blocks,
      .phases = phases(l),
      .phase_count = phase_count(l),
      .packed = l->weights,
      .part = l->part,
  };
  pack_weights(&p);
}

typedef struct {
  const mien_tile_layer *l;
  const uint16_t *source;
  int parts;
  const mien_epilogue *e;
  uint16_t *target;
  const uint16_t *mask;
  float *scratch;
  void (*finish)(
      const mien_epilogue *, const tile_lines *, int, int, const tile_target *);
  atomic_int next;                    // group of outputs, or rows to finish
  _Atomic uint64_t zones[most_zones]; // rows that are left: the first << 32 | the end
} job;

/// Convolution results of input rows first … end - 1 and the outputs of one group.
TILES static void multiply(const job *j, float *strip, int rows, int first, int end, int group) {
  const mien_tile_layer *l = j->l;
  const size_t part = mien_tiled_part((mien_tiled_shape){l->inputs, l->height, l->width}) * 2;
  const size_t panel = (size_t)9 * l->in_blocks * group * 2 * tile_bytes;
  const int wide = l->out_blocks - group * 2 < 2 ? 1 : 2;
  const char *weights = l->weights + panel;
  for (int n = 0; n < phase_count(l); n++) {
    const tile_phase *ph = &phases(l)[n];
    size_t taps[9];
    for (int t = 0; t < ph->count; t++)
      taps[t] =
          ((size_t)ph->taps[t].row * pitch(l) + ph->taps[t].column) * position_bytes;
    const char *source = (const char *)j->source + (size_t)first * pitch(l) * position_bytes;
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
    tile_sweep(&sum, positions, j->parts, wide);
    weights += (size_t)ph->count * l->in_blocks * wide * tile_bytes;
  }
}

/// Result row `row` of a strip that starts at input row `first`.
static const float *result_row(
    const mien_tile_layer *l, const float *strip, int rows, int first, int row) {
  if (!l->up) return strip + (size_t)(row - first) * pitch(l) * lanes;
  return strip + (size_t)(row & 1) * half_floats(l, rows) +
      (size_t)((row >> 1) - first) * 2 * pitch(l) * lanes;
}

static void finish_row(const job *j, const tile_lines *lines, int row) {
  const mien_epilogue *e = j->e;
  if (!j->target) {
    j->finish(e, lines, j->l->out_blocks, row, NULL);
    return;
  }
  const mien_tiled_shape shape = {j->l->outputs, e->height, e->width};
  const size_t across = (size_t)e->width + 2;
  tile_target target;
  target.plane = (size_t)(e->height + 2) * across * 32;
  const size_t at = ((size_t)(row + 1) * across + 1) * 32;
  target.part[0] = j->target + at;
  target.part[1] = target.part[0] + mien_tiled_part(shape);
  target.mask = j->mask ? j->mask + at : NULL;
  j->finish(e, lines, j->l->out_blocks, row, &target);
}

TILES static void multiply_groups(void *context, size_t thread) {
  job *j = context;
  (void)thread;
  tiles_begin();
  for (;;) {
    const int group = atomic_fetch_add(&j->next, 1);
    if (group >= group_count(j->l)) break;
    multiply(j, j->scratch, j->l->rows, 0, result_rows(j->l), group);
  }
  tiles_end();
}

static void finish_rows(void *context, size_t thread) {
  enum { share = 4 };
  job *j = context;
  const mien_tile_layer *l = j->l;
  (void)thread;
  for (;;) {
    const int first = atomic_fetch_add(&j->next, share);
    if (first >= j->e->height) break;
    for (int row = first; row < first + share && row < j->e->height; row++) {
      tile_lines lines;
      for (int i = 0; i < 4; i++) {
        const int from = l->up ? row - 1 + i : row;
        lines.row[i] = from < 0 ? NULL : result_row(l, j->scratch, l->rows, 0, from);
        lines.plane[i] = block_floats(l, l->rows);
      }
      finish_row(j, &lines, row);
    }
  }
}

/// The next rows of a zone from above or from below; 0 when none are left. Never leaves a single
/// row, with which the filter would reach further back than the strip before.
static int claim(job *j, int zone, int upwards, int *first, int *end) {
  uint64_t left = atomic_load(&j->zones[zone]);
  for (;;) {
    const int top = (int)(left >> 32), bottom = (int)(left & 0xffffffff);
    const int rows = bottom - top <= j->l->rows + 1 ? bottom - top : j->l->rows;
    if (rows == 0) return 0;
    *first = upwards ? bottom - rows : top;
    *end = *first + rows;
    const uint64_t rest = upwards ? (uint64_t)top << 32 | (uint32_t)*first
                                  : (uint64_t)*end << 32 | (uint32_t)bottom;
    if (atomic_compare_exchange_weak(&j->zones[zone], &left, rest)) return 1;
  }
}

/// The two latest strips of a thread.
typedef struct {
  float *strip[2];
  int first[2], end[2];
  int now;
} ring;

TILES static void multiply_strip(job *j, ring *r, int first, int end) {
  r->now = j->l->up ? 1 - r->now : 0;
  r->first[r->now] = first;
  r->end[r->now] = end;
  for (int g = 0; g < group_count(j->l); g++)
    multiply(j, r->strip[r->now], room(j->l), first, end, g);
}

/// Finishes a row whose results are in the ring.
static void finish_from(const job *j, const ring *r, int row) {
  const mien_tile_layer *l = j->l;
  tile_lines lines;
  for (int i = 0; i < 4; i++) {
    const int from = l->up ? row - 1 + i : row, source = l->up ? from >> 1 : from;
    const int inside = source >= r->first[r->now] && source < r->end[r->now];
    const int which = inside ? r->now : 1 - r->now;
    lines.row[i] =
        from < 0 ? NULL : result_row(l, r->strip[which], room(l), r->first[which], from);
    lines.plane[i] = block_floats(l, room(l));
  }
  finish_row(j, &lines, row);
}

TILES static void run_down(job *j, int zone, ring *r) {
  const int up = j->l->up;
  int first, end, row = -1, last = 0;
  while (claim(j, zone, 0, &first, &end)) {
    if (row < 0) {
      row = up ? 2 * first : first;
      // The filter reaches into the row above.
      if (up && first > 0) first--;
    }
    multiply_strip(j, r, first, end);
    for (const int ready = up ? 2 * end - 2 : end; row < ready; row++) finish_from(j, r, row);
    last = end;
  }
  if (row < 0 || !up) return;
  // And one row below, which the other thread has too.
  multiply_strip(j, r, last, last + 1);
  for (; row < 2 * last; row++) finish_from(j, r, row);
}

TILES static void run_up(job *j, int zone, ring *r) {
  const int up = j->l->up;
  int first, end, row = -1, last = 0;
  while (claim(j, zone, 1, &first, &end)) {
    if (row < 0) {
      row = up ? 2 * end - 1 : end - 1;
      if (up) end++;
    }
    multiply_strip(j, r, first, end);
    for (const int ready = up && first > 0 ? 2 * first + 1 : up ? 0 : first; row >= ready; row--)
      finish_from(j, r, row);
    last = first;
  }
  if (row < 0 || !up || last == 0) return;
  multiply_strip(j, r, last - 1, last);
  for (; row >= 2 * last; row--) finish_from(j, r, row);
}

TILES static void run_strips(void *context, size_t thread) {
  job *j = context;
  const mien_tile_layer *l = j->l;
  const size_t floats = strip_floats(l, room(l));
  ring r = {0};
  r.strip[0] = j->scratch + thread * floats * (l->up ? 2 : 1);
  r.strip[1] = r.strip[0] + (l->up ? floats : 0);
  tiles_begin();
  if (thread % 2) run_up(j, (int)thread / 2, &r);
  else run_down(j, (int)thread / 2, &r);
  tiles_end();
}

static void carry_out(job *j) {
  const mien_tile_layer *l = j->l;
  const size_t threads = (size_t)mien_thread_count();
  const int zones = zone_count();
  if (l->whole) {
    mien_parallel(threads, j, multiply_groups);
    atomic_store(&j->next, 0);
    mien_parallel(threads, j, finish_rows);
  } else {
    for (int z = 0; z < zones; z++) {
      const uint64_t first = (uint64_t)l->height * z / zones;
      const uint64_t end = (uint64_t)l->height * (z + 1) / zones;
      atomic_store(&j->zones[z], first << 32 | end);
    }
    mien_parallel(threads, j, run_strips);
  }
}

void mien_tile_layer_run(
    const mien_tile_layer *l, const uint16_t *source, int parts, const mien_epilogue *e,
    uint16_t *target, float *scratch) {
  job j = {.l = l, .source = source, .parts = parts, .e = e, .target = target, .scratch = scratch};
  const int colors = e->rgb_weight ? e->rgb_channels : 0;
  if (l->up) j.finish = parts == 2 ? finish_up_2 : finish_up_1;
  else if (colors == 0) j.finish = parts == 2 ? finish_plain_2 : finish_plain_1;
  else if (colors == 1) j.finish = parts == 2 ? finish_gray_2 : finish_gray_1;
  else if (colors == 2) j.finish = parts == 2 ? finish_two_2 : finish_two_1;
  else if (colors == 3) j.finish = parts == 2 ? finish_picture_2 : finish_picture_1;
  else if (colors == 4) j.finish = parts == 2 ? finish_four_2 : finish_four_1;
  else abort();
  carry_out(&j);
}

void mien_tile_layer_run_masked(
    const mien_tile_layer *l, const uint16_t *source, const uint16_t *activations,
    uint16_t *target, float *scratch) {
  if (l->up) abort();
  const mien_epilogue e = {.height = l->height, .width = l->width};
  job j = {
      .l = l,
      .source = source,
      .parts = 2,
      .e = &e,
      .target = target,
      .mask = activations,
      .scratch = scratch,
      .finish = finish_masked,
  };
  carry_out(&j);
}

#else

int mien_tiles_available(void) { return 0; }

void mien_tiled_from_plain(
    const float *plain, const float *style, uint16_t *tiled, mien_tiled_shape s, int parts) {
  (void)plain, (void)style, (void)tiled, (void)s, (void)parts;
  abort();
}
mien_tile_layer *mien_tile_layer_create(int inputs, int outputs, int height, int width, int up) {
  (void)inputs, (void)outputs, (void)height, (void)width, (void)up;
  return NULL;
}
void mien_tile_layer_set_rows(mien_tile_layer *l, int rows) { (void)l, (void)rows; }
int mien_tile_layer_rows(const mien_tile_layer *l) { (void)l; return 0; }
void mien_tile_layer_destroy(mien_tile_layer *l) { (void)l; }
void mien_tile_layer_pack(mien_tile_layer *l, const float *weights, const float *style) {
  (void)l, (void)weights, (void)style;
  abort();
}
size_t mien_tile_layer_scratch(const mien_tile_layer *l) { (void)l; return 0; }
size_t mien_tile_layer_weight_bytes(const mien_tile_layer *l) { (void)l; return 0; }
void mien_tile_layer_run(
    const mien_tile_layer *l, const uint16_t *source, int parts, const mien_epilogue *e,
    uint16_t *target, float *scratch) {
  (void)l, (void)source, (void)parts, (void)e, (void)target, (void)scratch;
  abort();
}

void mien_tile_layer_run_masked(
    const mien_tile_layer *l, const uint16_t *source, const uint16_t *activations,
    uint16_t *target, float *scratch) {
  (void)l, (void)source, (void)activations, (void)target, (void)scratch;
  abort();
}

#endif
