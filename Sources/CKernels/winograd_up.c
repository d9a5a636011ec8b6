#include "CKernels.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)

#include "winograd_product.h"

enum { tile = 4, even = 0, odd = 1 };

/// The outputs of even or odd rows and even or odd columns. An even axis has five weights, one for
/// each point of F(4, 2), and one input for each; an odd axis has one weight and four inputs.
typedef struct {
  int row, column; // even or odd
  int weights;     // matrices [inputs][outputs]
  int inputs;      // transformed inputs of a tile for each of them
  int down, across; // tiles
  int group;
  float *matrices; // [outputs / 64][weights][inputs][64 or what is left]
} phase;

struct mien_winograd_up {
  int inputs, outputs; // rounded to whole blocks
  int height, width;
  phase phases[4];
};

static int points(int axis) { return axis == even ? 5 : 1; }
static int places(int axis) { return axis == even ? 1 : 4; }

// One cache line more than a group's rows, lest all points of a tile fall into one set of the cache.
static size_t input_stride(const mien_winograd_up *w, const phase *p) {
  return (size_t)p->group * p->inputs * w->inputs + lanes;
}
static size_t output_stride(const phase *p, int span) {
  return (size_t)p->group * p->inputs * span + lanes;
}

static size_t group_floats(const mien_winograd_up *w, const phase *p) {
  return (size_t)p->weights * (input_stride(w, p) + output_stride(p, chunk));
}

/// The transformed weights of one axis: G (w[2], w[0]) at the points 0, 1, -1, 2, ∞, or w[1].
static void weight_axis(const double w[3], int axis, double out[5]) {
  if (axis == odd) {
    out[0] = w[1];
    return;
  }
  out[0] = w[2] / 2;
  out[1] = (w[2] + w[0]) / -2;
  out[2] = (w[2] - w[0]) / -6;
  out[3] = (w[2] + 2 * w[0]) / 6;
  out[4] = w[0];
}

static int pack(mien_winograd_up *w, phase *p, const float *weights, int inputs, int outputs) {
  const size_t count = (size_t)p->weights * w->inputs * w->outputs;
  p->matrices = aligned_alloc(64, count * sizeof(float));
  if (!p->matrices) return -1;
  memset(p->matrices, 0, count * sizeof(float));
  for (int o = 0; o < outputs; o++) {
    const int first = o / chunk * chunk;
    const int span = w->outputs - first < chunk ? w->outputs - first : chunk;
    float *panel = p->matrices + (size_t)p->weights * w->inputs * first;
    for (int i = 0; i < inputs; i++) {
      const float *k = weights + ((size_t)o * inputs + i) * 9;
      double half[3][5];
      for (int r = 0; r < 3; r++) {
        const double row[3] = {k[r * 3], k[r * 3 + 1], k[r * 3 + 2]};
        weight_axis(row, p->column, half[r]);
      }
      for (int c = 0; c < points(p->column); c++) {
        const double column[3] = {half[0][c], half[1][c], half[2][c]};
        double full[5];
        weight_axis(column, p->row, full);
        for (int r = 0; r < points(p->row); r++)
          panel[((size_t)(r * points(p->column) + c) * w->inputs + i) * span + o - first] =
              (float)full[r];
      }
    }
  }
  return 0;
}

mien_winograd_up *mien_winograd_up_create(
    const float *weights, int inputs, int outputs, int height, int width) {
  if (height % tile || width % tile || !mien_winograd_available()) return NULL;
  mien_winograd_up *w = calloc(1, sizeof *w);
  if (!w) return NULL;
  w->inputs = (inputs + lanes - 1) / lanes * lanes;
  w->outputs = (outputs + lanes - 1) / lanes * lanes;
  w->height = height;
  w->width = width;
  for (int n = 0; n < 4; n++) {
    phase *p = &w->phases[n];
    p->row = n / 2;
    p->column = n % 2;
    p->weights = points(p->row) * points(p->column);
    p->inputs = places(p->row) * places(p->column);
    // Even rows go one further than the input does.
    p->down = height / tile + (p->row == even);
    p->across = width / tile + (p->column == even);
    int group = (int)(1200000 / ((size_t)p->weights * p->inputs * w->inputs * sizeof(float)));
    group = group / most_rows * most_rows;
    if (group < most_rows) group = most_rows;
    if (group > p->down * p->across) group = p->down * p->across;
    p->group = group;
    if (pack(w, p, weights, inputs, outputs)) {
      mien_winograd_up_destroy(w);
      return NULL;
    }
  }
  return w;
}

