#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <time.h>

#include "CKernels.h"
#include "dispatch.h"

// What the processors could do at best: the ends of the scale on which layers are judged.

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Ten independent chains keep two units of latency five busy, and fit the registers.
enum { chains = 10 };
#define PEAK_BODY(lanes)                                                              \
  typedef float vector __attribute__((vector_size(4 * (lanes))));                     \
  vector sum[chains], factor, term;                                                   \
  for (int k = 0; k < chains; k++)                                                    \
    for (int l = 0; l < (lanes); l++) sum[k][l] = (float)(k + l) * seed;              \
  for (int l = 0; l < (lanes); l++) factor[l] = 0.999f, term[l] = seed;               \
  for (size_t i = 0; i < rounds; i++)                                                 \
    for (int k = 0; k < chains; k++) sum[k] = sum[k] * factor + term;                 \
  float total = 0;                                                                    \
  for (int k = 0; k < chains; k++)                                                    \
    for (int l = 0; l < (lanes); l++) total += sum[k][l];                             \
  return total;

static float multiply_add_4(size_t rounds, float seed) { PEAK_BODY(4) }
#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static float multiply_add_8(size_t rounds, float seed) {
  PEAK_BODY(8)
}
__attribute__((target("avx512f"))) static float multiply_add_16(size_t rounds, float seed) {
  PEAK_BODY(16)
}
#endif

typedef struct {
  float (*run)(size_t, float);
  size_t rounds;
  float *results;
} peak;

static void peak_share(void *context, size_t index) {
  const peak *p = context;
  p->results[index * 16] = p->run(p->rounds, (float)(index + 1) * 1e-3f);
}

double mien_peak_flops(void) {
  const size_t threads = (size_t)mien_thread_count();
  float *results = calloc(threads * 16, sizeof *results);
  if (!results) return 0;
  peak p = {multiply_add_4, 1 << 18, results};
  size_t lanes = 4;
#if defined(__x86_64__)
  if (mien_vector_level() >= mien_limit_avx512) {
    p.run = multiply_add_16;
    lanes = 16;
  } else if (mien_vector_level() == mien_limit_avx2) {
    p.run = multiply_add_8;
    lanes = 8;
  }
#endif
  // The best of a few: the first also wakes the threads.
  double best = 0;
  for (int i = 0; i < 8; i++) {
    const double start = now();
    mien_parallel(threads, &p, peak_share);
    const double rate = 2.0 * (double)(lanes * chains * p.rounds * threads) / (now() - start);
    if (rate > best) best = rate;
  }
  free(results);
  return best;
}

typedef struct {
  float *a;
  const float *b, *c;
  size_t count, parts;
} triad;

MIEN_INLINE void triad_run_body(float *restrict a, const float *b, const float *c, size_t count) {
  for (size_t i = 0; i < count; i++) a[i] = b[i] + 3.0f * c[i];
}
MIEN_SIMD(
    void, triad_run,
    (float *restrict a, const float *b, const float *c, size_t count),
    (a, b, c, count))

static void triad_share(void *context, size_t index) {
  const triad *t = context;
  const size_t first = t->count * index / t->parts, end = t->count * (index + 1) / t->parts;
  triad_run(t->a + first, t->b + first, t->c + first, end - first);
}

#if defined(__x86_64__)
#include "tile_product.h"

/// As `tile_block` does it: four products for four loads from the first-level cache.
TILES static void tile_peak_share(void *context, size_t index) {
  const peak *p = context;
  char *data = (char *)p->results + index * 8 * tile_bytes;
  tiles_begin();
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (size_t i = 0; i < p->rounds; i++) {
    const char *from = data + i % 2 * 4 * tile_bytes;
    _tile_loadd(4, from, 64);
    _tile_loadd(6, from + tile_bytes, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, from + 2 * tile_bytes, 64);
    _tile_dpbf16ps(1, 4, 7);
    _tile_loadd(5, from + 3 * tile_bytes, 64);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  tiles_end();
}

double mien_peak_tile_flops(void) {
  if (!mien_tiles_available()) return 0;
  const size_t threads = (size_t)mien_thread_count(), bytes = threads * 8 * tile_bytes;
  float *data = aligned_alloc(64, bytes);
  if (!data) return 0;
  memset(data, 0, bytes);
  peak p = {NULL, 1 << 14, data};
  double best = 0;
  for (int i = 0; i < 8; i++) {
    const double start = now();
    mien_parallel(threads, &p, tile_peak_share);
    const double products = 4.0 * tile_rows * tile_rows * tile_channels;
    const double rate = 2 * products * (double)(p.rounds * threads) / (now() - start);
    if (rate > best) best = rate;
  }
  free(data);
  return best;
}
#else
double mien_peak_tile_flops(void) { return 0; }
#endif

double mien_memory_bandwidth(size_t bytes) {
  const size_t count = bytes / 3 / sizeof(float);
  float *memory = calloc(3 * count, sizeof *memory);
  if (!memory || count == 0) {
    free(memory);
    return 0;
  }
  triad t = {memory, memory + count, memory + 2 * count, count, (size_t)mien_thread_count()};
  double best = 0;
  for (int i = 0; i < 4; i++) {
    // Pages of zeros are all the same one until they are written to.
    if (i == 0)
      for (size_t k = count; k < 3 * count; k += 1024) memory[k] = 1;
    const double start = now();
    mien_parallel(t.parts, &t, triad_share);
    const double rate = 3.0 * (double)(count * sizeof(float)) / (now() - start);
    if (i > 0 && rate > best) best = rate;
  }
  free(memory);
  return best;
}
