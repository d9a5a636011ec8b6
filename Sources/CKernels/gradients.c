#include "gradients.h"
#include "CKernels.h"
#include "dispatch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { strip = 64, max_rgb = 4 };

typedef struct {
  const mien_epilogue_gradient *e;
  double *sums; // [threads][2 + rgb_channels][channels]
} epilogue_job;

/// Sixteen channels of a pixel from their two bfloat16 parts.
MIEN_INLINE void joined(const uint16_t *high, size_t part, float *v) {
  uint32_t h[16], l[16];
  float first[16], second[16];
  for (int i = 0; i < 16; i++) {
    h[i] = (uint32_t)high[i] << 16;
    l[i] = (uint32_t)high[part + (size_t)i] << 16;
  }
  memcpy(first, h, sizeof h);
  memcpy(second, l, sizeof l);
  for (int i = 0; i < 16; i++) v[i] = first[i] + second[i];
}

/// One strip of one block: sums of its pixels are added to `sums`, du to `grain`.
MIEN_INLINE void backward_strip(
    const mien_epilogue_gradient *e, const int B, const int tiled, const int rgb,
    const int has_grad, int n, int b, size_t pixel, float *restrict grain, double *restrict sums) {
  const size_t plane = (size_t)e->height * e->width;
  const float *restrict out = tiled ? 0 : e->out + ((size_t)b * plane + pixel) * B;
  const size_t row = pixel / (size_t)e->width, column = pixel % (size_t)e->width;
  const size_t pitch = (size_t)e->width + 2;
  const uint16_t *parts = tiled
      ? e->tiled + (((size_t)(b / 2) * (e->height + 2) + row + 1) * pitch + column + 1) * 32 +
          (b % 2) * 16
      : 0;
  const size_t part = mien_tiled_part((mien_tiled_shape){e->channels, e->height, e->width});
  const float *grad = has_grad ? e->grad_out + ((size_t)b * plane + pixel) * B : 0;
  float *dy = e->grad_y + ((size_t)b * plane + pixel) * B;
  const float *noise = e->noise ? e->noise + pixel : 0;
  const float gain = e->gain, negative = e->gain * e->slope, clamp = e->clamp;
  const float back = 1 / gain, back_negative = 1 / negative;
  float style[16], inverse[16], d[16], bias[16], w[max_rgb][16];
  float style_sum[16], y_sum[16], rgb_sum[max_rgb][16];
  for (int l = 0; l < B; l++) {
    style[l] = e->style ? e->style[b * B + l] : 1;
    inverse[l] = style[l] != 0 ? 1 / style[l] : 0;
    d[l] = e->demodulation[b * B + l];
    bias[l] = e->bias[b * B + l];
    style_sum[l] = y_sum[l] = 0;
    for (int k = 0; k < rgb; k++) {
      w[k][l] = e->rgb_weight[(size_t)k * e->channels + b * B + l];
      rgb_sum[k][l] = 0;
    }
  }
  for (int i = 0; i < n; i++) {
    const float added = noise ? noise[i] * e->noise_strength : 0;
    float dv[16], v[16];
    if (tiled) joined(parts + i * 32, part, v);
    else
      for (int l = 0; l < B; l++) v[l] = out[i * B + l];
    for (int l = 0; l < B; l++) v[l] *= inverse[l];
    if (has_grad)
      for (int l = 0; l < B; l++) {
        const float g = grad[i * B + l];
        dv[l] = g * style[l];
        style_sum[l] += g * v[l];
      }
    else
      for (int l = 0; l < B; l++) dv[l] = 0;
    for (int k = 0; k < rgb; k++) {
      const float g = e->grad_rgb[k * plane + pixel + i];
      for (int l = 0; l < B; l++) {
        dv[l] += g * w[k][l];
        rgb_sum[k][l] += g * v[l];
      }
    }
    for (int l = 0; l < B; l++) {
      const int up = v[l] > 0;
      float du = dv[l] * (up ? gain : negative);
      du = fabsf(v[l]) < clamp ? du : 0;
      const float u = v[l] * (up ? back : back_negative);
      y_sum[l] += du * (u - added - bias[l]);
      grain[i * B + l] += du;
      dy[i * B + l] = du * d[l];
    }
  }
  const size_t c = (size_t)e->channels;
  for (int l = 0; l < B; l++) {
    sums[b * B + l] += style_sum[l];
    sums[c + b * B + l] += y_sum[l];
    for (int k = 0; k < rgb; k++) sums[(2 + k) * c + b * B + l] += rgb_sum[k][l];
  }
}

