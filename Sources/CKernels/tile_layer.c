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

#include "epilogue_sums.h"
#include "tile_backward.h"
#include "tile_strip.h"

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

typedef struct {
  const float *plain, *style;
  uint16_t *tiled;
  mien_tiled_shape shape;
  int parts;
} conversion;

/// One row of 32 channels.
TILES static void convert_row(void *context, size_t index) {
  const conversion *j = context;
  const mien_tiled_shape s = j->shape;
  const int block = (int)(index / (size_t)s.height), y = (int)(index % (size_t)s.height);
  const size_t plane = (size_t)s.height * s.width, part = mien_tiled_part(s);
  const __m512i each = _mm512_mullo_epi32(
      _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
      _mm512_set1_epi32((int)plane));
  const float *from[2];
  __mmask16 there[2];
  __m512 style[2];
  for (int h = 0; h < 2; h++) {
    const int first = block * 32 + h * 16, left = s.channels - first;
    there[h] = left >= 16 ? 0xffff : left > 0 ? (__mmask16)((1u << left) - 1) : 0;
    from[h] = j->plain + (left > 0 ? (size_t)first * plane : 0) + (size_t)y * s.width;
    style[h] = j->style ? _mm512_maskz_loadu_ps(there[h], j->style + (left > 0 ? first : 0))
                        : _mm512_set1_ps(1);
  }
  uint16_t *to = j->tiled +
      (((size_t)block * (s.height + 2) + y + 1) * ((size_t)s.width + 2) + 1) * 32;
  for (int x = 0; x < s.width; x++, to += 32) {
    __m512 v[2];
    for (int h = 0; h < 2; h++)
      v[h] = style[h] *
          _mm512_mask_i32gather_ps(_mm512_setzero_ps(), there[h], each, from[h] + x, 4);
    store_parts(v[0], v[1], to, to + part, j->parts);
  }
}

void mien_tiled_from_plain(
    const float *plain, const float *style, uint16_t *tiled, mien_tiled_shape s, int parts) {
  conversion j = {plain, style, tiled, s, parts};
  mien_parallel((size_t)((s.channels + 31) / 32) * (size_t)s.height, &j, convert_row);
}

// Two threads share a zone of rows and work towards each other, so that a core that is slow for a
// while (its neighbour on the chip, another process) leaves rows to the other one.
enum { most_zones = 64 };
static int zone_count(void) { return (mien_thread_count() + 1) / 2; }

/// Rows there is room for in a strip: its own, one left over by the other thread, and the one that
/// the filter reaches beyond the first strip.
static int room(const mien_tile_layer *l) { return l->whole ? l->rows : l->rows + 2; }

/// Planes of transformed rows at a time: one of a whole layer, two of a strip.
static int planes_at_a_time(const mien_tile_layer *l) { return l->whole ? 1 : 2; }

/// Floats of a strip and of the transformed rows it is made from.
static size_t work_floats(const mien_tile_layer *l, int rows) {
  return strip_floats(l, rows) +
      (l->paired ? planes_at_a_time(l) * 2 * plane_part(l, rows) / sizeof(float) : 0);
}

/// Rows of a strip that leave room in the second-level cache.
static int fitting_rows(const mien_tile_layer *l) {
  if (l->height * l->width <= 32 * 32) return l->height;
  if (!l->paired) return (int)(1100000 / (sizeof(float) * strip_floats(l, 1)));
  // Few weights stay there from strip to strip.
  const double room = 2 * l->part <= 1 << 20 ? 600000 : 1200000;
  return (int)(room / (sizeof(float) * work_floats(l, 64) / 64)) / 2 * 2;
}

void mien_tile_layer_set_rows(mien_tile_layer *l, int rows) {
  l->whole = 0;
  if (rows <= 0) rows = fitting_rows(l);
  if (rows < 2) rows = 2;
  // Zones are to have two rows or more.
  l->whole = rows >= l->height || l->height < 4 * zone_count() || zone_count() > most_zones;
  l->rows = l->whole ? result_rows(l) : rows;
}

int mien_tile_layer_rows(const mien_tile_layer *l) { return l->whole ? l->height : l->rows; }

/// Where a third fewer products outweigh the transforms and a third more weights: measured. An even
/// height has the same pairs whatever the strips are, and so the same results.
static int gains_from_pairs(const mien_tile_layer *l) {
  return l->inputs >= 64 && l->outputs >= 64 && l->inputs * l->outputs >= 64 * 128 &&
      l->height >= 16 && l->height % 2 == 0;
}

static mien_tile_layer *create(
    int inputs, int outputs, int height, int width, int up, int strided) {
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
  l->strided = strided;
  l->paired = !up && !strided && gains_from_pairs(l);
  l->part = packed_part(tap_count(l), l->in_blocks, l->out_blocks);
  mien_tile_layer_set_rows(l, 0);
  l->weights = aligned_alloc(4096, (2 * l->part + 4095) / 4096 * 4096);
  if (!l->weights) {
    free(l);
    return NULL;
  }
  return l;
}

mien_tile_layer *mien_tile_layer_create(int inputs, int outputs, int height, int width, int up) {
  return create(inputs, outputs, height, width, up, 0);
}

mien_tile_layer *mien_tile_layer_create_strided(int inputs, int outputs, int side) {
  return create(inputs, outputs, side, side, 0, 1);
}

int mien_tile_layer_is_paired(const mien_tile_layer *l) { return l->paired; }

void mien_tile_layer_destroy(mien_tile_layer *l) {
  if (!l) return;
  free(l->weights);
  free(l);
}

size_t mien_tile_layer_weight_bytes(const mien_tile_layer *l) { return 2 * l->part; }

