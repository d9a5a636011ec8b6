#include "CKernels.h"
#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

static int output_side(int side, const mien_resampling *r) {
  return (side * r->up + r->before + r->after - r->count) / r->down + 1;
}

/// One row: zeros inserted and padded in `line`, then filtered. `line` has room for the padded row
/// twice, the second half for its even and odd samples apart.
MIEN_INLINE void horizontal(
    const float *restrict x, float *restrict y, float *restrict line, int width, int out,
    const mien_resampling *r) {
  const int padded = (out - 1) * r->down + r->count;
  memset(line, 0, sizeof(float) * (size_t)padded);
  for (int i = 0; i < width; i++) {
    const int place = i * r->up + r->before;
    if (place >= 0 && place < padded) line[place] = x[i];
  }
  for (int o = 0; o < out; o++) y[o] = 0;
  if (r->down == 1) {
    for (int t = 0; t < r->count; t++) {
      const float tap = r->taps[t];
      const float *restrict from = line + t;
      for (int o = 0; o < out; o++) y[o] += tap * from[o];
    }
    return;
  }
  // Samples of one phase lie side by side, so that decimation reads whole vectors.
  float *restrict phases = line + padded;
  for (int t = 0; t < r->down && t < r->count; t++) {
    int n = 0;
    for (int i = t; i < padded; i += r->down) phases[n++] = line[i];
    for (int k = t; k < r->count; k += r->down) {
      const float tap = r->taps[k];
      const float *restrict from = phases + k / r->down;
      for (int o = 0; o < out; o++) y[o] += tap * from[o];
    }
  }
}

/// All rows: every result row is the sum of the rows its taps meet.
MIEN_INLINE void vertical(
    const float *restrict x, float *restrict y, int height, int width, int out,
    const mien_resampling *r) {
  for (int o = 0; o < out; o++) {
    float *restrict to = y + (size_t)o * width;
    for (int i = 0; i < width; i++) to[i] = 0;
    for (int t = 0; t < r->count; t++) {
      const int place = o * r->down + t - r->before;
      if (place < 0 || place % r->up || place / r->up >= height) continue;
      const float tap = r->taps[t];
      const float *restrict from = x + (size_t)(place / r->up) * width;
      for (int i = 0; i < width; i++) to[i] += tap * from[i];
    }
  }
}

MIEN_INLINE void activate(float *x, size_t count, float gain, float negative, float clamp) {
  for (size_t i = 0; i < count; i++) {
    float v = x[i] * (x[i] > 0 ? gain : negative);
    v = v < clamp ? v : clamp;
    x[i] = v > -clamp ? v : -clamp;
  }
}

MIEN_INLINE void resample_plane_body(
    const float *x, float *y, float *scratch, int height, int width, const mien_resampling *r,
    float gain) {
  const int out_width = output_side(width, r), out_height = output_side(height, r);
  float *rows = scratch, *line = scratch + (size_t)height * out_width;
  for (int i = 0; i < height; i++)
    horizontal(x + (size_t)i * width, rows + (size_t)i * out_width, line, width, out_width, r);
  vertical(rows, y, height, out_width, out_height, r);
  for (size_t i = 0; i < (size_t)out_height * out_width; i++) y[i] *= gain;
}
MIEN_SIMD(
    void, resample_plane,
    (const float *x, float *y, float *scratch, int height, int width, const mien_resampling *r,
     float gain),
    (x, y, scratch, height, width, r, gain))