MIEN_INLINE void backward_row(
    const mien_epilogue_gradient *e, const int B, const int tiled, int row,
    double *restrict sums) {
  _Alignas(64) float grain[strip * 16];
  for (int x = 0; x < e->width; x += strip) {
    const int n = e->width - x < strip ? e->width - x : strip;
    const size_t pixel = (size_t)row * e->width + x;
    memset(grain, 0, sizeof(float) * (size_t)(n * B));
    for (int b = 0; b < e->channels / B; b++) {
      if (e->grad_out && e->rgb_weight && e->rgb_channels == 3)
        backward_strip(e, B, tiled, 3, 1, n, b, pixel, grain, sums);
      else if (e->grad_out && !e->rgb_weight)
        backward_strip(e, B, tiled, 0, 1, n, b, pixel, grain, sums);
      else
        backward_strip(
            e, B, tiled, e->rgb_weight ? e->rgb_channels : 0, e->grad_out != 0, n, b, pixel, grain,
            sums);
    }
    if (e->noise_grad)
      for (int i = 0; i < n; i++) {
        float sum = 0;
        for (int l = 0; l < B; l++) sum += grain[i * B + l];
        e->noise_grad[pixel + i] = sum;
      }
  }
}

MIEN_INLINE void backward_row_16_body(const mien_epilogue_gradient *e, int row, double *sums) {
  backward_row(e, 16, 0, row, sums);
}
MIEN_INLINE void backward_row_tiled_body(const mien_epilogue_gradient *e, int row, double *sums) {
  backward_row(e, 16, 1, row, sums);
}
MIEN_INLINE void backward_row_8_body(const mien_epilogue_gradient *e, int row, double *sums) {
  backward_row(e, 8, 0, row, sums);
}
MIEN_SIMD(
    void, backward_row_16, (const mien_epilogue_gradient *e, int row, double *sums),
    (e, row, sums))
MIEN_SIMD(
    void, backward_row_tiled, (const mien_epilogue_gradient *e, int row, double *sums),
    (e, row, sums))
MIEN_SIMD(
    void, backward_row_8, (const mien_epilogue_gradient *e, int row, double *sums),
    (e, row, sums))

static void backward_task(void *context, size_t row) {
  const epilogue_job *j = context;
  const mien_epilogue_gradient *e = j->e;
  double *sums = j->sums +
      (size_t)mien_thread_index() * (size_t)(2 + e->rgb_channels) * (size_t)e->channels;
  if (e->tiled) backward_row_tiled(e, (int)row, sums);
  else if (e->block == 16) backward_row_16(e, (int)row, sums);
  else backward_row_8(e, (int)row, sums);
}

int mien_epilogue_backward(const mien_epilogue_gradient *e) {
  const size_t kinds = (size_t)(2 + e->rgb_channels), channels = (size_t)e->channels;
  const size_t threads = (size_t)mien_thread_count();
  epilogue_job j = {e, calloc(threads * kinds * channels, sizeof(double))};
  if (!j.sums) return -1;
  mien_parallel((size_t)e->height, &j, backward_task);
  for (size_t t = 1; t < threads; t++)
    for (size_t i = 0; i < kinds * channels; i++) j.sums[i] += j.sums[t * kinds * channels + i];
  for (size_t c = 0; c < channels; c++) {
    e->style_grad[c] = (float)j.sums[c];
    // du (y d) was summed; the gradient of d is Σ du y.
    const float d = e->demodulation[c];
    e->demodulation_grad[c] = d != 0 ? (float)(j.sums[channels + c] / d) : 0;
  }
  if (e->rgb_weight)
    for (size_t i = 0; i < (size_t)e->rgb_channels * channels; i++)
      e->rgb_grad[i] = (float)j.sums[2 * channels + i];
  free(j.sums);
  return 0;
}