size_t mien_tile_layer_scratch(const mien_tile_layer *l) {
  const size_t strip = work_floats(l, room(l));
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
      .paired = l->paired,
      .packed = l->weights,
      .part = l->part,
  };
  pack_weights(&p);
}

typedef struct {
  const mien_tile_layer *l;
  tile_source source;
  const mien_epilogue *e;
  uint16_t *target;
  const uint16_t *mask;
  float *scratch;
  void (*finish)(
      const mien_epilogue *, const tile_lines *, int, int, const tile_target *);
  const mien_epilogue_gradient *gradient; // instead of `e`
  double *sums;
  int plane;                          // of transformed rows, of a whole layer of pairs
  atomic_int next;                    // group of outputs, or rows to finish
  _Atomic uint64_t zones[most_zones]; // rows that are left: the first << 32 | the end
} job;

static void finish_row(const job *j, const tile_lines *lines, int row) {
  const mien_epilogue *e = j->e;
  if (j->gradient) {
    const mien_epilogue_gradient *g = j->gradient;
    const size_t set = (size_t)(2 + g->rgb_channels) * (size_t)g->channels;
    finish_backward(g, lines, j->l->out_blocks, row, j->sums + mien_thread_index() * set);
    return;
  }
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

/// The transformed rows of a whole layer, behind its results.
static char *whole_plane(const job *j) {
  return (char *)(j->scratch + strip_floats(j->l, j->l->rows));
}

static void transform_whole(void *context, size_t index) {
  const job *j = context;
  const int pairs = pairs_of(j->l->height);
  transform(
      j->l, j->source, whole_plane(j), j->l->rows, 0, (int)index / pairs, (int)index % pairs,
      j->plane);
}

TILES static void multiply_groups(void *context, size_t thread) {
  job *j = context;
  const mien_tile_layer *l = j->l;
  (void)thread;
  tiles_begin();
  for (;;) {
    const int group = atomic_fetch_add(&j->next, 1);
    if (group >= group_count(l)) break;
    if (l->paired)
      multiply_plane(
          l, whole_plane(j), j->source.parts, j->scratch, l->rows, pairs_of(l->height), group,
          j->plane, NULL);
    else multiply(l, j->source, j->scratch, l->rows, 0, result_rows(l), group);
  }
  tiles_end();
}

static void finish_rows(void *context, size_t thread) {
  enum { share = 4 };
  job *j = context;
  const mien_tile_layer *l = j->l;
  const int height = l->up ? 2 * l->height : l->height;
  (void)thread;
  for (;;) {
    const int first = atomic_fetch_add(&j->next, share);
    if (first >= height) break;
    for (int row = first; row < first + share && row < height; row++) {
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
    const int left_over = bottom - top;
    // Smaller towards the end, so that neither thread waits long for the other's last strip.
    int rows = j->l->rows;
    if (left_over < 4 * rows) rows = left_over / 4 > 2 ? left_over / 4 : 2;
    if (j->l->paired) rows &= ~1;
    if (left_over <= rows + 1) rows = left_over;
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
  const mien_tile_layer *l = j->l;
  if (l->paired) {
    char *planes = (char *)(r->strip[0] + strip_floats(l, room(l)));
    multiply_pairs(l, j->source, r->strip[0], planes, room(l), first, end);
    return;
  }
  for (int g = 0; g < group_count(l); g++)
    multiply(l, j->source, r->strip[r->now], room(l), first, end, g);
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
  const size_t floats = work_floats(l, room(l));
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
    for (j->plane = 0; j->plane < (l->paired ? 4 : 1); j->plane++) {
      if (l->paired)
        mien_parallel((size_t)l->in_blocks * pairs_of(l->height), j, transform_whole);
      mien_parallel(threads, j, multiply_groups);
      atomic_store(&j->next, 0);
    }
    mien_parallel(threads, j, finish_rows);
  } else {
    for (int z = 0; z < zones; z++) {
      // Whole pairs.
      const uint64_t unit = l->paired ? 2 : 1, units = (uint64_t)l->height / unit;
      const uint64_t first = units * z / zones * unit, end = units * (z + 1) / zones * unit;
      atomic_store(&j->zones[z], first << 32 | end);
    }
    mien_parallel(threads, j, run_strips);
  }
}

void mien_tile_layer_run(
    const mien_tile_layer *l, const uint16_t *source, int parts, const mien_epilogue *e,
    uint16_t *target, float *scratch) {
  job j = {.l = l, .source = {source, parts}, .e = e, .target = target, .scratch = scratch};
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
      .source = {source, 2},
      .e = &e,
      .target = target,
      .mask = activations,
      .scratch = scratch,
      .finish = finish_masked,
  };
  carry_out(&j);
}

static void picture_row(void *context, size_t row) {
  const job *j = context;
  const mien_epilogue_gradient *g = j->gradient;
  const size_t set = (size_t)(2 + g->rgb_channels) * (size_t)g->channels;
  finish_backward(g, NULL, 0, (int)row, j->sums + mien_thread_index() * set);
}

int mien_tile_layer_run_backward(
    const mien_tile_layer *l, const uint16_t *source, const mien_epilogue_gradient *e,
    float *scratch) {
  job j = {.l = l, .source = {source, 2}, .gradient = e, .scratch = scratch};
  j.sums = mien_epilogue_sums(e);
  if (!j.sums) return -1;
  if (l) carry_out(&j);
  else mien_parallel((size_t)e->height, &j, picture_row);
  mien_epilogue_collect(e, j.sums);
  free(j.sums);
  return 0;
}

#endif
