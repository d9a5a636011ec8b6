#include "CKernels.h"
#include "dispatch.h"

// Pixels of one strip: the toRGB sums of a strip (3 channels × 16 lanes × 64 pixels = 12 KB) and
// one block of its activations stay in the first-level cache.
enum { strip = 64, max_rgb = 4 };

/// One strip of one row: `line` holds `n` pixels of `B` lanes of the filtered convolution output.
MIEN_INLINE void finish(
    const mien_epilogue *e, const int B, const float *restrict line, int n, int block, size_t pixel,
    float *restrict sums) {
  const float *restrict d = e->demodulation + block * B;
  const float *restrict b = e->bias + block * B;
  const float *noise = e->noise ? e->noise + pixel : 0;
  const size_t plane = (size_t)e->height * e->width;
  float *restrict out = e->out ? e->out + ((size_t)block * plane + pixel) * B : 0;
  float s[16];
  for (int l = 0; l < B; l++) s[l] = e->style ? e->style[block * B + l] : 1;
  const float gain = e->gain, negative = e->gain * e->slope, clamp = e->clamp;
  const int rgb = e->rgb_weight ? e->rgb_channels : 0;
  float w[max_rgb][16];
  for (int k = 0; k < rgb; k++)
    for (int l = 0; l < B; l++) w[k][l] = e->rgb_weight[(size_t)k * e->channels + block * B + l];

  for (int i = 0; i < n; i++) {
    const float grain = noise ? noise[i] * e->noise_strength : 0;
    float v[16];
    for (int l = 0; l < B; l++) {
      float x = line[i * B + l] * d[l] + grain + b[l];
      x *= x > 0 ? gain : negative;
      x = x < clamp ? x : clamp;
      v[l] = x > -clamp ? x : -clamp;
    }
    if (out)
      for (int l = 0; l < B; l++) out[i * B + l] = v[l] * s[l];
    if (rgb == 3) {
      for (int l = 0; l < B; l++) sums[(i * 3 + 0) * B + l] += v[l] * w[0][l];
      for (int l = 0; l < B; l++) sums[(i * 3 + 1) * B + l] += v[l] * w[1][l];
      for (int l = 0; l < B; l++) sums[(i * 3 + 2) * B + l] += v[l] * w[2][l];
    } else {
      for (int k = 0; k < rgb; k++)
        for (int l = 0; l < B; l++) sums[(i * rgb + k) * B + l] += v[l] * w[k][l];
    }
  }
}

MIEN_INLINE void store_rgb(
    const mien_epilogue *e, const int B, const float *restrict sums, int n, size_t pixel) {
  const size_t plane = (size_t)e->height * e->width;
  const int rgb = e->rgb_channels;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < rgb; k++) {
      float sum = 0;
      for (int l = 0; l < B; l++) sum += sums[(i * rgb + k) * B + l];
      e->rgb[k * plane + pixel + i] = sum;
    }
}

MIEN_INLINE void plain_row(const mien_epilogue *e, const int B, int row) {
  const size_t plane = (size_t)e->height * e->width;
  _Alignas(64) float sums[strip * max_rgb * 16];
  for (int x = 0; x < e->width; x += strip) {
    const int n = e->width - x < strip ? e->width - x : strip;
    const size_t pixel = (size_t)row * e->width + x;
    if (e->rgb_weight)
      for (int i = 0; i < n * e->rgb_channels * B; i++) sums[i] = 0;
    for (int block = 0; block < e->channels / B; block++)
      finish(e, B, e->y + ((size_t)block * plane + pixel) * B, n, block, pixel, sums);
    if (e->rgb_weight) store_rgb(e, B, sums, n, pixel);
  }
}