typedef struct {
  const float *x;
  float *y;
  int block, side;
} blur_job;

/// One row of the result: y[j] = Σ_t f[t] x[j + 1 - t] along both axes, f = (1, 3, 3, 1) / 4.
MIEN_INLINE void blur_backward_row_body(
    const float *x, float *y, int B, int side, int row, float *line) {
  static const float f[4] = {.25f, .75f, .75f, .25f};
  const size_t width = (size_t)side * (size_t)B;
  // Three zero pixels before and two after: the filter reaches that far outside.
  float *inner = line + 3 * B;
  memset(line, 0, sizeof(float) * (width + 5 * (size_t)B));
  for (int t = 0; t < 4; t++) {
    const int source = row + 1 - t;
    if (source < 0 || source >= side) continue;
    const float *restrict from = x + (size_t)source * width;
    const float tap = f[t];
    for (size_t i = 0; i < width; i++) inner[i] += tap * from[i];
  }
  for (size_t i = 0; i < width + (size_t)B; i++)
    y[i] = .25f * (inner[i + B] + inner[(ptrdiff_t)i - 2 * B]) +
        .75f * (inner[i] + inner[(ptrdiff_t)i - B]);
}
MIEN_SIMD(
    void, blur_backward_row,
    (const float *x, float *y, int B, int side, int row, float *line),
    (x, y, B, side, row, line))

static void blur_backward_task(void *context, size_t index) {
  const blur_job *j = context;
  const int B = j->block, side = j->side;
  const size_t block = index / (size_t)(side + 1), row = index % (size_t)(side + 1);
  const float *x = j->x + block * (size_t)side * side * B;
  float *y = j->y + (block * (size_t)(side + 1) + row) * (size_t)(side + 1) * B;
  float stack[(256 + 6) * 16], *line = stack;
  const size_t needed = (size_t)(side + 5) * B;
  if (needed > sizeof stack / sizeof *stack) line = malloc(needed * sizeof(float));
  if (!line) abort();
  blur_backward_row(x, y, B, side, (int)row, line);
  if (line != stack) free(line);
}

void mien_blur_backward(const float *x, float *y, int channels, int block, int side) {
  blur_job j = {x, y, block, side};
  mien_parallel((size_t)(channels / block) * (size_t)(side + 1), &j, blur_backward_task);
}

typedef struct {
  const float *x;
  float *y;
  int block, height, width;
} pool_job;

MIEN_INLINE void pool_row_body(const float *x, float *y, int B, int width) {
  const float *below = x + (size_t)width * B;
  for (int i = 0; i < width / 2; i++)
    for (int l = 0; l < B; l++) {
      const float a = x[2 * i * B + l], b = x[(2 * i + 1) * B + l];
      const float c = below[2 * i * B + l], d = below[(2 * i + 1) * B + l];
      const float ab = a > b ? a : b, cd = c > d ? c : d;
      y[i * B + l] = ab > cd ? ab : cd;
    }
}
MIEN_SIMD(
    void, pool_row,
    (const float *x, float *y, int B, int width),
    (x, y, B, width))

static void pool_task(void *context, size_t index) {
  const pool_job *j = context;
  const size_t rows = (size_t)j->height / 2, block = index / rows, row = index % rows;
  pool_row(
      j->x + (block * (size_t)j->height + 2 * row) * (size_t)j->width * j->block,
      j->y + (block * rows + row) * (size_t)(j->width / 2) * j->block, j->block, j->width);
}

void mien_max_pool(const float *x, float *y, int channels, int block, int height, int width) {
  pool_job j = {x, y, block, height, width};
  mien_parallel((size_t)(channels / block) * (size_t)(height / 2), &j, pool_task);
}

typedef struct {
  const float *activations;
  float *x;
  size_t count;
} relu_job;

enum { relu_run = 16384 };

MIEN_INLINE void relu_part_body(const float *restrict a, float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) x[i] = a[i] > 0 ? x[i] : 0;
}
MIEN_SIMD(
    void, relu_part,
    (const float *restrict a, float *restrict x, size_t count),
    (a, x, count))