void mien_winograd_up_destroy(mien_winograd_up *w) {
  if (!w) return;
  for (int n = 0; n < 4; n++) free(w->phases[n].matrices);
  free(w);
}

size_t mien_winograd_up_scratch(const mien_winograd_up *w) {
  size_t most = 0;
  for (int n = 0; n < 4; n++) {
    const size_t floats = group_floats(w, &w->phases[n]);
    if (floats > most) most = floats;
  }
  return most * (size_t)mien_thread_count();
}

size_t mien_winograd_up_weight_bytes(const mien_winograd_up *w) {
  return (size_t)36 * w->inputs * w->outputs * sizeof(float);
}

/// Bᵀ d: five values `from` vectors apart to the five points, `to` apart.
INLINE void input_axis(const vec *d, const size_t from, vec *t, const size_t to) {
  const vec d0 = d[0], d1 = d[from], d2 = d[2 * from], d3 = d[3 * from], d4 = d[4 * from];
  t[0] = d0 * 2 - d1 - d2 * 2 + d3;
  t[to] = d3 - d2 - d1 * 2;
  t[2 * to] = d3 - d2 * 3 + d1 * 2;
  t[3 * to] = d3 - d1;
  t[4 * to] = d4 - d3 * 2 - d2 + d1 * 2;
}

/// Aᵀ m: five values `from` vectors apart to four, `to` apart.
INLINE void output_axis(const vec *m, const size_t from, vec *y, const size_t to) {
  const vec m1 = m[from], m2 = m[2 * from], m3 = m[3 * from];
  const vec sum = m1 + m2, difference = m1 - m2;
  y[0] = m[0] + sum + m3;
  y[to] = difference + m3 * 2;
  y[2 * to] = sum + m3 * 4;
  y[3 * to] = difference + m3 * 8 + m[4 * from];
}

INLINE void copy_axis(const vec *x, const size_t from, vec *y, const size_t to) {
  for (int i = 0; i < 4; i++) y[i * to] = x[i * from];
}

/// The transformed inputs of one tile, v[weight][tile · inputs][channels]; an even axis starts one
/// pixel before the tile. Where an axis is odd, what would be another weight is another place.
INLINE void transform_input(
    const mien_winograd_up *w, const phase *p, const float *source, int tile_row, int tile_column,
    float *v, const int row_axis, const int column_axis) {
  const size_t plane = (size_t)w->height * w->width;
  const size_t weight = input_stride(w, p) / lanes, place = (size_t)w->inputs / lanes;
  const size_t down = row_axis == even ? weight * (column_axis == even ? 5 : 1)
                                       : place * (column_axis == even ? 1 : 4);
  const size_t across = column_axis == even ? weight : place;
  const int rows = row_axis == even ? 5 : 4, columns = column_axis == even ? 5 : 4;
  const int top = tile_row * tile - (row_axis == even);
  const int left = tile_column * tile - (column_axis == even);
  const int inside =
      top >= 0 && left >= 0 && top + rows <= w->height && left + columns <= w->width;
  for (int b = 0; b < w->inputs / lanes; b++) {
    const float *s = source + b * plane * lanes;
    vec copy[25], t[25];
    const vec *d = copy;
    size_t next = (size_t)columns;
    if (inside) {
      d = (const vec *)(s + ((size_t)top * w->width + left) * lanes);
      next = (size_t)w->width;
    } else {
      for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++) {
          const int y = top + r, x = left + c;
          copy[r * columns + c] = y >= 0 && y < w->height && x >= 0 && x < w->width
              ? *(const vec *)(s + ((size_t)y * w->width + x) * lanes) : (vec){0};
        }
    }
    vec *out = (vec *)(v + b * lanes);
    for (int c = 0; c < columns; c++)
      if (row_axis == even) input_axis(d + c, next, t + c, columns);
      else copy_axis(d + c, next, t + c, columns);
    for (int r = 0; r < rows; r++)
      if (column_axis == even) input_axis(t + r * columns, 1, out + r * down, across);
      else copy_axis(t + r * columns, 1, out + r * down, across);
  }
}