MIEN_INLINE void activate_plane_body(
    const float *x, float bias, float *y, float *scratch, int height, int width,
    const mien_filtered_activation *f) {
  const mien_resampling *up = &f->up, *down = &f->down;
  const int w = output_side(width, up), h = output_side(height, up);
  const int out_width = output_side(w, down), out_height = output_side(h, down);
  float *biased = scratch, *rows = biased + (size_t)height * width;
  float *fine = rows + (size_t)height * w, *line = fine + (size_t)h * w;
  for (size_t i = 0; i < (size_t)height * width; i++) biased[i] = x[i] + bias;
  for (int i = 0; i < height; i++)
    horizontal(biased + (size_t)i * width, rows + (size_t)i * w, line, width, w, up);
  vertical(rows, fine, height, w, h, up);
  // Upsampling by `up` along both axes takes the gain up² with it.
  const float scale = (float)(up->up * up->up);
  activate(fine, (size_t)h * w, f->gain * scale, f->gain * f->slope * scale, f->clamp);
  if (!f->radial) {
    // Rows first, in place of the upsampled ones, which are done with.
    float *reduced = rows;
    vertical(fine, reduced, h, w, out_height, down);
    for (int i = 0; i < out_height; i++)
      horizontal(reduced + (size_t)i * w, y + (size_t)i * out_width, line, w, out_width, down);
    return;
  }
  mien_resampling row = *down;
  float *sum = line + 4 * (size_t)(w + down->count);
  for (int o = 0; o < out_height; o++) {
    float *to = y + (size_t)o * out_width;
    for (int i = 0; i < out_width; i++) to[i] = 0;
    for (int t = 0; t < down->count; t++) {
      row.taps = f->radial + (size_t)t * down->count;
      horizontal(fine + (size_t)(o * down->down + t) * w, sum, line, w, out_width, &row);
      for (int i = 0; i < out_width; i++) to[i] += sum[i];
    }
  }
}
MIEN_SIMD(
    void, activate_plane,
    (const float *x, float bias, float *y, float *scratch, int height, int width,
     const mien_filtered_activation *f),
    (x, bias, y, scratch, height, width, f))

typedef struct {
  const float *x, *bias;
  float *y, *scratch;
  size_t scratch_stride;
  int height, width, out_height, out_width;
  const mien_resampling *resampling;
  float gain;
  const mien_filtered_activation *activation;
} job;

static void plane_task(void *context, size_t plane) {
  const job *j = context;
  const float *x = j->x + plane * j->height * j->width;
  float *y = j->y + plane * j->out_height * j->out_width;
  float *scratch = j->scratch + (size_t)mien_thread_index() * j->scratch_stride;
  if (j->activation)
    activate_plane(x, j->bias[plane], y, scratch, j->height, j->width, j->activation);
  else
    resample_plane(x, y, scratch, j->height, j->width, j->resampling, j->gain);
}

/// Runs the job over all planes with working memory for every thread; 0, or -1 without memory.
static int run(job *j, size_t planes) {
  j->scratch = malloc(j->scratch_stride * (size_t)mien_thread_count() * sizeof(float));
  if (!j->scratch) return -1;
  mien_parallel(planes, j, plane_task);
  free(j->scratch);
  return 0;
}

int mien_upfirdn(
    const float *x, float *y, int planes, int height, int width, const mien_resampling *r,
    float gain) {
  job j = {.x = x, .y = y, .height = height, .width = width, .resampling = r, .gain = gain};
  j.out_height = output_side(height, r);
  j.out_width = output_side(width, r);
  j.scratch_stride = (size_t)height * j.out_width +
      2 * ((size_t)j.out_width * r->down + r->count) + (size_t)r->down;
  return run(&j, (size_t)planes);
}

int mien_filtered_lrelu(
    const float *x, const float *bias, float *y, int planes, int height, int width,
    const mien_filtered_activation *f) {
  job j = {.x = x, .bias = bias, .y = y, .height = height, .width = width, .activation = f};
  const int w = output_side(width, &f->up), h = output_side(height, &f->up);
  j.out_height = output_side(h, &f->down);
  j.out_width = output_side(w, &f->down);
  const size_t rows = (size_t)(height > j.out_height ? height : j.out_height) * w;
  j.scratch_stride = (size_t)height * width + rows + (size_t)h * w +
      5 * ((size_t)w + (size_t)f->up.count + f->down.count) + 64;
  return run(&j, (size_t)planes);
}