static void relu_task(void *context, size_t index) {
  const relu_job *j = context;
  const size_t first = index * relu_run;
  const size_t count = j->count - first < relu_run ? j->count - first : relu_run;
  relu_part(j->activations + first, j->x + first, count);
}

void mien_relu_backward(const float *activations, float *x, size_t count) {
  relu_job j = {activations, x, count};
  mien_parallel((count + relu_run - 1) / relu_run, &j, relu_task);
}

/// 1 / sqrt(Σ_channels x² + tiny) of `n` pixels of one row.
MIEN_INLINE void inverse_norms(
    const float *x, size_t plane, int blocks, const int B, int n, float *inverse) {
  for (int i = 0; i < n; i++) inverse[i] = 0;
  for (int b = 0; b < blocks; b++)
    for (int i = 0; i < n; i++) {
      const float *v = x + (b * plane + (size_t)i) * B;
      float sum = 0;
      for (int l = 0; l < B; l++) sum += v[l] * v[l];
      inverse[i] += sum;
    }
  for (int i = 0; i < n; i++) inverse[i] = 1 / sqrtf(inverse[i] + 1e-20f);
}

typedef struct {
  const float *x;
  float *y;
  int blocks, block, height, width;
} unit_job;

MIEN_INLINE void unit_row(const unit_job *j, const int B, size_t row) {
  const size_t plane = (size_t)j->height * j->width;
  for (int first = 0; first < j->width; first += strip) {
    const int n = j->width - first < strip ? j->width - first : strip;
    const size_t pixel = row * (size_t)j->width + (size_t)first;
    float inverse[strip];
    inverse_norms(j->x + pixel * B, plane, j->blocks, B, n, inverse);
    for (int b = 0; b < j->blocks; b++) {
      const size_t at = (b * plane + pixel) * B;
      for (int i = 0; i < n; i++)
        for (int l = 0; l < B; l++) j->y[at + i * B + l] = j->x[at + i * B + l] * inverse[i];
    }
  }
}

MIEN_INLINE void unit_row_16_body(const unit_job *j, size_t row) { unit_row(j, 16, row); }
MIEN_SIMD(
    void, unit_row_16,
    (const unit_job *j, size_t row),
    (j, row))
MIEN_INLINE void unit_row_8_body(const unit_job *j, size_t row) { unit_row(j, 8, row); }
MIEN_SIMD(
    void, unit_row_8,
    (const unit_job *j, size_t row),
    (j, row))

static void unit_task(void *context, size_t row) {
  const unit_job *j = context;
  if (j->block == 16) unit_row_16(j, row); else unit_row_8(j, row);
}

void mien_unit_channels(
    const float *x, float *y, int channels, int block, int height, int width) {
  unit_job j = {x, y, channels / block, block, height, width};
  mien_parallel((size_t)height, &j, unit_task);
}

typedef struct {
  const mien_lpips_tap *t;
  double *distances; // one for each thread
} tap_job;