MIEN_INLINE void blur_row(const mien_epilogue *e, const int B, int row) {
  const int source_width = e->width + 1, source_height = e->height + 1;
  const size_t source_plane = (size_t)source_width * source_height;
  _Alignas(64) float sums[strip * max_rgb * 16];
  // Three more pixels than the strip: the filter reaches one to the left and two to the right.
  _Alignas(64) float column[(strip + 3) * 16], line[strip * 16];
  for (int x = 0; x < e->width; x += strip) {
    const int n = e->width - x < strip ? e->width - x : strip;
    const size_t pixel = (size_t)row * e->width + x;
    if (e->rgb_weight)
      for (int i = 0; i < n * e->rgb_channels * B; i++) sums[i] = 0;
    for (int block = 0; block < e->channels / B; block++) {
      const float *y = e->y + (size_t)block * source_plane * B;
      // Columns x-1 … x+n+1 of the source, rows row-1 … row+2; outside the source is zero.
      const int first = x == 0 ? 1 : 0;
      const int last = x + n + 2 <= source_width ? n + 3 : source_width - x + 1;
      for (int i = 0; i < first * B; i++) column[i] = 0;
      for (int i = last * B; i < (n + 3) * B; i++) column[i] = 0;
      const float *r0 = row > 0 ? y + ((size_t)(row - 1) * source_width + x - 1) * B : 0;
      const float *r1 = y + ((size_t)row * source_width + x - 1) * B;
      const float *r2 = y + ((size_t)(row + 1) * source_width + x - 1) * B;
      const float *r3 = row + 2 < source_height
          ? y + ((size_t)(row + 2) * source_width + x - 1) * B : 0;
      if (r0 && r3)
        for (int i = first * B; i < last * B; i++)
          column[i] = .25f * (r0[i] + r3[i]) + .75f * (r1[i] + r2[i]);
      else if (r3)
        for (int i = first * B; i < last * B; i++)
          column[i] = .25f * r3[i] + .75f * (r1[i] + r2[i]);
      else if (r0)
        for (int i = first * B; i < last * B; i++)
          column[i] = .25f * r0[i] + .75f * (r1[i] + r2[i]);
      else
        for (int i = first * B; i < last * B; i++) column[i] = .75f * (r1[i] + r2[i]);
      for (int i = 0; i < n * B; i++)
        line[i] = .25f * (column[i] + column[i + 3 * B]) + .75f * (column[i + B] + column[i + 2 * B]);
      finish(e, B, line, n, block, pixel, sums);
    }
    if (e->rgb_weight) store_rgb(e, B, sums, n, pixel);
  }
}

MIEN_INLINE void plain_row_16_body(const mien_epilogue *e, int row) { plain_row(e, 16, row); }
MIEN_SIMD(void, plain_row_16, (const mien_epilogue *e, int row), (e, row))
MIEN_INLINE void plain_row_8_body(const mien_epilogue *e, int row) { plain_row(e, 8, row); }
MIEN_SIMD(void, plain_row_8, (const mien_epilogue *e, int row), (e, row))
MIEN_INLINE void blur_row_16_body(const mien_epilogue *e, int row) { blur_row(e, 16, row); }
MIEN_SIMD(void, blur_row_16, (const mien_epilogue *e, int row), (e, row))
MIEN_INLINE void blur_row_8_body(const mien_epilogue *e, int row) { blur_row(e, 8, row); }
MIEN_SIMD(void, blur_row_8, (const mien_epilogue *e, int row), (e, row))

static void plain_task(void *context, size_t row) {
  const mien_epilogue *e = context;
  if (e->block == 16) plain_row_16(e, (int)row); else plain_row_8(e, (int)row);
}

static void blur_task(void *context, size_t row) {
  const mien_epilogue *e = context;
  if (e->block == 16) blur_row_16(e, (int)row); else blur_row_8(e, (int)row);
}

void mien_epilogue_plain(const mien_epilogue *e) {
  mien_parallel((size_t)e->height, (void *)e, plain_task);
}

void mien_epilogue_blur(const mien_epilogue *e) {
  mien_parallel((size_t)e->height, (void *)e, blur_task);
}
