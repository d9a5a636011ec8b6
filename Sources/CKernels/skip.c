#include "CKernels.h"
#include "dispatch.h"

/// One row of 2× upsampling with (1, 3, 3, 1)/4: out[2i] = ¼ x[i-1] + ¾ x[i],
/// out[2i+1] = ¾ x[i] + ¼ x[i+1], zero outside; added to `out`.
MIEN_INLINE void skip_row_body(
    float *restrict out, const float *restrict near, const float *restrict far,
    float *restrict column, float bias, float clamp, int width) {
  column[0] = column[width + 1] = 0;
  if (far)
    for (int i = 0; i < width; i++) column[i + 1] = .75f * near[i] + .25f * far[i];
  else
    for (int i = 0; i < width; i++) column[i + 1] = .75f * near[i];
  for (int i = 0; i < width; i++) {
    float a = out[2 * i] + bias, b = out[2 * i + 1] + bias;
    a = a < clamp ? a : clamp;
    b = b < clamp ? b : clamp;
    a = a > -clamp ? a : -clamp;
    b = b > -clamp ? b : -clamp;
    out[2 * i] = a + .25f * column[i] + .75f * column[i + 1];
    out[2 * i + 1] = b + .75f * column[i + 1] + .25f * column[i + 2];
  }
}
MIEN_SIMD(
    void, skip_row,
    (float *restrict out, const float *restrict near, const float *restrict far, float *restrict column, float bias, float clamp, int width),
    (out, near, far, column, bias, clamp, width))

MIEN_INLINE void first_picture_body(float *image, float bias, float clamp, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float v = image[i] + bias;
    v = v < clamp ? v : clamp;
    image[i] = v > -clamp ? v : -clamp;
  }
}
MIEN_SIMD(
    void, first_picture,
    (float *image, float bias, float clamp, size_t count),
    (image, bias, clamp, count))

typedef struct {
  float *image;
  const float *previous, *bias;
  float clamp;
  int height, width;
} job;

static void add_row(void *context, size_t index) {
  const job *j = context;
  const size_t plane = (size_t)j->height * j->width, rows = 2 * (size_t)j->height;
  const size_t c = index / rows;
  const int y = (int)(index % rows), i = y / 2, other = y % 2 == 0 ? i - 1 : i + 1;
  const float *previous = j->previous + c * plane;
  float column[j->width + 2];
  skip_row(
      j->image + c * 4 * plane + (size_t)y * 2 * j->width, previous + (size_t)i * j->width,
      other >= 0 && other < j->height ? previous + (size_t)other * j->width : 0, column,
      j->bias[c], j->clamp, j->width);
}

void mien_skip_add(
    float *image, const float *previous, const float *bias, float clamp, int channels, int height,
    int width) {
  const size_t plane = (size_t)height * width;
  if (!previous) {
    for (int c = 0; c < channels; c++) first_picture(image + c * plane, bias[c], clamp, plane);
    return;
  }
  job j = {image, previous, bias, clamp, height, width};
  mien_parallel((size_t)channels * 2 * height, &j, add_row);
}