/// One tile's sixteen outputs of the blocks in `span`, from m[weight][tile · inputs][span].
INLINE void transform_output(
    const mien_winograd_up *w, const phase *p, const float *m, int span, int tile_row,
    int tile_column, float *destination, const int row_axis, const int column_axis) {
  const int out_height = 2 * w->height + 1, out_width = 2 * w->width + 1;
  const size_t plane = (size_t)out_height * out_width;
  const size_t weight = output_stride(p, span) / lanes, place = (size_t)span / lanes;
  const size_t down = row_axis == even ? weight * (column_axis == even ? 5 : 1)
                                       : place * (column_axis == even ? 1 : 4);
  const size_t across = column_axis == even ? weight : place;
  const int columns = column_axis == even ? 5 : 4;
  for (int j = 0; j < span / lanes; j++) {
    const vec *in = (const vec *)(m + j * lanes);
    vec half[20], y[16];
    for (int c = 0; c < columns; c++)
      if (row_axis == even) output_axis(in + c * across, down, half + c, columns);
      else copy_axis(in + c * across, down, half + c, columns);
    for (int r = 0; r < 4; r++)
      if (column_axis == even) output_axis(half + r * columns, 1, y + r * 4, 1);
      else copy_axis(half + r * columns, 1, y + r * 4, 1);
    vec *out = (vec *)(destination + j * plane * lanes);
    for (int r = 0; r < 4; r++) {
      const int row = 2 * (tile_row * tile + r) + row_axis;
      if (row >= out_height) break;
      for (int c = 0; c < 4; c++) {
        const int column = 2 * (tile_column * tile + c) + column_axis;
        if (column >= out_width) break;
        out[(size_t)row * out_width + column] = y[r * 4 + c];
      }
    }
  }
}

typedef struct {
  const mien_winograd_up *w;
  const phase *p;
  const float *source;
  float *destination, *scratch;
  size_t scratch_stride;
  atomic_int next;
} job;

INLINE void run_groups(job *j, size_t thread, const int row_axis, const int column_axis) {
  const mien_winograd_up *w = j->w;
  const phase *p = j->p;
  const int count = p->down * p->across;
  const size_t plane = (size_t)(2 * w->height + 1) * (2 * w->width + 1);
  float *v = j->scratch + thread * j->scratch_stride;
  float *m = v + p->weights * input_stride(w, p);
  for (;;) {
    const int first = atomic_fetch_add(&j->next, p->group);
    if (first >= count) return;
    const int n = count - first < p->group ? count - first : p->group;
    for (int t = 0; t < n; t++)
      transform_input(
          w, p, j->source, (first + t) / p->across, (first + t) % p->across,
          v + (size_t)t * p->inputs * w->inputs, row_axis, column_axis);
    for (int o = 0; o < w->outputs; o += chunk) {
      const int span = w->outputs - o < chunk ? w->outputs - o : chunk;
      const float *u = p->matrices + (size_t)p->weights * w->inputs * o;
      for (int k = 0; k < p->weights; k++)
        products(
            v + k * input_stride(w, p), u + (size_t)k * w->inputs * span,
            m + k * output_stride(p, span), n * p->inputs, w->inputs, span);
      for (int t = 0; t < n; t++)
        transform_output(
            w, p, m + (size_t)t * p->inputs * span, span, (first + t) / p->across,
            (first + t) % p->across, j->destination + o * plane, row_axis, column_axis);
    }
  }
}

AVX512 static void run_even_even(void *job, size_t thread) { run_groups(job, thread, even, even); }
AVX512 static void run_even_odd(void *job, size_t thread) { run_groups(job, thread, even, odd); }
AVX512 static void run_odd_even(void *job, size_t thread) { run_groups(job, thread, odd, even); }
AVX512 static void run_odd_odd(void *job, size_t thread) { run_groups(job, thread, odd, odd); }

void mien_winograd_up_run(
    const mien_winograd_up *w, const float *source, float *destination, float *scratch) {
  static void (*const bodies[4])(void *, size_t) = {
      run_even_even, run_even_odd, run_odd_even, run_odd_odd};
  const size_t threads = (size_t)mien_thread_count();
  for (int n = 0; n < 4; n++) {
    job j = {w, &w->phases[n], source, destination, scratch, 0, 0};
    j.scratch_stride = group_floats(w, j.p);
    mien_parallel(threads, &j, bodies[n]);
  }
}

#else

mien_winograd_up *mien_winograd_up_create(
    const float *weights, int inputs, int outputs, int height, int width) {
  (void)weights, (void)inputs, (void)outputs, (void)height, (void)width;
  return NULL;
}
void mien_winograd_up_destroy(mien_winograd_up *w) { (void)w; }
size_t mien_winograd_up_scratch(const mien_winograd_up *w) { (void)w; return 0; }
size_t mien_winograd_up_weight_bytes(const mien_winograd_up *w) { (void)w; return 0; }
void mien_winograd_up_run(
    const mien_winograd_up *w, const float *source, float *destination, float *scratch) {
  (void)w, (void)source, (void)destination, (void)scratch;
  abort();
}

#endif