/// Pixels of one row from `first` on: their share of the distance, and their gradient.
MIEN_INLINE double tap_strip(
    const mien_lpips_tap *t, const int B, int row, int first, int n) {
  const size_t plane = (size_t)t->height * t->width;
  const size_t pixel = (size_t)row * t->width + (size_t)first;
  const int blocks = t->channels / B;
  const int pooled_width = t->width / 2, pooled_height = t->height / 2;
  const size_t pooled = (size_t)pooled_width * pooled_height;
  float inverse[strip], projection[strip];
  inverse_norms(t->activations + pixel * B, plane, blocks, B, n, inverse);
  double distance = 0;
  for (int i = 0; i < n; i++) projection[i] = 0;
  for (int b = 0; b < blocks; b++) {
    const float *a = t->activations + (b * plane + pixel) * B;
    const float *goal = t->target + (b * plane + pixel) * B;
    const float *weight = t->weight + b * B;
    float far[16] = {0};
    for (int i = 0; i < n; i++) {
      float dot = 0;
      for (int l = 0; l < B; l++) {
        const float e = a[i * B + l] * inverse[i] - goal[i * B + l], q = weight[l] * e;
        far[l] += q * e;
        dot += 2 * q * a[i * B + l];
      }
      projection[i] += dot;
    }
    float sum = 0;
    for (int l = 0; l < B; l++) sum += far[l];
    distance += sum;
  }
  for (int i = 0; i < n; i++) projection[i] *= inverse[i] * inverse[i] * inverse[i];
  const int vertical = row % 2, pooled_row = row / 2;
  const int has_pooled = t->grad_pooled && pooled_row < pooled_height;
  for (int b = 0; b < blocks; b++) {
    const float *a = t->activations + (b * plane + pixel) * B;
    const float *goal = t->target + (b * plane + pixel) * B;
    const float *weight = t->weight + b * B;
    float *out = t->grad + (b * plane + pixel) * B;
    const float *other = a + (vertical ? -(ptrdiff_t)t->width : (ptrdiff_t)t->width) * B;
    for (int i = 0; i < n; i++) {
      const int x = first + i;
      float g[16];
      for (int l = 0; l < B; l++) {
        const float v = a[i * B + l];
        g[l] = 2 * weight[l] * (v * inverse[i] - goal[i * B + l]) * inverse[i] - v * projection[i];
      }
      if (has_pooled && x / 2 < pooled_width) {
        const float *from =
            t->grad_pooled + (b * pooled + (size_t)pooled_row * pooled_width + x / 2) * B;
        const float *beside = a + (x % 2 ? i - 1 : i + 1) * B;
        const float *across = other + i * B, *opposite = other + (x % 2 ? i - 1 : i + 1) * B;
        // The first of equals in reading order is the largest: those before must be smaller,
        // those after not larger.
        if (!vertical && x % 2 == 0)
          for (int l = 0; l < B; l++) {
            const float v = a[i * B + l];
            g[l] += v >= beside[l] && v >= across[l] && v >= opposite[l] ? from[l] : 0;
          }
        else if (!vertical)
          for (int l = 0; l < B; l++) {
            const float v = a[i * B + l];
            g[l] += v > beside[l] && v >= across[l] && v >= opposite[l] ? from[l] : 0;
          }
        else if (x % 2 == 0)
          for (int l = 0; l < B; l++) {
            const float v = a[i * B + l];
            g[l] += v >= beside[l] && v > across[l] && v > opposite[l] ? from[l] : 0;
          }
        else
          for (int l = 0; l < B; l++) {
            const float v = a[i * B + l];
            g[l] += v > beside[l] && v > across[l] && v > opposite[l] ? from[l] : 0;
          }
      }
      for (int l = 0; l < B; l++) out[i * B + l] = a[i * B + l] > 0 ? g[l] : 0;
    }
  }
  return distance;
}

MIEN_INLINE double tap_row_16_body(const mien_lpips_tap *t, int row) {
  double distance = 0;
  for (int x = 0; x < t->width; x += strip)
    distance += tap_strip(t, 16, row, x, t->width - x < strip ? t->width - x : strip);
  return distance;
}
MIEN_SIMD(
    double, tap_row_16,
    (const mien_lpips_tap *t, int row),
    (t, row))

MIEN_INLINE double tap_row_8_body(const mien_lpips_tap *t, int row) {
  double distance = 0;
  for (int x = 0; x < t->width; x += strip)
    distance += tap_strip(t, 8, row, x, t->width - x < strip ? t->width - x : strip);
  return distance;
}
MIEN_SIMD(
    double, tap_row_8,
    (const mien_lpips_tap *t, int row),
    (t, row))

static void tap_task(void *context, size_t row) {
  const tap_job *j = context;
  // A cache line for each thread's sum.
  j->distances[mien_thread_index() * 8] +=
      j->t->block == 16 ? tap_row_16(j->t, (int)row) : tap_row_8(j->t, (int)row);
}

double mien_lpips_backward(const mien_lpips_tap *t) {
  const size_t threads = (size_t)mien_thread_count();
  tap_job j = {t, calloc(threads * 8, sizeof(double))};
  if (!j.distances) return -1;
  mien_parallel((size_t)t->height, &j, tap_task);
  double sum = 0;
  for (size_t i = 0; i < threads; i++) sum += j.distances[i * 8];
  free(j.distances);
  return sum;
}
