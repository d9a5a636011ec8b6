#include "CKernels.h"
#include "dispatch.h"

typedef struct {
  const float *picture;
  uint8_t *rgb;
  int channels;
  size_t plane;
} picture_job;

enum { picture_run = 8192, picture_chunk = 256 };

/// The comparison order sends what is not a number to 0 as well.
MIEN_INLINE uint8_t byte_of(float x) {
  const float scaled = x * 127.5f + 128;
  const float above = scaled > 0 ? scaled : 0;
  return (uint8_t)(int)(above < 255 ? above : 255);
}

MIEN_INLINE void picture_bytes_body(
    const float *restrict r, const float *restrict g, const float *restrict b,
    uint8_t *restrict rgb, size_t count) {
  // In chunks, since compilers vectorise the two halves and not the whole.
  uint8_t bytes[3][picture_chunk];
  for (size_t first = 0; first < count; first += picture_chunk) {
    const size_t n = count - first < picture_chunk ? count - first : picture_chunk;
    for (size_t i = 0; i < n; i++) bytes[0][i] = byte_of(r[first + i]);
    for (size_t i = 0; i < n; i++) bytes[1][i] = byte_of(g[first + i]);
    for (size_t i = 0; i < n; i++) bytes[2][i] = byte_of(b[first + i]);
    for (size_t i = 0; i < n; i++) {
      rgb[3 * (first + i)] = bytes[0][i];
      rgb[3 * (first + i) + 1] = bytes[1][i];
      rgb[3 * (first + i) + 2] = bytes[2][i];
    }
  }
}
MIEN_SIMD(
    void, picture_bytes,
    (const float *restrict r, const float *restrict g, const float *restrict b,
     uint8_t *restrict rgb, size_t count),
    (r, g, b, rgb, count))

static void picture_task(void *context, size_t index) {
  const picture_job *j = context;
  const size_t first = index * picture_run;
  const size_t count = j->plane - first < picture_run ? j->plane - first : picture_run;
  const float *r = j->picture + first;
  const size_t step = j->channels == 1 ? 0 : j->plane;
  picture_bytes(r, r + step, r + 2 * step, j->rgb + 3 * first, count);
}

void mien_picture_bytes(const float *picture, uint8_t *rgb, int channels, size_t plane) {
  picture_job j = {picture, rgb, channels, plane};
  mien_parallel((plane + picture_run - 1) / picture_run, &j, picture_task);
}

MIEN_INLINE void luma_row(const uint8_t *restrict rgb, uint8_t *restrict y, size_t width) {
  for (size_t x = 0; x < width; x++) {
    const int32_t r = rgb[3 * x], g = rgb[3 * x + 1], b = rgb[3 * x + 2];
    y[x] = (uint8_t)((11966 * r + 40254 * g + 4064 * b + (16 << 16) + (1 << 15)) >> 16);
  }
}

/// (1, 2, 1) around the even column `at` of two rows summed, in eighths; the column before the
/// first is the first.
MIEN_INLINE int32_t eighths(const uint8_t *a, const uint8_t *b, size_t before, size_t at) {
  return (a[before] + b[before]) + 2 * (a[at] + b[at]) + (a[at + 3] + b[at + 3]);
}

/// Two rows of pixels.
MIEN_INLINE void luma_chroma_rows_body(
    const uint8_t *restrict upper, const uint8_t *restrict lower, uint8_t *restrict y,
    uint8_t *restrict cb, uint8_t *restrict cr, size_t width) {
  luma_row(upper, y, width);
  luma_row(lower, y + width, width);
  for (size_t x = 0; x < width / 2; x++) {
    const size_t at = 6 * x, before = x ? at - 3 : 0;
    const int32_t r = eighths(upper, lower, before, at);
    const int32_t g = eighths(upper + 1, lower + 1, before, at);
    const int32_t b = eighths(upper + 2, lower + 2, before, at);
    const int32_t middle = (128 << 19) + (1 << 18);
    cb[x] = (uint8_t)((-6596 * r - 22189 * g + 28785 * b + middle) >> 19);
    cr[x] = (uint8_t)((28785 * r - 26146 * g - 2639 * b + middle) >> 19);
  }
}
MIEN_SIMD(
    void, luma_chroma_rows,
    (const uint8_t *restrict upper, const uint8_t *restrict lower, uint8_t *restrict y,
     uint8_t *restrict cb, uint8_t *restrict cr, size_t width),
    (upper, lower, y, cb, cr, width))

void mien_luma_chroma(const uint8_t *rgb, uint8_t *yuv, size_t width, size_t height) {
  uint8_t *cb = yuv + width * height, *cr = cb + width / 2 * (height / 2);
  for (size_t pair = 0; pair < height / 2; pair++) {
    const uint8_t *row = rgb + 2 * pair * 3 * width;
    luma_chroma_rows(
        row, row + 3 * width, yuv + 2 * pair * width, cb + pair * (width / 2),
        cr + pair * (width / 2), width);
  }
}
